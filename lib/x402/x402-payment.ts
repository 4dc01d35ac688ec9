import type { DeferredPayment, Refusal, Settlement } from '../billing/rail.ts'
import type { PaymentSteps } from './payment-steps.ts'
import type { Payment, SettleOutcome } from './settler.ts'
import { refusedResponse } from './wire/payment-response.ts'
import { paymentToJson, proofDigest } from './wire/proof.ts'
import { checkSignature } from './wire/signature.ts'

/** A signed transfer that is to be settled. */
export class X402Payment implements DeferredPayment {
  readonly proofDigest: Buffer
  readonly purchaseKey: string | undefined
  readonly proof: string
  readonly payer: string
  readonly payee: string
  readonly settleBeforeSeconds: bigint
  readonly #payment: Payment
  readonly #late: Refusal | undefined
  readonly #steps: PaymentSteps

  /** @param late why it buys nothing new, although it may have bought something before */
  constructor(payment: Payment, late: Refusal | undefined, purchaseKey: string | undefined, steps: PaymentSteps) {
    this.proofDigest = proofDigest(payment)
    this.purchaseKey = purchaseKey
    this.proof = paymentToJson(payment)
    this.payer = payment.from
    this.payee = payment.terms.payTo
    this.settleBeforeSeconds = payment.validBefore
    this.#payment = payment
    this.#late = late
    this.#steps = steps
  }

  async confirm(): Promise<{ readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }> {
    if (this.#late !== undefined) return { ok: false, refusal: this.#late }
    const verdict = await this.#steps.verify(this.#payment)
    return verdict.kind === 'good' ? { ok: true } : { ok: false, refusal: refusalOf(verdict.reason) }
  }

  async settle(): Promise<Settlement> {
    return settlementOf(this.#payment, await this.#steps.settle(this.#payment))
  }

  async isByPayer(): Promise<boolean> {
    if ((await checkSignature(this.#payment)) === 'good') return true
    // A contract wallet signs by its own rules, which only the chain can apply.
    return this.#late === undefined && (await this.#steps.verify(this.#payment)).kind === 'good'
  }
}

/** Converts a settler's outcome for billing. */
export function settlementOf({ terms, from }: Payment, outcome: SettleOutcome): Settlement {
  if (outcome.kind === 'settled') return { kind: 'settled', reference: outcome.transaction }
  if (outcome.kind === 'unknown') return outcome
  const { reason } = outcome
  const response = refusedResponse({ errorReason: reason, network: terms.network, payer: from })
  return { kind: 'refused', refusal: refusalOf(reason), headers: [['PAYMENT-RESPONSE', response]] }
}

function refusalOf(reason: string): Refusal {
  return { code: reason, detail: `The payment would fail (${reason}). You were not charged.` }
}
