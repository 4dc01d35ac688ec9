import type { Loaded } from '../purchase/loaded.ts'

interface Props {
  readonly loaded: Loaded<unknown>
  /** Shown while the first attempt is under way. */
  readonly words?: string
}

/** What a reader sees of a document that is not there yet, with a button once the page has given up. */
export function LoadingMessage({ loaded: { message, retry }, words }: Props) {
  const text = message ?? words
  if (text === undefined) return null
  return (
    <div role="status" class={message === undefined ? 'message' : 'warn'}>
      {text}{' '}
      {retry !== undefined && (
        <button type="button" class="quiet" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}
