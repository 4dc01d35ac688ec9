/**
 * Buys an answer in sats, as any program would that knows L402:
 *
 *   node --import tsx examples/l402-lightning-tools.ts http://127.0.0.1:3000
 *
 * The wallet is the play money of a development service (`npm start`). A real one has the same one method, such as
 * `new NostrWebLNProvider(…)` of npm `@getalby/sdk`, or a call to your own node.
 */
import { readFileSync } from 'node:fs'

// TypeScript does not find its types because of the order of its `exports`.
const { fetchWithL402 } = await import('@getalby/lightning-tools/402' as string)

const url = process.argv[2] ?? 'http://127.0.0.1:3000'
const wallet = {
  async payInvoice({ invoice }: { invoice: string }): Promise<{ preimage: string }> {
    const paid = await fetch(`${url}/dev/lightning/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invoice })
    })
    if (!paid.ok) throw new Error(`not paid: ${paid.status} ${await paid.text()}`)
    return (await paid.json()) as { preimage: string }
  }
}

const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: readFileSync(new URL('workout.json', import.meta.url), 'utf8')
}
const response: Response = await fetchWithL402(`${url}/v1/compute-power`, request, { wallet })
if (!response.ok) throw new Error(`not bought: ${response.status} ${await response.text()}`)
const { results } = (await response.json()) as { results: { session: { total_work: { value: number } } } }
console.log(`total work: ${results.session.total_work.value} J`)
