import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { readPaymentIdentifier } from './extensions/payment-identifier.ts'
import { type Malformed, malformed } from './wire/payment-header.ts'

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

/**
 * The client's name for this purchase, from the `payment-identifier` extension or the `Idempotency-Key` header. Names
 * are per payer.
 */
export function readPurchaseName(
  extensions: Readonly<Record<string, unknown>>,
  headers: IncomingHttpHeaders,
  payer: string
): { readonly kind: 'read'; readonly purchaseKey: string | undefined } | Malformed {
  const identifier = readPaymentIdentifier(extensions)
  if (identifier.kind === 'malformed') return identifier
  if (identifier.id !== undefined)
    return { kind: 'read', purchaseKey: purchaseKey(payer, 'payment-identifier', identifier.id) }
  const key = headers['idempotency-key']
  if (key === undefined) return { kind: 'read', purchaseKey: undefined }
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key))
    return malformed('Idempotency-Key is not 1 to 255 visible ASCII characters.')
  return { kind: 'read', purchaseKey: purchaseKey(payer, 'idempotency-key', key) }
}

/** The source of a client's purchase name: the two name spaces are separate. */
export type IdentifierKind = 'payment-identifier' | 'idempotency-key'

/**
 * The hashed name of one payer's purchase, 64 hex digits.
 * @param payer an address, lower case
 */
export function purchaseKey(payer: string, kind: IdentifierKind, identifier: string): string {
  return hash('sha256', `${payer}|${kind}|${identifier}`)
}
