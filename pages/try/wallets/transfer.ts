import { TRANSFER_TYPES } from '../../../lib/x402/wire/transfer-types.ts'

import { randomUuid } from '../model/random-uuid.ts'

import type { Offer, Proof, Terms } from '../purchase/offer.ts'

/** Tolerance for a client clock that is slow or fast. */
const CLOCK_SECONDS = 60

interface Authorization {
  readonly from: string
  readonly to: string
  readonly value: string
  readonly validAfter: string
  readonly validBefore: string
  readonly nonce: `0x${string}`
}

/** The EIP-712 message by which a wallet authorises the transfer (EIP-3009). */
export interface TypedTransfer {
  readonly domain: { name: string; version: string; chainId: number; verifyingContract: `0x${string}` }
  readonly types: typeof TRANSFER_TYPES
  readonly primaryType: 'TransferWithAuthorization'
  readonly message: Authorization
}

/** Signs a transfer. Throws where the person or the wallet refuses. */
export type Sign = (transfer: TypedTransfer) => Promise<string>

/** The terms of an offer in dollars. Throws where there is none. */
export function termsOf({ accepts = [] }: Offer): Terms {
  const terms = accepts.find(({ scheme, network }) => scheme === 'exact' && network.startsWith('eip155:'))
  if (terms === undefined) throw new Error('there is no offer in dollars.')
  return terms
}

export function chainIdOf({ network }: Terms): number {
  return Number(network.slice('eip155:'.length))
}

/** An x402 proof of payment over the terms of an offer, with a key that fetches a lost answer again. */
export async function dollarProof(offer: Offer, from: string, sign: Sign): Promise<Proof> {
  const accepted = termsOf(offer)
  const now = Math.floor(Date.now() / 1000)
  const message: Authorization = {
    from,
    to: accepted.payTo,
    value: accepted.amount,
    validAfter: String(now - CLOCK_SECONDS),
    validBefore: String(now + accepted.maxTimeoutSeconds),
    nonce: `0x${hex(crypto.getRandomValues(new Uint8Array(32)))}`
  }
  const { name, version } = accepted.extra
  const signature = await sign({
    domain: { name, version, chainId: chainIdOf(accepted), verifyingContract: accepted.asset as `0x${string}` },
    types: TRANSFER_TYPES,
    primaryType: 'TransferWithAuthorization',
    message
  })
  const payment = { x402Version: 2, resource: offer.resource, accepted, payload: { signature, authorization: message } }
  return { 'payment-signature': btoa(JSON.stringify(payment)), 'idempotency-key': randomUuid() }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
