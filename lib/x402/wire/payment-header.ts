import { isUtf8 } from 'node:buffer'
import { isObject, type JsonObject } from './strict-text.ts'

/** The terms that a client says it has accepted: read as to their types alone. */
export interface AcceptedTerms {
  readonly scheme: string
  readonly network: string
  readonly amount: string
  readonly asset: string
  readonly payTo: string
  readonly maxTimeoutSeconds: number
  readonly extra: JsonObject
}

/** A decoded `PAYMENT-SIGNATURE`, version 2. What its scheme says stands unread in `payload`. */
export interface PaymentHeader {
  readonly accepted: AcceptedTerms
  readonly payload: JsonObject
  readonly extensions: JsonObject
}

/** What is wrong with a payment, in a code of the x402 specification (section 9) and in words for the client. */
export type Wrong = Malformed | Refused

/** It cannot be decoded: 400. */
export interface Malformed {
  readonly kind: 'malformed'
  readonly code: string
  readonly detail: string
}

/** It can, but buys nothing here: 402 with a fresh challenge. */
export interface Refused {
  readonly kind: 'refused'
  readonly code: string
  readonly detail: string
}

/** Longest value that is looked at; the server takes no longer header block. */
export const MAX_PAYMENT_HEADER_LENGTH = 16_384

const TERMS_TEXTS = ['scheme', 'network', 'amount', 'asset', 'payTo'] as const
const NOTHING: JsonObject = {}

/**
 * Decodes a `PAYMENT-SIGNATURE` header: standard base64 of UTF-8 JSON (x402 transports-v2/http). Any header may come;
 * what it costs is bounded by its length, and a text that is too long is not read at all. Members that are not known
 * are skipped, and none is ever copied by a name that the client chose.
 */
export function readPaymentHeader(value: string): { readonly kind: 'read'; readonly header: PaymentHeader } | Wrong {
  if (value.length > MAX_PAYMENT_HEADER_LENGTH)
    return malformed(`PAYMENT-SIGNATURE is longer than ${MAX_PAYMENT_HEADER_LENGTH} characters.`)
  // Node joins repeated headers so.
  if (value.includes(',')) return malformed('PAYMENT-SIGNATURE was sent more than once.')
  const bytes = Buffer.from(value, 'base64')
  if (!isStandardBase64(value, bytes)) return malformed('PAYMENT-SIGNATURE is no standard base64.')
  if (!isUtf8(bytes)) return malformed('PAYMENT-SIGNATURE holds no UTF-8 text.')
  const payment = parse(bytes.toString('utf8'))
  if (!isObject(payment)) return malformed('PAYMENT-SIGNATURE holds no JSON object.')
  return readPayment(payment)
}

/** Node decodes the URL-safe alphabet too, and leaves out what is of neither; then there are fewer bytes. */
function isStandardBase64(value: string, bytes: Buffer): boolean {
  if (bytes.length === 0 || value.length % 4 !== 0 || value.includes('-') || value.includes('_')) return false
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0
  return bytes.length === (value.length / 4) * 3 - padding
}

function readPayment(payment: JsonObject): { readonly kind: 'read'; readonly header: PaymentHeader } | Wrong {
  const { x402Version: version, accepted, payload, extensions } = payment
  if (typeof version !== 'number') return malformed('x402Version is no number.')
  if (version !== 2)
    return { kind: 'refused', code: 'invalid_x402_version', detail: 'Version 2 of x402 alone is accepted here.' }
  if (!isObject(accepted)) return malformed('accepted is no object.')
  for (const name of TERMS_TEXTS)
    if (typeof accepted[name] !== 'string') return malformed(`accepted.${name} is no string.`)
  if (typeof accepted.maxTimeoutSeconds !== 'number') return malformed('accepted.maxTimeoutSeconds is no number.')
  const extra = accepted.extra ?? NOTHING
  if (!isObject(extra)) return malformed('accepted.extra is no object.')
  if (!isObject(payload)) return malformed('payload is no object.')
  const given = extensions ?? NOTHING
  if (!isObject(given)) return malformed('extensions is no object.')
  const terms = accepted as unknown as AcceptedTerms
  return { kind: 'read', header: { accepted: { ...pick(terms), extra }, payload, extensions: given } }
}

function pick({
  scheme,
  network,
  amount,
  asset,
  payTo,
  maxTimeoutSeconds
}: AcceptedTerms): Omit<AcceptedTerms, 'extra'> {
  return { scheme, network, amount, asset, payTo, maxTimeoutSeconds }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @param detail never what the client sent: it may be long, or a secret in the wrong place */
export function malformed(detail: string): Malformed {
  return { kind: 'malformed', code: 'invalid_payload', detail }
}
