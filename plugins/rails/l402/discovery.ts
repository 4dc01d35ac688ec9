import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { wellKnownL402 } from '../../../lib/l402/well-known-l402.ts'
import { formatUsd } from '../../../lib/price/usd.ts'
import { commonResponses } from '../../../schemas/responses.ts'
import { WellKnownL402 } from '../../../schemas/well-known.ts'

/** What directories of L402 services read. */
const discovery: FastifyPluginAsyncTypebox = async (app) => {
  const { price, paidRoutes } = app
  app.get(
    '/.well-known/l402.json',
    {
      schema: {
        operationId: 'getWellKnownL402',
        summary: 'What is sold over L402',
        tags: ['discover'],
        response: {
          200: {
            description: 'The resources sold over L402.',
            content: { 'application/json': { schema: WellKnownL402 } }
          },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const endpoints = paidRoutes.map(({ method, path, priceMicroUsd }) => {
        const sats = price.satsFor(priceMicroUsd)
        return {
          method,
          path,
          priceUsd: formatUsd(priceMicroUsd),
          priceSats: sats === undefined ? undefined : Number(sats)
        }
      })
      reply.header('cache-control', 'public, max-age=300').send(wellKnownL402(app.publicUrl, endpoints))
    }
  )
}
export default discovery
