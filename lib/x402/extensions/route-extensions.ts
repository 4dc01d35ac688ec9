import { paymentIdentifierExtension } from './payment-identifier.ts'

/** A paid route with a JSON body, for catalogues. */
export interface DiscoverableRoute {
  readonly method: string
  /** The router's pattern, such as `/v1/workouts/:workout_id/revisions`. */
  readonly pattern: string
  /** Sample values of the path parameters. */
  readonly pathParams?: Readonly<Record<string, string>>
  /** JSON Schema of the request body; its `title` names it in `/openapi.json`. */
  readonly body: { readonly title?: string; readonly required?: readonly string[] }
  /** A small valid request body: every 402 carries it. */
  readonly example: object
  /** JSON Schema of the answer. */
  readonly answer: object
}

/**
 * The `extensions` of a route's 402.
 * @param routes every paid route
 * @param route the router's pattern
 */
export function routeExtensions(
  routes: readonly DiscoverableRoute[],
  route: string
): Readonly<Record<string, unknown>> {
  const discoverable = routes.find(({ pattern }) => pattern === route)
  return { ...paymentIdentifierExtension, ...(discoverable && bazaarExtension(discoverable)) }
}

/**
 * The `bazaar` extension: how to call a route, for facilitators that catalogue the resources they settle (x402
 * `extensions/bazaar.md`). Clients echo it in `PAYMENT-SIGNATURE`, next to signatures of smart wallets, and many
 * proxies accept 4 or 8 kB of one header. It therefore holds an example and the names of the required members; the
 * whole schemas are in `/openapi.json`. Upstream's own function would load a schema compiler; a test compares the two.
 */
function bazaarExtension({ method, pattern, pathParams, body, example }: DiscoverableRoute) {
  const { title = 'the request body', required = [] } = body
  return {
    bazaar: {
      ...(pathParams && { routeTemplate: pattern }),
      info: {
        input: { type: 'http', method, bodyType: 'json', body: example, ...(pathParams && { pathParams }) },
        output: { type: 'json' }
      },
      schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          input: {
            type: 'object',
            properties: {
              type: { const: 'http' },
              method: { enum: [method] },
              bodyType: { enum: ['json'] },
              body: { type: 'object', description: `${title} (openapi)`, required }
            },
            required: ['type', 'method', 'bodyType', 'body']
          }
        },
        required: ['input']
      }
    }
  }
}
