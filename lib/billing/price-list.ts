import { formatUsd } from '../price/usd.ts'
import type { Rail } from './rail.ts'

type Terms = NonNullable<ReturnType<Rail['terms']>>

/** A route that is sold. */
interface Sold {
  readonly method: string
  /** As documents write its pattern. */
  readonly path: string
  readonly priceMicroUsd: bigint
}

/**
 * What a route costs on every rail that has terms now, without asking anyone outside.
 * @param sats of the price; undefined while there is no rate to be trusted
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

/** What an answer costs by rail, in each rail's own terms; a rail that is down has none. */
export function offersAt(rails: readonly Rail[], priceMicroUsd: bigint): Record<string, Terms> {
  const offers: Record<string, Terms> = {}
  for (const rail of rails) {
    const terms = rail.terms(priceMicroUsd)
    if (terms !== undefined) offers[rail.name] = terms
  }
  return offers
}
