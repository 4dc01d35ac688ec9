import type { SettleResponse } from '@x402/core/types'

/** A payment that was settled. */
export interface Settled {
  /** The transaction that moved the money. */
  readonly transaction: string
  /** CAIP-2. */
  readonly network: `${string}:${string}`
  readonly payer: string
}

/** Value of `PAYMENT-RESPONSE` for a paid answer. */
export function paymentResponse(
  { transaction, network, payer }: Settled,
  extensions?: Readonly<Record<string, unknown>>
): string {
  const response: SettleResponse = { success: true, transaction, network, payer, ...(extensions && { extensions }) }
  return Buffer.from(JSON.stringify(response)).toString('base64')
}

/** Value of `PAYMENT-RESPONSE` for a definitely rejected payment. */
export function refusedResponse(refused: {
  /** A code of the x402 specification. */
  readonly errorReason: string
  readonly network: `${string}:${string}`
  readonly payer: string
}): string {
  const { errorReason, network, payer } = refused
  const response: SettleResponse = { success: false, errorReason, transaction: '', network, payer }
  return Buffer.from(JSON.stringify(response)).toString('base64')
}
