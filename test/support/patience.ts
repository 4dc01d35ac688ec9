import { setTimeout as sleep } from 'node:timers/promises'

const TIMES = 20

/**
 * Asks again while payments cannot be checked, as a client does that reads `Retry-After`: on a busy machine a facilitator
 * in the test's own process may need more than a verification's two seconds.
 * @param told an answer's text and its `Retry-After`
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  told: (answer: Answer) => { readonly text: string; readonly retryAfter: unknown }
): Promise<Answer> {
  for (let time = 1; ; time++) {
    const answer = await ask()
    const { text, retryAfter } = told(answer)
    if (!text.includes('"payment_unavailable"') || time === TIMES) return answer
    await sleep(Number(retryAfter) * 1000)
  }
}
