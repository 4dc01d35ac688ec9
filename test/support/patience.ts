import { setTimeout as sleep } from 'node:timers/promises'

const TIMES = 20

/**
 * Asks again while payments cannot be checked, as a client does that reads `Retry-After`: on a busy machine a facilitator
 * in the test's own process may need more than a verification's two seconds.
 * @param told an answer's text and its `Retry-After`
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  reported: (answer: Answer) => { readonly text: string; readonly retryAfter: unknown }
): Promise<Answer> {
  for (let time = 1; ; time++) {
    const answer = await ask()
    const { text, retryAfter } = reported(answer)
    if (!text.includes('"payment_unavailable"') || time === TIMES) return answer
    await sleep(Number(retryAfter) * 1000)
  }
}

/** Asks over HTTP, and again where a busy machine turns requests away or has no invoice in time. */
export async function fetchPatiently(url: string, init?: RequestInit): Promise<Response> {
  for (let time = 1; ; time++) {
    const response = await fetch(url, init)
    if (response.status !== 503 || time === TIMES) return response
    await response.body?.cancel()
    await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000)
  }
}
