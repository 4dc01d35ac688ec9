import { computePowerAnswerExample } from '../../../schemas/compute-power.ts'
import { inlineSchema } from '../../openapi/components.ts'
import type { Terms } from '../settler.ts'
import { requirementsOf } from '../terms.ts'
import type { WellKnownX402 } from '../x402-schemas.ts'
import type { DiscoverableRoute } from './route-extensions.ts'

/** The input of the document. */
export interface WellKnownX402Parts {
  readonly publicUrl: string
  /** Every paid route. */
  readonly routes: readonly DiscoverableRoute[]
  /** Undefined if the route is not sold. */
  readonly termsOf: (pattern: string) => Terms | undefined
  readonly description: string
  readonly lastUpdatedSeconds: number
  /** The key that signs receipts, if any. */
  readonly receiptKid: string | undefined
}

/** The document at `/.well-known/x402`. It contains the complete schemas, which do not fit in a header. */
export function wellKnownX402(parts: WellKnownX402Parts): WellKnownX402 {
  const { publicUrl, routes, termsOf, lastUpdatedSeconds, receiptKid } = parts
  const sold = routes.flatMap((route) => {
    const terms = termsOf(route.pattern)
    return terms === undefined ? [] : [{ route, terms }]
  })
  return {
    version: 1,
    resources: sold
      .filter(({ route }) => route.pathParams === undefined)
      .map(({ route }) => `${publicUrl}${route.pattern}`),
    x402Version: 2,
    lastUpdated: lastUpdatedSeconds,
    items: sold.map(({ route, terms }) => item(parts, route, terms)),
    ...(receiptKid !== undefined && { receipts: { format: 'jws' as const, kid: receiptKid } })
  }
}

function item(
  { publicUrl, description }: WellKnownX402Parts,
  { method, pattern, body, example, answer }: DiscoverableRoute,
  terms: Terms
): WellKnownX402['items'][number] {
  const { scheme, network, amount, asset, payTo, maxTimeoutSeconds } = requirementsOf(terms)
  return {
    resource: { url: `${publicUrl}${pattern}`, description, mimeType: 'application/json' },
    type: 'http',
    accepts: [{ scheme, network, amount, asset, payTo, maxTimeoutSeconds, extra: terms.domain }],
    input: {
      method,
      routeTemplate: pattern,
      bodyType: 'json',
      body: inlineSchema(body, 'request'),
      example: { ...example }
    },
    output: { mimeType: 'application/json', schema: inlineSchema(answer, 'answer'), example: computePowerAnswerExample }
  }
}
