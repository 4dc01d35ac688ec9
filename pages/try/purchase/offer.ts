import type { L402Offer } from '../../../lib/l402/l402-schemas.ts'
import type { X402Offer } from '../../../lib/x402/x402-schemas.ts'
import type { PaymentRequired } from '../../../schemas/payment-required.ts'

/** The body of a 402. */
export type Offer = PaymentRequired & L402Offer & X402Offer
export type Terms = NonNullable<X402Offer['accepts']>[number]

export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly type?: string
  readonly errors?: readonly ProblemItem[]
}

export interface ProblemItem {
  readonly pointer: string
  readonly code: string
  readonly detail: string
  readonly nearest?: readonly string[]
}

/** The headers that pay for a request. */
export type Proof = Readonly<Record<string, string>>

export function lightningProof(macaroon: string, preimage: string): Proof {
  return { authorization: `L402 ${macaroon}:${preimage}` }
}

/** 64 hex digits in any case, as wallets show a proof of payment. */
export function isPreimage(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text.trim())
}
