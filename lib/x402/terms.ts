import type { PaymentRequirements } from '@x402/core/types'
import type { Terms } from './settler.ts'
import type { X402Token } from './x402-settings.ts'

/** The time from signing to settlement; long enough for one retry after a lost response. */
export const MAX_TIMEOUT_SECONDS = 300

const USD_DECIMALS = 6

/** A price in the token's smallest unit, rounded up where the token is coarser than a micro-dollar. */
function atomicAmount(priceMicroUsd: bigint, decimals: number): bigint {
  if (decimals >= USD_DECIMALS) return priceMicroUsd * 10n ** BigInt(decimals - USD_DECIMALS)
  const unit = 10n ** BigInt(USD_DECIMALS - decimals)
  return (priceMicroUsd + unit - 1n) / unit
}

/** The terms of an answer at this price. */
export function termsFor(token: X402Token, priceMicroUsd: bigint): Terms {
  const { network, asset, payTo, name, version, decimals } = token
  return {
    scheme: 'exact',
    network,
    amountAtomic: atomicAmount(priceMicroUsd, decimals),
    asset,
    payTo,
    maxTimeoutSeconds: MAX_TIMEOUT_SECONDS,
    domain: { name, version }
  }
}

/** Terms as in `accepts` and in calls to a facilitator. */
export function requirementsOf(terms: Terms): PaymentRequirements {
  const { scheme, network, asset, payTo, maxTimeoutSeconds, domain } = terms
  return {
    scheme,
    network,
    amount: terms.amountAtomic.toString(),
    asset,
    payTo,
    maxTimeoutSeconds,
    extra: { name: domain.name, version: domain.version }
  }
}
