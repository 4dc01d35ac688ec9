import { RailUnavailable } from '../billing/rail.ts'
import { MinuteCounter } from '../limits/minute-counter.ts'
import { Turns } from '../limits/turns.ts'
import type { Payment, SettleOutcome, Settler, Verdict } from './settler.ts'
import { proofKey } from './wire/proof.ts'

const FAILURES_PER_MINUTE = 30
/** Verifications of one client at once: a failure counts only when it is known, so that all of a burst would pass. */
const AT_ONCE = 10
const MOST_WAITING = 200
const RETRY_AFTER_SECONDS = 5

/** The outside calls for one payment. */
export type PaymentSteps = Pick<Settler, 'verify' | 'settle'>

/** Running settlements of this process: copies of one payment share one, so that no second transaction reverts. */
export class SettlementsUnderWay {
  readonly #byProof = new Map<string, Promise<SettleOutcome>>()

  settle(settler: Settler, payment: Payment): Promise<SettleOutcome> {
    const key = proofKey(payment)
    const running = this.#byProof.get(key)
    if (running !== undefined) return running
    const settlement = settler.settle(payment).finally(() => this.#byProof.delete(key))
    this.#byProof.set(key, settlement)
    return settlement
  }
}

/**
 * Limits a client whose payments fail repeatedly: a bad signature costs several calls and milliseconds of the node or
 * the facilitator. Only failures count.
 */
export class FailedVerifications {
  readonly #counter = new MinuteCounter(FAILURES_PER_MINUTE)
  readonly #turns = new Turns(AT_ONCE, MOST_WAITING)

  /** @throws RailUnavailable (429) after too many failures, or the settler's error */
  verify(settler: Settler, payment: Payment, clientAddress: string): Promise<Verdict> {
    return this.#turns.run(clientAddress, () => this.#verify(settler, payment, clientAddress), tooManyAtOnce)
  }

  async #verify(settler: Settler, payment: Payment, clientAddress: string): Promise<Verdict> {
    const wait = this.#counter.wait(clientAddress, Date.now())
    if (wait !== undefined)
      throw new RailUnavailable(429, 'Too many payments from your address have failed verification.', wait, {
        code: 'too_many_failed_payments'
      })
    const verdict = await settler.verify(payment)
    if (verdict.kind === 'bad') this.#counter.take(clientAddress, Date.now())
    return verdict
  }
}

function tooManyAtOnce(): RailUnavailable {
  return new RailUnavailable(503, 'Too many payments from your address wait for verification.', RETRY_AFTER_SECONDS)
}
