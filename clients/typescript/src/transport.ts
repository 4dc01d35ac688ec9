import { ProblemError } from './errors.ts'
import type { Problem } from './schemas.ts'

const ATTEMPT_MS = 30_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

export interface Transport {
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
  /** How long a request is tried again that the service may yet answer. */
  readonly retryForMs: number
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Sends a request, and sends it again while the service cannot answer: after a lost connection, and after the wait that
 * `Retry-After` names. The request stays the same to the byte, so no attempt buys anything twice.
 * @returns the first answer that is final, or the last one before the time is over
 * @throws what `fetch` throws, where no attempt got an answer
 */
export async function send({ baseUrl, fetch, retryForMs }: Transport, request: HttpRequest): Promise<Response> {
  const end = Date.now() + retryForMs
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const { method, path, headers, body } = request
    const signal = AbortSignal.timeout(ATTEMPT_MS)
    const attempt = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { ...headers },
      body: body ?? null,
      signal
    }).then(
      (response) => ({ response }),
      (error: unknown) => ({ error })
    )
    const wait = 'response' in attempt ? waitOf(attempt.response, waitMs) : waitMs
    if (wait === undefined || Date.now() + wait > end) {
      if ('response' in attempt) return attempt.response
      throw attempt.error
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

/** How long to wait before the same request may succeed; undefined where the answer is final. */
function waitOf({ status, headers }: Response, waitMs: number): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const isOpen = status >= 500 || status === 429 || (status === 409 && seconds >= 0)
  if (!isOpen) return undefined
  return seconds > 0 ? seconds * 1000 : waitMs
}

/** The JSON of a success. @throws ProblemError */
export async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw new ProblemError(await problemOf(response))
  return (await response.json()) as Answer
}

/** The problem document of an error; an error of something between is told in the same form. */
export async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText: title } = response
  const text = await response.text()
  try {
    const problem: unknown = JSON.parse(text)
    if (typeof problem === 'object' && problem !== null && 'code' in problem) return problem as Problem
  } catch {
    // A proxy's page.
  }
  const detail = `The server answered with status ${status} and no problem document.`
  return { type: 'about:blank', title, status, detail, code: 'unreadable', retryable: status >= 500 } as Problem
}
