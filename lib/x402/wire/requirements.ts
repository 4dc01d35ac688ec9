import type { PaymentRequirements } from '@x402/core/types'
import type { Terms } from '../settler.ts'

/** Terms as they stand in `accepts`, and as a facilitator is asked about them. */
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
