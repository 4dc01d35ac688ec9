import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { l402Services, wellKnownL402 } from '../../../lib/l402/discovery-documents.ts'
import { L402Services, WellKnownL402 } from '../../../lib/l402/l402-schemas.ts'
import { formatUsd } from '../../../lib/price/usd.ts'
import { commonResponses } from '../../../schemas/responses.ts'

/** Discovery documents for L402 directories. */
const discovery: FastifyPluginAsyncTypebox = async (app) => {
  const { price, paidRoutes } = app
  const satsOf = (priceMicroUsd: bigint): number | undefined => {
    const sats = price.satsFor(priceMicroUsd)
    return sats === undefined ? undefined : Number(sats)
  }
  app.get(
    '/.well-known/l402.json',
    {
      schema: {
        operationId: 'getWellKnownL402',
        summary: 'Resources sold over L402',
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
      const endpoints = paidRoutes.map(({ method, path, priceMicroUsd }) => ({
        method,
        path,
        priceUsd: formatUsd(priceMicroUsd),
        priceSats: satsOf(priceMicroUsd)
      }))
      reply.header('cache-control', 'public, max-age=300').send(wellKnownL402(app.publicUrl, endpoints))
    }
  )
  app.get(
    '/.well-known/l402-services',
    {
      schema: {
        operationId: 'getL402Services',
        summary: 'The L402 manifest of this service',
        tags: ['discover'],
        response: {
          200: { description: 'The L402 manifest.', content: { 'application/json': { schema: L402Services } } },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const routes = paidRoutes.map(({ method, path, priceMicroUsd, example }) => ({
        method,
        path,
        priceSats: satsOf(priceMicroUsd),
        example
      }))
      reply.header('cache-control', 'public, max-age=300').send(l402Services(app.publicUrl, routes))
    }
  )
}
export default discovery
