import { EventChannel } from '../observe/event-channel.ts'
import type { ChargeOutcome } from './charge.ts'
import type { TakeOutcome } from './take-payment.ts'

/** The outcome of a proof of payment. */
export type ProofOutcome = Exclude<ChargeOutcome['kind'], 'claimed'> | TakeOutcome['kind']

/** Billing events, in words that no client chooses. */
export type BillingEvent =
  | { readonly kind: 'offered'; readonly rail: string }
  /** 429: this client asked too often; 503: the rail is down. */
  | { readonly kind: 'not_offered'; readonly rail: string; readonly status: 429 | 503 }
  | {
      readonly kind: 'proof'
      readonly rail: string
      readonly outcome: ProofOutcome
      /** The code of a rejection. */
      readonly reason: string | undefined
    }

export const billingEvents = new EventChannel<BillingEvent>('billing')

/** Reports the outcome of a proof of payment. */
export function publishProof(rail: string, outcome: ChargeOutcome | TakeOutcome): void {
  if (!billingEvents.isHeard || outcome.kind === 'claimed') return
  const reason = 'refusal' in outcome ? outcome.refusal.code : undefined
  billingEvents.publish({ kind: 'proof', rail, outcome: outcome.kind, reason })
}
