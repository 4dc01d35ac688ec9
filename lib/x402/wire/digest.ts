import { hash } from 'node:crypto'
import type { Payment } from '../settler.ts'

/** The ledger's unique key: an authorisation can be used once, and its nonce is the payer's own. */
export function proofKey({ terms, from, nonce }: Payment): string {
  return `x402:${terms.network}|${terms.asset}|${from}|${nonce}`
}

/** sha256 over everything that was signed, and the signature: the key alone is public once the money has moved. */
export function proofDigest(payment: Payment): Buffer {
  const { terms, from, to, value, validAfter, validBefore, nonce, signature } = payment
  const signed = [terms.network, terms.asset, from, to, value, validAfter, validBefore, nonce, signature]
  return hash('sha256', signed.join('|'), 'buffer')
}

/** Where a client's own name for a purchase came from: the two name spaces are apart. */
export type IdentifierKind = 'payment-identifier' | 'idempotency-key'

/**
 * One payer's own name for one purchase, as 64 hex digits.
 * @param payer an address, lower case
 */
export function purchaseKey(payer: string, kind: IdentifierKind, identifier: string): string {
  return hash('sha256', `${payer}|${kind}|${identifier}`)
}
