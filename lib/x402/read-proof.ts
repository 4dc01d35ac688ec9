import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { QuoteRequest, Refusal } from '../billing/rail.ts'
import { readPaymentIdentifier } from './extensions/payment-identifier.ts'
import type { Payment, Terms } from './settler.ts'
import { checkOffline, otherResource } from './wire/offline-checks.ts'
import { type Malformed, malformed, readPaymentHeader, type Wrong } from './wire/payment-header.ts'

/** A payment that passed every offline check. */
export interface ReadProof {
  readonly kind: 'read'
  readonly payment: Payment
  /** Why it buys nothing new, although it may have bought something before. */
  readonly late: Refusal | undefined
  /** The hashed name that its payer gave the purchase. */
  readonly purchaseKey: string | undefined
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

/**
 * A payment and its purchase name, judged offline.
 * @param acceptable the terms that it may meet, the current ones first
 * @param resourceUrl what the request buys
 */
export function readProof(
  proof: string,
  { headers, nowMs }: Pick<QuoteRequest, 'headers' | 'nowMs'>,
  acceptable: readonly Terms[],
  resourceUrl: string
): ReadProof | Wrong {
  const read = readPaymentHeader(proof)
  if (read.kind !== 'read') return read
  const { header } = read
  const checked = checkOffline(header, acceptable, nowMs)
  if (checked.kind === 'refused') return checked
  const { payment } = checked
  const named = readPurchaseName(header.extensions, headers, payment.from)
  if (named.kind === 'malformed') return named
  const late = checked.kind === 'late' ? checked.refusal : otherResource(header.resourceUrl, resourceUrl)
  return { kind: 'read', payment, late, purchaseKey: named.purchaseKey }
}

/**
 * The client's name for this purchase, from the `payment-identifier` extension or the `Idempotency-Key` header. Names
 * are per payer.
 */
function readPurchaseName(
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
type IdentifierKind = 'payment-identifier' | 'idempotency-key'

/**
 * The hashed name of one payer's purchase, 64 hex digits.
 * @param payer an address, lower case
 */
export function purchaseKey(payer: string, kind: IdentifierKind, identifier: string): string {
  return hash('sha256', `${payer}|${kind}|${identifier}`)
}
