import { useState } from 'preact/hooks'
import { randomUuid } from '../model/random-uuid.ts'
import { Field, type FieldErrors } from './field.tsx'

/** Whether an answer is stored, and under which UUID. */
export interface Keeping {
  readonly isKept: boolean
  readonly athleteUuid: string | undefined
}

interface Props {
  readonly keeping: Keeping
  readonly date: string
  readonly errors: FieldErrors
  readonly onKeeping: (keeping: Keeping) => void
  readonly onDate: (date: string) => void
}

export function KeepingFields({ keeping, date, errors, onKeeping, onDate }: Props) {
  return (
    <section class="panel" aria-labelledby="keeping-title">
      <h2 id="keeping-title">Keep it?</h2>
      <fieldset class="formats">
        <legend class="sr">What happens to the workout</legend>
        <label class="choice">
          <input
            type="radio"
            name="keeping"
            checked={!keeping.isKept}
            onChange={() => onKeeping({ ...keeping, isKept: false })}
          />
          <span>Just compute</span>
        </label>
        <label class="choice">
          <input
            type="radio"
            name="keeping"
            checked={keeping.isKept}
            onChange={() => onKeeping({ isKept: true, athleteUuid: keeping.athleteUuid ?? randomUuid() })}
          />
          <span>Keep in my history</span>
        </label>
      </fieldset>
      {keeping.isKept ? (
        <>
          <Field
            field="date"
            label="Day"
            errors={errors}
            hint="It counts in your power-duration curve. Only this browser has the key."
          >
            {(attributes) => (
              <input {...attributes} type="date" value={date} onInput={(event) => onDate(event.currentTarget.value)} />
            )}
          </Field>
          <OtherSecret own={keeping.athleteUuid} onSecret={(athleteUuid) => onKeeping({ isKept: true, athleteUuid })} />
        </>
      ) : (
        <p class="message">Nothing is stored: you get the figures, and that is all.</p>
      )}
    </section>
  )
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

interface OtherSecretProps {
  readonly own: string | undefined
  readonly onSecret: (athleteUuid: string) => void
}

/** Opens the history that another device keeps. */
function OtherSecret({ own, onSecret }: OtherSecretProps) {
  const [text, setText] = useState('')
  const [message, setMessage] = useState<string>()
  const secret = text.trim().toLowerCase()
  const use = () => {
    if (!UUID.test(secret)) return setMessage('A secret has the form 01234567-89ab-cdef-0123-456789abcdef.')
    onSecret(secret)
    setText('')
    setMessage('This is the history now.')
  }
  return (
    <details class="other-secret">
      <summary>Use the secret of another device</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          use()
        }}
      >
        <label for="other-secret">Its secret</label>
        <div class="quantity">
          <input
            id="other-secret"
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={text}
            aria-describedby="other-secret-state"
            onInput={(event) => {
              setText(event.currentTarget.value)
              setMessage(undefined)
            }}
          />
          <button type="submit" disabled={secret === '' || secret === own}>
            Use it
          </button>
        </div>
      </form>
      <p id="other-secret-state" class="message" role="status">
        {message ?? 'The present history is then found only by its own secret: copy that first.'}
      </p>
    </details>
  )
}
