import type { ListedOffer, Rail } from '../billing/rail.ts'
import { formatUsd } from '../price/usd.ts'

/** The payment terms of an operation: one flat offer of draft-payment-discovery, and further members for listings. */
export interface PaymentInfo extends ListedOffer {
  readonly intent: 'charge'
  readonly pricingMode: 'fixed'
  /** Decimal US dollars. */
  readonly price: string
  /** Names of the rails, the offered one first. */
  readonly protocols: readonly string[]
}

/**
 * The `x-payment-info` of an operation. The draft also allows a list of offers, but one reader rejects it beside the
 * flat members that another needs. The offer is the first with a constant amount.
 * @returns undefined if no rail is available
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
