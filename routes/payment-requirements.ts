import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { pricedRoute } from '../lib/billing/price-list.ts'
import { formatUsd } from '../lib/price/usd.ts'
import { PaymentRequirements } from '../schemas/payment-requirements.ts'
import { commonResponses } from '../schemas/responses.ts'

/** The price of every paid route on every rail, without outside calls. */
const paymentRequirements: FastifyPluginAsyncTypebox = async (app) => {
  const { price, rails, paidRoutes } = app
  app.get(
    '/v1/payment-requirements',
    {
      schema: {
        operationId: 'getPaymentRequirements',
        summary: 'The price of every paid route',
        tags: ['discover'],
        response: {
          200: {
            description: 'The price of every paid route, on every rail.',
            content: { 'application/json': { schema: PaymentRequirements } }
          },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const rate = price.rate.current()
      reply.header('cache-control', 'no-store').send({
        routes: paidRoutes.map((route) => pricedRoute(rails, route, price.satsFor(route.priceMicroUsd))),
        rails: Object.fromEntries(rails.map((rail) => [rail.name, rail.state()])),
        ...(rate.ok && {
          btc_usd: {
            rate: formatUsd(rate.rateMicroUsd),
            fixed: rate.fixed,
            sources: rate.sources,
            age_seconds: rate.ageSeconds
          }
        })
      })
    }
  )
}
export default paymentRequirements
