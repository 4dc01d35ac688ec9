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

/**
 * The guidance for agents in `info.x-guidance`: enough to buy without reading the schemas. Directories cut it at 4,000
 * characters.
 */
export function guidance(rails: readonly { readonly agents: { readonly proof: string } }[]): string {
  return [
    'Power Oracle measures the mechanical work and power of a described workout.',
    'First POST /v1/compute-power without a payment. Problems are reported at once and cost nothing: each has a JSON pointer and the accepted values. GET /v1/movements lists the movements with their inputs and units.',
    `A valid request returns 402 with an offer for each payment method; none needs an account. Pay one and send the same body again with the proof: ${rails.map(({ agents }) => agents.proof).join('; or ')}.`,
    'One payment buys one answer. After a lost connection send the same proof again. After 503 send the same proof later; never pay again for a request whose payment is unresolved.',
    'With `evaluation_context: "hypothetical"` nothing is stored. A completed workout is stored under its `athlete_uuid`, which is the key to the records: choose a random one and keep it secret.'
  ].join('\n\n')
}
