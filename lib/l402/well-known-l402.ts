import type { WellKnownL402 } from '../../schemas/well-known.ts'
import { formatUsd } from '../price/usd.ts'

/** A paid route, as the document tells it. */
export interface SoldRoute {
  readonly method: string
  readonly path: string
  readonly priceMicroUsd: bigint
  /** Undefined while there is no rate to be trusted. */
  readonly priceSats: bigint | undefined
}

/** The document at `/.well-known/l402.json`. */
export function wellKnownL402(publicUrl: string, description: string, routes: readonly SoldRoute[]): WellKnownL402 {
  return {
    version: '1.0',
    protocol: 'L402',
    name: 'Power Oracle',
    description,
    url: publicUrl,
    openapi: `${publicUrl}/openapi.json`,
    authentication: {
      challenge_header: 'WWW-Authenticate',
      challenge_format: 'L402 macaroon="<base64>", invoice="<bolt11>", version="0", token="<base64>"',
      authorization_header: 'Authorization',
      authorization_format: 'L402 <macaroon>:<preimage hex>'
    },
    payment: { network: 'lightning', currency: 'sat', invoice_format: 'bolt11' },
    endpoints: routes.map(({ method, path, priceMicroUsd, priceSats }) => ({
      path,
      url: `${publicUrl}${path}`,
      method,
      price_usd: formatUsd(priceMicroUsd),
      ...(priceSats !== undefined && { price_sats: Number(priceSats) })
    }))
  }
}
