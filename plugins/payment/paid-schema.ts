import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { PaymentRequired } from '../../schemas/payment-required.ts'
import type { RailDescription } from './rails.ts'

interface Response {
  readonly headers?: Readonly<Record<string, object>>
}

/** The schema of a paid route, with what each rail adds to it: headers of the request, its offer and its receipts. */
export function withRails(schema: FastifySchema, rails: readonly RailDescription[]): FastifySchema {
  const { headers, response = {} } = schema as { headers?: TObject; response?: Readonly<Record<string, Response>> }
  const { 200: answer, 402: offer } = response
  return {
    ...schema,
    headers: Type.Object({ ...headers?.properties, ...requestHeaders(rails) }),
    response: {
      ...response,
      200: { ...answer, headers: { ...answer?.headers, ...merged(rails.map((rail) => rail.receiptHeaders)) } },
      402: {
        ...offer,
        headers: { ...offer?.headers, ...merged(rails.map((rail) => rail.offerHeaders)) },
        content: { 'application/problem+json': { schema: paymentRequired(rails) } }
      }
    }
  }
}

/** The schema of a 402's body with the offer of each rail. */
export function paymentRequired(rails: readonly RailDescription[]): TObject {
  const { properties, ...keywords } = PaymentRequired
  return Type.Object({ ...properties, ...merged(rails.map((rail) => rail.offerMembers)) }, keywords)
}

/** Validated under the lower-case names that Node.js gives headers. */
function requestHeaders(rails: readonly RailDescription[]): TProperties {
  const named = merged(rails.map((rail) => rail.requestHeaders))
  return Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [name.toLowerCase(), Type.Optional(schema as TSchema)])
  )
}

function merged(parts: readonly Readonly<Record<string, object>>[]): TProperties {
  return Object.assign({}, ...parts)
}
