import { isUtf8 } from 'node:buffer'
import { isObject, type JsonObject } from './strict-text.ts'

/** The terms that a client claims to accept; only their types are checked. */
export interface AcceptedTerms {
  readonly scheme: string
  readonly network: string
  readonly amount: string
  readonly asset: string
  readonly payTo: string
  readonly maxTimeoutSeconds: number
  readonly extra: JsonObject
}

/** A decoded `PAYMENT-SIGNATURE`, version 2. `payload` belongs to the scheme and is not parsed here. */
export interface PaymentHeader {
  readonly accepted: AcceptedTerms
  readonly payload: JsonObject
  readonly extensions: JsonObject
  /** The resource that the client names; it is not signed. */
  readonly resourceUrl: string | undefined
}

/** The problem of a payment: a code of the x402 specification (section 9) and a text for the client. */
export type Wrong = Malformed | Refused

/** The header cannot be decoded as a payment: 400. */
export interface Malformed {
  readonly kind: 'malformed'
  readonly code: string
  readonly detail: string
}

/** The payment is readable but rejected: 402 with a new challenge. */
export interface Refused {
  readonly kind: 'refused'
  readonly code: string
  readonly detail: string
}

/** The longest header block of the server. */
export const MAX_PAYMENT_HEADER_LENGTH = 16_384

const TERMS_TEXTS = ['scheme', 'network', 'amount', 'asset', 'payTo'] as const
const NOTHING: JsonObject = {}

/**
 * Decodes a `PAYMENT-SIGNATURE` header: base64 of UTF-8 JSON (x402 transports-v2/http), in the standard or the URL-safe
 * alphabet, padded or not. The cost is bounded by the header's length; a longer header is not decoded. Unknown members
 * are skipped, and no member is copied under a client-chosen name.
 */
export function readPaymentHeader(value: string): { readonly kind: 'read'; readonly header: PaymentHeader } | Wrong {
  if (value.length > MAX_PAYMENT_HEADER_LENGTH)
    return malformed(`PAYMENT-SIGNATURE is longer than ${MAX_PAYMENT_HEADER_LENGTH} characters.`)
  // Node joins repeated headers so.
  if (value.includes(',')) return malformed('PAYMENT-SIGNATURE was sent more than once.')
  const bytes = Buffer.from(value, 'base64')
  if (!isBase64(value, bytes)) return malformed('PAYMENT-SIGNATURE is not base64.')
  if (!isUtf8(bytes)) return malformed('PAYMENT-SIGNATURE is not base64 of UTF-8 text.')
  const payment = parse(bytes.toString('utf8'))
  if (!isObject(payment)) return malformed('PAYMENT-SIGNATURE is not base64 of a JSON object.')
  return readPayment(payment)
}

/** Node decodes both alphabets and skips every other character, which yields fewer bytes. */
function isBase64(value: string, bytes: Buffer): boolean {
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0
  const digits = value.length - padding
  if (padding > 0 && value.length % 4 !== 0) return false
  return bytes.length > 0 && digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4)
}

function readPayment(payment: JsonObject): { readonly kind: 'read'; readonly header: PaymentHeader } | Wrong {
  const { x402Version: version, accepted, payload, extensions, resource } = payment
  if (typeof version !== 'number') return malformed('x402Version is not a number.')
  if (version !== 2)
    return { kind: 'refused', code: 'invalid_x402_version', detail: 'Only x402 version 2 is accepted.' }
  if (!isObject(accepted)) return malformed('accepted is not an object.')
  if (!isObject(payload)) return malformed('payload is not an object.')
  const given = extensions ?? NOTHING
  if (!isObject(given)) return malformed('extensions is not an object.')
  for (const name of TERMS_TEXTS)
    if (typeof accepted[name] !== 'string') return badField(`accepted.${name}`, 'a string')
  if (typeof accepted.maxTimeoutSeconds !== 'number') return badField('accepted.maxTimeoutSeconds', 'a number')
  const extra = accepted.extra ?? NOTHING
  if (!isObject(extra)) return badField('accepted.extra', 'an object')
  const { url: resourceUrl } = isObject(resource) ? resource : NOTHING
  if (resourceUrl !== undefined && typeof resourceUrl !== 'string') return badField('resource.url', 'a string')
  const terms = accepted as unknown as AcceptedTerms
  return { kind: 'read', header: { accepted: { ...pick(terms), extra }, payload, extensions: given, resourceUrl } }
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

/** @param detail must not repeat client input, which may be long or a misplaced secret */
export function malformed(detail: string): Malformed {
  return { kind: 'malformed', code: 'invalid_payload', detail }
}

/** The problem of a payment with one unreadable field. */
export function badField(name: string, takes: string): Refused {
  return { kind: 'refused', code: 'invalid_payload', detail: `${name} is not ${takes}.` }
}
