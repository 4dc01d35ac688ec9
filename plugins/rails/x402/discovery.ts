import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { wellKnownX402 } from '../../../lib/x402/extensions/well-known-x402.ts'
import type { Terms } from '../../../lib/x402/settler.ts'
import { WellKnownX402 } from '../../../lib/x402/x402-schemas.ts'
import { commonResponses } from '../../../schemas/responses.ts'

export interface DiscoveryOptions {
  /** The terms of an answer at a price; undefined while the rail is off. */
  readonly termsAt: (priceMicroUsd: bigint) => Terms | undefined
  /** The key that signs receipts, if any. */
  readonly receiptKid: string | undefined
}

const DESCRIPTION = 'Mechanical work and power of a described workout'

/** Discovery documents for x402 directories. */
const discovery: FastifyPluginAsyncTypebox<DiscoveryOptions> = async (app, { termsAt, receiptKid }) => {
  const { paidRoutes } = app
  const startedAtSeconds = Math.floor(Date.now() / 1000)
  app.get(
    '/.well-known/x402',
    {
      schema: {
        operationId: 'getWellKnownX402',
        summary: 'Resources sold over x402',
        tags: ['discover'],
        response: {
          200: {
            description: 'The resources sold over x402.',
            content: { 'application/json': { schema: WellKnownX402 } }
          },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const document = wellKnownX402({
        publicUrl: app.publicUrl,
        routes: paidRoutes,
        termsOf: (pattern) => {
          const sold = paidRoutes.find((route) => route.pattern === pattern)
          return sold && termsAt(sold.priceMicroUsd)
        },
        description: DESCRIPTION,
        lastUpdatedSeconds: startedAtSeconds,
        receiptKid
      })
      reply.header('cache-control', 'public, max-age=300').send(document)
    }
  )
}
export default discovery
