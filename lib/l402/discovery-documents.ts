import type { L402Services, WellKnownL402 } from './l402-schemas.ts'

/** A paid route, as the document at `/.well-known/l402.json` lists it. */
export interface PricedEndpoint {
  readonly path: string
  readonly method: string
  readonly priceUsd: string
  /** Undefined while the rail is off. */
  readonly priceSats: number | undefined
}

/** The document at `/.well-known/l402.json`. */
export function wellKnownL402(publicUrl: string, endpoints: readonly PricedEndpoint[]): WellKnownL402 {
  return {
    version: '1.0',
    protocol: 'L402',
    name: 'Power Oracle',
    description: 'Mechanical work and power of a described workout',
    url: publicUrl,
    openapi: `${publicUrl}/openapi.json`,
    authentication: {
      challenge_header: 'WWW-Authenticate',
      challenge_format: 'L402 macaroon="<base64>", invoice="<bolt11>", version="0", token="<base64>"',
      authorization_header: 'Authorization',
      authorization_format: 'L402 <macaroon>:<preimage>'
    },
    payment: { network: 'lightning', currency: 'BTC', invoice_format: 'bolt11' },
    endpoints: endpoints.map(({ path, method, priceUsd, priceSats }) => ({
      path,
      url: `${publicUrl}${path}`,
      method,
      price_usd: priceUsd,
      ...(priceSats !== undefined && { price_sats: priceSats })
    }))
  }
}

/** A paid route, as the manifest lists it. */
export interface ManifestRoute {
  readonly path: string
  readonly method: string
  /** Undefined while the rail is off. */
  readonly priceSats: number | undefined
  /** A valid body, with which directories probe. */
  readonly example: object
}

/** The manifest at `/.well-known/l402-services`, in the form that L402 proxies publish and directories of L402 read. */
export function l402Services(publicUrl: string, routes: readonly ManifestRoute[]): L402Services {
  return {
    version: '1',
    service: {
      name: 'Power Oracle',
      description: 'Mechanical work and power of a described workout',
      url: publicUrl,
      openapi: `${publicUrl}/openapi.json`
    },
    payment_methods: [{ type: 'lightning' }],
    routes: routes.map(({ path, method, priceSats, example }) => ({
      path,
      method,
      ...(priceSats !== undefined && { price: { type: 'dynamic', amount_msat: priceSats * 1000 } }),
      caveats_required: [`method=${method}`, `path=${path}`, 'request_sha256=<digest of the request>'],
      example: { ...example }
    }))
  }
}
