import { formatUsd } from '../price/usd.ts'
import type { Rail } from './rail.ts'

type Terms = NonNullable<ReturnType<Rail['terms']>>

/** A route that is sold. */
interface Sold {
  readonly method: string
  /** The pattern in OpenAPI form. */
  readonly path: string
  readonly priceMicroUsd: bigint
}

/**
 * The price of a route on every rail that has terms at present, without an outside call.
 * @param sats the price in sats; undefined without a trusted rate
 */
export function pricedRoute(rails: readonly Rail[], { method, path, priceMicroUsd }: Sold, sats: bigint | undefined) {
  return {
    method,
    path,
    price_usd: formatUsd(priceMicroUsd),
    ...(sats !== undefined && { price_sats: Number(sats) }),
    offers: offersAt(rails, priceMicroUsd)
  }
}

/** The price of an answer by rail, in each rail's own terms; a rail that is down has none. */
export function offersAt(rails: readonly Rail[], priceMicroUsd: bigint): Record<string, Terms> {
  const offers: Record<string, Terms> = {}
  for (const rail of rails) {
    const terms = rail.terms(priceMicroUsd)
    if (terms !== undefined) offers[rail.name] = terms
  }
  return offers
}
