import type { Refusal } from '../../billing/rail.ts'
import type { Payment, Terms } from '../settler.ts'
import { type AcceptedTerms, badField, type PaymentHeader, type Refused } from './payment-header.ts'
import { isObject, readDecimal, readHex, readHexWithin } from './strict-text.ts'

/**
 * The minimum remaining validity of an authorisation: 2 s to verify, 10 s to settle, the computation, and a block time.
 */
const REMAINING_SECONDS = 15n
/** The maximum remaining validity: a payment with an unknown outcome stays open until it expires. */
const MAX_AHEAD_SECONDS = 86_400n

const SIGNATURE_BYTES = 65
/** Smart wallets' signatures are longer: ERC-1271 by their own rules, ERC-6492 with the call that deploys them. */
const MAX_SIGNATURE_BYTES = 4096

const DECIMAL_STRING = 'a decimal string'

export type Offline =
  | { readonly kind: 'good'; readonly payment: Payment }
  /** Outside its validity or at a former price: it buys nothing new but may collect a completed purchase. */
  | { readonly kind: 'late'; readonly payment: Payment; readonly refusal: Refusal }
  | Refused

/**
 * Judges a decoded payment offline: the accepted terms must be this service's, and the authorisation must match them
 * and be valid now. Only the form of the signature is checked.
 * @param acceptable current terms first, then earlier ones that are still valid
 */
export function checkOffline(
  { accepted, payload }: PaymentHeader,
  acceptable: readonly Terms[],
  nowMs: number
): Offline {
  const [current] = acceptable as [Terms]
  const terms = acceptable.find((ours) => differenceInPrice(accepted, ours) === undefined)
  const wrong = difference(accepted, terms ?? current)
  if (wrong !== undefined) return wrong
  const payment = readPayment(payload, terms ?? current)
  if ('kind' in payment) return payment
  if (payment.to !== current.payTo) return refused('recipient_mismatch', 'The authorization pays another address.')
  const late =
    terms === undefined ? differenceInPrice(accepted, current) : judge(payment, BigInt(Math.floor(nowMs / 1000)))
  return late === undefined ? { kind: 'good', payment } : { kind: 'late', payment, refusal: late }
}

/**
 * Rejects a payment that names another resource, so that a misled client learns it before it is charged. The resource
 * is not signed, so this is no protection against theft.
 * @param named by the client; undefined without one
 * @param ours the URL in this service's 402
 */
export function otherResource(named: string | undefined, ours: string): Refusal | undefined {
  if (named === undefined || named === ours || placeOf(named) === placeOf(ours)) return undefined
  return { code: 'invalid_payload', detail: 'resource.url differs from the requested resource.' }
}

/** Origin and path: a query selects nothing here. */
function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** The first member except the price in which these terms differ from the current ones. */
function difference(accepted: AcceptedTerms, ours: Terms): Refused | undefined {
  if (accepted.scheme !== ours.scheme) return otherTerms('scheme', 'unsupported_scheme')
  if (accepted.network !== ours.network) return otherTerms('network', 'invalid_network')
  if (accepted.asset.toLowerCase() !== ours.asset) return otherTerms('asset')
  if (accepted.payTo.toLowerCase() !== ours.payTo) return otherTerms('payTo')
  if (accepted.extra.name !== ours.domain.name) return otherTerms('extra.name')
  if (accepted.extra.version !== ours.domain.version) return otherTerms('extra.version')
  return undefined
}

/** The members that change with the price, or with a release. */
function differenceInPrice(accepted: AcceptedTerms, ours: Terms): Refused | undefined {
  if (readDecimal(accepted.amount) !== ours.amountAtomic) return otherTerms('amount')
  if (accepted.maxTimeoutSeconds !== ours.maxTimeoutSeconds) return otherTerms('maxTimeoutSeconds')
  return undefined
}

function otherTerms(member: string, code = 'invalid_payment_requirements'): Refused {
  return { kind: 'refused', code, detail: `accepted.${member} differs from the current terms.` }
}

function readPayment({ authorization, signature: signed }: PaymentHeader['payload'], terms: Terms): Payment | Refused {
  const within = (name: string) => `payload.authorization.${name}`
  if (!isObject(authorization)) return badField('payload.authorization', 'an object')
  const from = readHex(authorization.from, 20)
  if (from === undefined) return badField(within('from'), 'an address')
  const to = readHex(authorization.to, 20)
  if (to === undefined) return badField(within('to'), 'an address')
  const value = readDecimal(authorization.value)
  if (value === undefined) return badField(within('value'), DECIMAL_STRING)
  const validAfter = readDecimal(authorization.validAfter)
  if (validAfter === undefined) return badField(within('validAfter'), DECIMAL_STRING)
  const validBefore = readDecimal(authorization.validBefore)
  if (validBefore === undefined) return badField(within('validBefore'), DECIMAL_STRING)
  const nonce = readHex(authorization.nonce, 32)
  if (nonce === undefined) return badField(within('nonce'), '32 bytes of hex')
  const signature = readHexWithin(signed, SIGNATURE_BYTES, MAX_SIGNATURE_BYTES)
  if (signature === undefined)
    return badField('payload.signature', `${SIGNATURE_BYTES} to ${MAX_SIGNATURE_BYTES} bytes of hex`)
  return { terms, from, to, value, validAfter, validBefore, nonce, signature }
}

function judge({ terms, value, validAfter, validBefore }: Payment, nowSeconds: bigint): Refused | undefined {
  if (value !== terms.amountAtomic)
    return refused('authorization_value_mismatch', `The authorization's value is not exactly ${terms.amountAtomic}.`)
  if (validAfter > nowSeconds) return refused('authorization_valid_after', 'The authorization is not valid yet.')
  if (validBefore < nowSeconds + REMAINING_SECONDS)
    return refused(
      'authorization_valid_before',
      `The authorization has expired, or expires within ${REMAINING_SECONDS} seconds.`
    )
  if (validBefore > nowSeconds + MAX_AHEAD_SECONDS)
    return refused('authorization_valid_before', 'The authorization is valid for more than a day.')
  return undefined
}

function refused(reason: string, detail: string): Refused {
  return { kind: 'refused', code: `invalid_exact_evm_payload_${reason}`, detail }
}
