import type { L402Services } from '../../schemas/well-known.ts'

/** A paid route, as the manifest lists it. */
export interface ManifestRoute {
  readonly path: string
  readonly method: string
  /** Undefined while the rail is off. */
  readonly priceSats: number | undefined
  /** A body that gets an offer: directories probe with it. */
  readonly example: object
}

/** The manifest at `/.well-known/l402-services`, in the form that L402 proxies publish and directories of L402 read. */
export function l402Services(publicUrl: string, routes: readonly ManifestRoute[]): L402Services {
  return {
    version: '1',
    service: {
      name: 'Power Oracle',
      description: 'Mechanical work and power in a described workout',
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
