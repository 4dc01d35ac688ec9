import type { RailState } from '../billing/rail.ts'
import type { Measure } from '../observe/measure.ts'
import type { Evidence, Hex, Payment, SettleOutcome, Settler, Verdict } from './settler.ts'
import { referenceOf } from './wire/proof.ts'

/**
 * A settler whose outcomes are checked on the chain: a reported settlement must be there, and a payment reported as
 * unknown or rejected may still be settled, by the settler or by a third party that sent the authorisation first.
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
    // A payment that has arrived must buy its answer; settling finds the same transaction.
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
