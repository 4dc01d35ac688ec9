import type { PaymentPayload } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { x402Client } from '@x402/fetch'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { Payment, Terms } from '../../../../lib/x402/settler.ts'
import { checkOffline } from '../../../../lib/x402/wire/offline-checks.ts'
import { readPaymentHeader } from '../../../../lib/x402/wire/payment-header.ts'
import { PreparedPaymentRequired, type Resource } from '../../../../lib/x402/wire/payment-required.ts'

export const TERMS: Terms = {
  scheme: 'exact',
  network: 'eip155:8453',
  amountAtomic: 100_000n,
  asset: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
  payTo: '0x209693bc6afc0c5328ba36faf03c514ef312287c',
  maxTimeoutSeconds: 60,
  domain: { name: 'USD Coin', version: '2' }
}

export const RESOURCE: Resource = {
  url: 'https://power.example/v1/compute-power',
  description: 'Work and power of a workout',
  mimeType: 'application/json'
}

export const payer = privateKeyToAccount(generatePrivateKey())

/** What the reference client makes of our 402, signed and not yet encoded. */
export async function signed(
  change: { terms?: Terms; extensions?: Record<string, unknown>; signer?: typeof payer } = {}
): Promise<PaymentPayload> {
  const { header } = new PreparedPaymentRequired(RESOURCE, change.terms ?? TERMS, change.extensions ?? {}).unpaid
  const client = new x402Client().register('eip155:*', new ExactEvmScheme(change.signer ?? payer))
  client.setSpendControls(false)
  return client.createPaymentPayload(JSON.parse(Buffer.from(header, 'base64').toString('utf8')))
}

export const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')

/** The payment as it stands after every offline check. */
export function paymentOf(payload: PaymentPayload, terms = TERMS, nowMs = Date.now()): Payment {
  const read = readPaymentHeader(encode(payload))
  if (read.kind !== 'read') throw new Error(read.detail)
  const checked = checkOffline(read.header, [terms], nowMs)
  if (checked.kind !== 'good') throw new Error(checked.kind)
  return checked.payment
}
