import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Props {
  readonly name: string
  /** For screen readers: with what it is done. */
  readonly label?: string
  /** What is lost by it. */
  readonly question: string
  readonly onConfirm: () => void
}

/** A button for what cannot be undone: it asks before it does it. */
export function ConfirmButton({ name, label, question, onConfirm }: Props) {
  const id = useId()
  const [isAsking, setAsking] = useState(false)
  const [wasAsked, setAsked] = useState(false)
  const ask = useRef<HTMLButtonElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  // The pressed button is gone: before the next paint the focus goes to the one in its place.
  useLayoutEffect(() => {
    if (isAsking) keep.current?.focus()
    else if (wasAsked) ask.current?.focus()
  }, [isAsking, wasAsked])
  if (!isAsking)
    return (
      <button
        ref={ask}
        type="button"
        class="quiet"
        aria-label={label}
        onClick={() => {
          setAsked(true)
          setAsking(true)
        }}
      >
        {name}
      </button>
    )
  return (
    <div class="confirm">
      <p class="warn" id={id}>
        {question}
      </p>
      <button ref={keep} type="button" aria-describedby={id} onClick={() => setAsking(false)}>
        Keep it
      </button>
      <button
        type="button"
        class="danger"
        aria-describedby={id}
        onClick={() => {
          setAsking(false)
          onConfirm()
        }}
      >
        {name}
      </button>
    </div>
  )
}
