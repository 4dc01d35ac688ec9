/** More attempts would only add to what keeps the service busy. */
const MOST_ATTEMPTS = 5
const LONGEST_WAIT_SECONDS = 30
/** A settlement may take 35 s; an answer that takes longer does not come. */
const ATTEMPT_MS = 60_000

/** A response with its whole body. */
export interface TextAnswer {
  readonly ok: boolean
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** A request with a time limit on the whole of its answer. Throws where none comes within it. @param url absolute */
export async function fetchText(url: string, init: RequestInit = {}): Promise<TextAnswer> {
  const aborter = new AbortController()
  const abort = () => aborter.abort()
  const timer = setTimeout(abort, ATTEMPT_MS)
  init.signal?.addEventListener('abort', abort)
  try {
    init.signal?.throwIfAborted()
    const response = await fetch(url, { ...init, signal: aborter.signal })
    const { ok, status, headers } = response
    return { ok, status, headers, text: await response.text() }
  } finally {
    clearTimeout(timer)
    init.signal?.removeEventListener('abort', abort)
  }
}

/**
 * A request to a free route, made again while the service is busy or out of reach: after the wait that `Retry-After`
 * names, else after 1, 2, 4 and 8 seconds.
 * @param onWait is called before each wait, so that a page can show it
 * @returns the first final answer, or the last one
 * @throws what `fetch` throws, where the last attempt got no answer or the signal is aborted
 */
export async function fetchPatiently(
  url: string,
  init: RequestInit,
  onWait: (seconds: number) => void
): Promise<TextAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetchText(url, init).catch((error: unknown) => ({ error }))
    init.signal?.throwIfAborted()
    const isOpen = 'error' in answer || answer.status >= 500 || answer.status === 429
    if (!isOpen) return answer
    if (attempt === MOST_ATTEMPTS) {
      if ('error' in answer) throw answer.error
      return answer
    }
    const seconds = waitSeconds('error' in answer ? null : answer.headers.get('retry-after'), attempt)
    onWait(seconds)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    init.signal?.throwIfAborted()
  }
}

function waitSeconds(retryAfter: string | null, attempt: number): number {
  const seconds = Number(retryAfter)
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : 2 ** (attempt - 1)
}

/** What a page says while it waits. */
export function busyWords(seconds: number): string {
  return `The service is busy. Asking again in ${seconds} s.`
}
