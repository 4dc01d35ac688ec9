import type { Refusal } from '../../billing/rail.ts'
import type { Payment, Terms } from '../settler.ts'
import { type AcceptedTerms, malformed, type PaymentHeader, type Refused, type Wrong } from './payment-header.ts'
import { isObject, readDecimal, readHex, readHexWithin } from './strict-text.ts'

/** An authorisation must live so long yet: 2 s to verify, 10 s to settle, what computing takes, and a block's time. */
const REMAINING_SECONDS = 15n
/** And no longer than this: until it expires, a payment whose outcome is unknown cannot be called dead. */
const MAX_AHEAD_SECONDS = 86_400n

const SIGNATURE_BYTES = 65
/** Smart wallets sign longer: ERC-1271 by their own rules, ERC-6492 with the call that would deploy them. */
const MAX_SIGNATURE_BYTES = 4096

export type Offline =
  | { readonly kind: 'good'; readonly payment: Payment }
  /** Out of its time, or at a price that is asked no more: it buys nothing new, but may come for what it has bought. */
  | { readonly kind: 'late'; readonly payment: Payment; readonly refusal: Refusal }
  | Wrong

/**
 * Judges a decoded payment without asking anyone: the accepted terms are ours, and the authorisation says what they
 * ask for, in time. The signature is looked at as to its form alone.
 * @param acceptable current terms first, then earlier ones that are still good
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
  if (payment.to !== current.payTo) return refused('recipient_mismatch', 'The authorization pays somebody else.')
  const late =
    terms === undefined ? differenceInPrice(accepted, current) : judge(payment, BigInt(Math.floor(nowMs / 1000)))
  return late === undefined ? { kind: 'good', payment } : { kind: 'late', payment, refusal: late }
}

/** The first member in which these terms are not ours, whatever the price. */
function difference(accepted: AcceptedTerms, ours: Terms): Wrong | undefined {
  if (accepted.scheme !== ours.scheme) return otherTerms('scheme', 'unsupported_scheme')
  if (accepted.network !== ours.network) return otherTerms('network', 'invalid_network')
  if (accepted.asset.toLowerCase() !== ours.asset) return otherTerms('asset')
  if (accepted.payTo.toLowerCase() !== ours.payTo) return otherTerms('payTo')
  if (accepted.extra.name !== ours.domain.name) return otherTerms('extra.name')
  if (accepted.extra.version !== ours.domain.version) return otherTerms('extra.version')
  return undefined
}

/** What changes with a price, or with a release. */
function differenceInPrice(accepted: AcceptedTerms, ours: Terms): Refused | undefined {
  if (readDecimal(accepted.amount) !== ours.amountAtomic) return otherTerms('amount')
  if (accepted.maxTimeoutSeconds !== ours.maxTimeoutSeconds) return otherTerms('maxTimeoutSeconds')
  return undefined
}

function otherTerms(member: string, code = 'invalid_payment_requirements'): Refused {
  return { kind: 'refused', code, detail: `accepted.${member} is not what is asked for here, or no longer.` }
}

function readPayment(payload: PaymentHeader['payload'], terms: Terms): Payment | Wrong {
  const { authorization } = payload
  if (!isObject(authorization)) return malformed('payload.authorization is no object.')
  const from = readHex(authorization.from, 20)
  if (from === undefined) return malformed('payload.authorization.from is no address.')
  const to = readHex(authorization.to, 20)
  if (to === undefined) return malformed('payload.authorization.to is no address.')
  const value = readDecimal(authorization.value)
  if (value === undefined) return malformed('payload.authorization.value is no decimal string.')
  const validAfter = readDecimal(authorization.validAfter)
  if (validAfter === undefined) return malformed('payload.authorization.validAfter is no decimal string.')
  const validBefore = readDecimal(authorization.validBefore)
  if (validBefore === undefined) return malformed('payload.authorization.validBefore is no decimal string.')
  const nonce = readHex(authorization.nonce, 32)
  if (nonce === undefined) return malformed('payload.authorization.nonce is no 32 bytes of hex.')
  const signature = readHexWithin(payload.signature, SIGNATURE_BYTES, MAX_SIGNATURE_BYTES)
  if (signature === undefined)
    return malformed(`payload.signature is no ${SIGNATURE_BYTES} to ${MAX_SIGNATURE_BYTES} bytes of hex.`)
  return { terms, from, to, value, validAfter, validBefore, nonce, signature }
}

function judge({ terms, value, validAfter, validBefore }: Payment, nowSeconds: bigint): Refused | undefined {
  if (value !== terms.amountAtomic)
    return refused('authorization_value_mismatch', `The authorization is not over exactly ${terms.amountAtomic}.`)
  if (validAfter > nowSeconds) return refused('authorization_valid_after', 'The authorization is not valid yet.')
  if (validBefore < nowSeconds + REMAINING_SECONDS)
    return refused(
      'authorization_valid_before',
      `The authorization has expired, or does so within ${REMAINING_SECONDS} seconds.`
    )
  if (validBefore > nowSeconds + MAX_AHEAD_SECONDS)
    return refused('authorization_valid_before', 'The authorization stays valid for more than a day.')
  return undefined
}

function refused(reason: string, detail: string): Refused {
  return { kind: 'refused', code: `invalid_exact_evm_payload_${reason}`, detail }
}
