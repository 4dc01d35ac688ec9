import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { AnswerConnections } from '../../lib/billing/answer-connections.ts'
import { observeStage } from '../../lib/observe/calls.ts'
import { captureHook } from './capture.ts'
import { chargeHook } from './charge.ts'
import type { PaidRoute, PaidRouteOptions } from './paid-route.ts'
import { withRails } from './paid-schema.ts'
import { planWorkout, readWorkout } from './plan.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Present on a paid route. */
    paid?: PaidRouteOptions
  }
  interface FastifyInstance {
    /** Every paid route. */
    paidRoutes: PaidRoute[]
  }
}

/**
 * Sells routes. The billing chain is attached to the route, never to a path: no spelling of a request target reaches a
 * paid handler without it.
 */
export default fp(
  async (app) => {
    app.decorate('paidRoutes', [])
    app.decorate('readWorkout', readWorkout)
    app.decorateRequest('plan', null)
    app.decorateRequest('charge', null)

    const connections = new AnswerConnections()
    app.addHook('onRoute', (route) => {
      const { paid } = route.config ?? {}
      if (paid === undefined) return
      const paidRoute = describe(route, paid, app.config.priceMicroUsd[paid.price])
      app.paidRoutes.push(paidRoute)
      route.schema = withRails(route.schema ?? {}, app.railDescriptions)
      // Schema problems reach the plan, which reports them together with its own.
      route.attachValidation = true
      // The billing chain, in its order; the handler evaluates the plan between charge and capture.
      // Its steps that wait are async functions: callbacks save 1 % of a replay. The plan waits for nothing; as a promise it
      // cost a free failure 9 % (146 alternating rounds of each build, on a busy machine).
      route.preHandler = [planWorkout, stage('charge', chargeHook(app, connections, paidRoute, paid.precondition))]
      route.onSend = [stage('capture', captureHook(app))]
    })
  },
  { name: 'billing', dependencies: ['config', 'errors', 'ledger', 'rails'] }
)

/** A step of the chain that waits, visible to traces. */
function stage<Parameters extends readonly unknown[], Result>(
  name: string,
  step: (...parameters: Parameters) => Promise<Result>
): (...parameters: Parameters) => Promise<Result> {
  return (...parameters) => observeStage('billing', name, () => step(...parameters))
}

function describe(
  { method, url, schema }: RouteOptions,
  { price, listing }: PaidRouteOptions,
  priceMicroUsd: bigint
): PaidRoute {
  const { body, response } = (schema ?? {}) as {
    body?: object
    response?: { 200?: { content?: { 'application/json'?: { schema?: object } } } }
  }
  return {
    method: [method].flat().join(),
    pattern: url,
    path: url.replace(/:(\w+)/g, '{$1}'),
    price,
    priceMicroUsd,
    body: body ?? {},
    answer: response?.[200]?.content?.['application/json']?.schema ?? {},
    ...listing
  }
}
