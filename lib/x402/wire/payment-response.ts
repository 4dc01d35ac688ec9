import type { SettleResponse } from '@x402/core/types'

/** A payment that was settled. */
export interface Settled {
  /** The transaction that moved the money. */
  readonly transaction: string
  /** CAIP-2. */
  readonly network: `${string}:${string}`
  readonly payer: string
}

/** Value of `PAYMENT-RESPONSE` for an answer that was paid. */
export function paymentResponse(
  { transaction, network, payer }: Settled,
  extensions?: Readonly<Record<string, unknown>>
): string {
  const response: SettleResponse = { success: true, transaction, network, payer, ...(extensions && { extensions }) }
  return Buffer.from(JSON.stringify(response)).toString('base64')
}
