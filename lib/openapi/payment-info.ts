import type { ListedOffer, Rail } from '../billing/rail.ts'
import { formatUsd } from '../price/usd.ts'

/** How an operation is paid for: one flat offer of draft-payment-discovery, and what listings read beside it. */
export interface PaymentInfo extends ListedOffer {
  readonly intent: 'charge'
  readonly pricingMode: 'fixed'
  /** Decimal US dollars. */
  readonly price: string
  /** Names of the rails, the offered one first. */
  readonly protocols: readonly string[]
}

/**
 * The `x-payment-info` of an operation. The draft allows a list of offers too, which one reader rejects beside the flat
 * members that another one needs. The offer is the first with a constant amount.
 * @returns undefined where nothing can be paid
 */
export function paymentInfo(rails: readonly Rail[], priceMicroUsd: bigint): PaymentInfo | undefined {
  const offers = rails.flatMap((rail) => {
    const offer = rail.listed?.(priceMicroUsd)
    return offer === undefined ? [] : [{ name: rail.name, offer }]
  })
  const best = offers.find(({ offer }) => offer.amount !== null) ?? offers[0]
  if (best === undefined) return undefined
  const others = rails.map(({ name }) => name).filter((name) => name !== best.name)
  return {
    intent: 'charge',
    ...best.offer,
    pricingMode: 'fixed',
    price: formatUsd(priceMicroUsd),
    protocols: [best.name, ...others]
  }
}
