import type { PaymentRequired } from './schemas.ts'

/** What a 402 asks for: its body, and the x402 terms of its header, which alone hold the extensions. */
export type PaymentOffer = PaymentRequired

/** How much a wallet may pay. */
export interface PaymentLimit {
  /** The price of the answer in millionths of a US dollar; it is within the client's caps. */
  readonly priceMicroUsd: bigint
}

/** A proof of payment: headers that the same request is sent with again. */
export interface Payment {
  readonly headers: Readonly<Record<string, string>>
}

/** A way to pay. */
export interface Wallet {
  /**
   * Pays one offer.
   * @returns undefined where the offer is not for this wallet; nothing is paid then
   */
  pay(offer: PaymentOffer, limit: PaymentLimit): Promise<Payment | undefined>
}

/**
 * A request that is paid for. It is plain JSON: kept until the answer is there, it fetches the answer after a crash or a
 * closed page. It holds the proof of payment, so keep it secret.
 */
export interface PaidRequest {
  readonly path: string
  /** The body's text, as it was sent. */
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}
