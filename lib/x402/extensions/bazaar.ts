import { isObject, type JsonObject } from '../wire/strict-text.ts'

/** A paid route with a JSON body, as a catalogue shows it. */
export interface DiscoverableRoute {
  readonly method: 'POST'
  /** The router's pattern, such as `/v1/workouts/:workout_id/revisions`. */
  readonly pattern: string
  /** What could stand for the pattern's parameters. */
  readonly pathParams?: Readonly<Record<string, string>>
  /** The body's JSON Schema. */
  readonly body: object
  /** A body that would be answered. */
  readonly example: object
  /** The answer's JSON Schema. */
  readonly answer: object
}

/**
 * What a declaration may take in a 402. Clients send it back with their payment, and many servers, proxies and clients
 * take 8190 bytes of one header at most: this leaves room there for the payment and the terms, in base64.
 */
export const MAX_BAZAAR_BYTES = 4800
const DEPTHS = [4, 3, 2, 1] as const
/** For readers, or for validators that know what is meant: an example tells a format as well. */
const PROSE = new Set(['$id', 'title', 'description', 'examples', 'format'])

/**
 * The `bazaar` extension: how to call a route, for facilitators that catalogue what they settle (x402
 * `extensions/bazaar.md`). The body's schema is whole; the answer's is as whole as there is room for. Nothing in it
 * refers to elsewhere. Upstream's declaring function would load a schema compiler; a test holds the two together.
 */
export function bazaarExtension(route: DiscoverableRoute): { readonly bazaar: object } {
  const body = withoutProse(route.body)
  const answer = withoutProse(route.answer)
  const whole = declare(route, body, answer)
  const candidates = [whole, ...DEPTHS.map((depth) => declare(route, body, outline(answer, depth)))]
  return { bazaar: candidates.find((each) => JSON.stringify(each).length <= MAX_BAZAAR_BYTES) ?? candidates.at(-1)! }
}

function declare({ method, pattern, pathParams, example }: DiscoverableRoute, body: JsonObject, answer: JsonObject) {
  const params = pathParams && { pathParams }
  const paramsSchema = pathParams && {
    pathParams: { type: 'object', properties: mapValues(pathParams, () => ({ type: 'string' })) }
  }
  return {
    ...(pathParams && { routeTemplate: pattern }),
    info: {
      input: { type: 'http', method, bodyType: 'json', body: example, ...params },
      output: { type: 'json' }
    },
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        input: {
          type: 'object',
          properties: {
            type: { type: 'string', const: 'http' },
            method: { type: 'string', enum: [method] },
            bodyType: { type: 'string', enum: ['json'] },
            body,
            ...paramsSchema
          },
          required: ['type', 'method', 'bodyType', 'body'],
          additionalProperties: false
        },
        output: { type: 'object', properties: { type: { type: 'string' }, example: answer }, required: ['type'] }
      },
      required: ['input']
    }
  }
}

/** A schema without what is meant for readers, and with nothing that names it. */
export function withoutProse(schema: object): JsonObject {
  const kept = Object.entries(schema).filter(([key]) => !PROSE.has(key))
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'properties' ? mapValues(value, withoutProse) : plain(value)])
  )
}

function plain(value: unknown): unknown {
  return isObject(value) ? withoutProse(value) : value
}

/** Names and nesting alone, down to a depth. */
function outline({ type, properties, items }: JsonObject, depth: number): JsonObject {
  if (isObject(properties) && depth > 0)
    return { type, properties: mapValues(properties, (each) => outline(each as JsonObject, depth - 1)) }
  if (isObject(items) && depth > 0) return { type, items: outline(items, depth) }
  return type === 'object' || type === 'array' ? { type } : {}
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
