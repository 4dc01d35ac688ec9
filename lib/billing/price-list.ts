import { formatUsd } from '../price/usd.ts'
import { offersAt } from './offer.ts'
import type { Rail } from './rail.ts'

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
