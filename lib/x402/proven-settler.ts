import type { RailState } from '../billing/rail.ts'
import type { Measure } from '../observe/measure.ts'
import type { Evidence, Hex, Payment, SettleOutcome, Settler, Verdict } from './settler.ts'
import { referenceOf } from './wire/proof.ts'

/**
 * A settler whose word is held against the chain: what it calls settled must be there, and what it does not know, or
 * refuses, may have been settled all the same, by itself or by a stranger who sent the authorisation first.
 */
export class ProvenSettler implements Settler {
  readonly #settler: Settler
  readonly #evidence: Evidence

  constructor(settler: Settler, evidence: Evidence) {
    this.#settler = settler
    this.#evidence = evidence
  }

  async verify(payment: Payment): Promise<Verdict> {
    const verdict = await this.#settler.verify(payment)
    if (verdict.kind === 'good') return verdict
    // Money that has reached us has to buy its answer; settling finds the same transaction.
    return (await this.#find(payment)) === undefined ? verdict : { kind: 'good' }
  }

  async settle(payment: Payment): Promise<SettleOutcome> {
    const outcome = await this.#settler.settle(payment)
    const transaction = await this.#find(payment, outcome.kind === 'settled' ? outcome.transaction : undefined)
    if (transaction !== undefined) return { kind: 'settled', transaction }
    return outcome.kind === 'refused' ? outcome : { kind: 'unknown' }
  }

  state(): RailState {
    return this.#settler.state()
  }

  measures(): readonly Measure[] {
    return this.#settler.measures?.() ?? []
  }

  async #find(payment: Payment, hint?: Hex): Promise<Hex | undefined> {
    const found = await this.#evidence.find(referenceOf(payment), hint)
    return found.kind === 'settled' ? found.transaction : undefined
  }
}
