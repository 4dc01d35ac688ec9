import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { RailUnavailable } from '../../../lib/billing/rail.ts'
import { FailedVerifications } from '../../../lib/x402/payment-steps.ts'
import type { Payment, Settler } from '../../../lib/x402/settler.ts'

const PAYMENT = {} as Payment
const BURST = 120

/** A settler that is far away: a verdict comes in a later turn of the event loop. */
class FarSettler implements Settler {
  readonly #kind: 'good' | 'bad'
  asked = 0
  underWay = 0
  mostAtOnce = 0

  constructor(kind: 'good' | 'bad') {
    this.#kind = kind
  }

  async verify() {
    this.asked++
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay)
    await nextTurn()
    this.underWay--
    return this.#kind === 'good' ? { kind: 'good' as const } : { kind: 'bad' as const, reason: 'invalid_payload' }
  }

  async settle() {
    return { kind: 'unknown' as const }
  }

  state() {
    return { status: 'ok' as const }
  }
}

function burst(failures: FailedVerifications, settler: Settler, address: string) {
  return Promise.allSettled(Array.from({ length: BURST }, () => failures.verify(settler, PAYMENT, address)))
}

t.test('of a burst of forged payments, few more are verified than may fail in a minute', async (t) => {
  const failures = new FailedVerifications()
  const settler = new FarSettler('bad')
  const results = await burst(failures, settler, 'a')
  // 30 a minute and those under way; the minute may end meanwhile.
  t.ok(settler.asked >= 30 && settler.asked <= 80, `${settler.asked} of ${BURST} are verified`)
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  t.equal(refused.length, BURST - settler.asked)
  for (const error of refused) t.match(error, { statusCode: 429, code: 'too_many_failed_payments' })
  t.strictSame(await failures.verify(new FarSettler('good'), PAYMENT, 'b'), { kind: 'good' }, 'another client')
})

t.test('good payments of one client wait for each other, and all are verified', async (t) => {
  const failures = new FailedVerifications()
  const settler = new FarSettler('good')
  for (const { status } of await burst(failures, settler, 'a')) t.equal(status, 'fulfilled')
  t.strictSame([settler.asked, settler.mostAtOnce], [BURST, 10])
})

t.test('a client has so many in line at most', async (t) => {
  const failures = new FailedVerifications()
  const settler = new FarSettler('good')
  const results = await Promise.all([burst(failures, settler, 'a'), burst(failures, settler, 'a')])
  const refused = results.flat().flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  t.equal(refused.length, 2 * BURST - 210)
  for (const error of refused) {
    t.ok(error instanceof RailUnavailable)
    t.match(error, { statusCode: 503, retryAfterSeconds: 5 })
  }
})
