import type { FastifyRequest } from 'fastify'
import type { PricedRoute } from '../../lib/server/server-settings.ts'

/** How a route is sold: everything that billing and directories need, declared on the route. */
export interface PaidRouteOptions {
  /** The name that the route's price goes under. */
  readonly price: PricedRoute
  /** A further condition beside the plan; its rejection is sent before anything is charged. */
  readonly precondition?: (request: FastifyRequest) => Promise<void>
  /** The route's entry in directories. */
  readonly listing: {
    /** A valid request body. Every 402 carries it, so it is small. */
    readonly example: object
    /** Sample values of the path's parameters. */
    readonly pathParams?: Readonly<Record<string, string>>
  }
}

/** A paid route as payment requirements and directories read it. */
export interface PaidRoute {
  readonly method: string
  /** The router's pattern, such as `/v1/workouts/:workout_id/revisions`. */
  readonly pattern: string
  /** As documents write the pattern: `/v1/workouts/{workout_id}/revisions`. */
  readonly path: string
  readonly price: PricedRoute
  readonly priceMicroUsd: bigint
  /** JSON Schemas of the request body and of the answer. */
  readonly body: object
  readonly answer: object
  readonly example: object
  readonly pathParams?: Readonly<Record<string, string>>
}
