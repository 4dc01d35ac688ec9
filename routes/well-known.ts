import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { pathTemplate } from '../lib/http/path-template.ts'
import { wellKnownL402 } from '../lib/l402/well-known-l402.ts'
import { formatUsd } from '../lib/price/usd.ts'
import { wellKnownX402 } from '../lib/x402/extensions/well-known-x402.ts'
import { commonResponses } from '../schemas/responses.ts'
import { WellKnownL402, WellKnownX402 } from '../schemas/well-known.ts'

const CACHE_CONTROL = 'public, max-age=300'
const DESCRIPTION = 'Mechanical work and power in a described workout'

/** What directories of each rail read; there where the rail is configured. */
const wellKnown: FastifyPluginAsyncTypebox = async (app) => {
  const { config, price, paidRoutes, x402 } = app
  const startedAtSeconds = Math.floor(Date.now() / 1000)

  if (config.x402.kind !== 'off')
    app.get(
      '/.well-known/x402',
      {
        schema: {
          operationId: 'getWellKnownX402',
          summary: 'What is sold over x402',
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
            return sold && x402.termsAt(sold.priceMicroUsd)
          },
          description: DESCRIPTION,
          lastUpdatedSeconds: startedAtSeconds,
          receiptKid: x402.receiptKid
        })
        reply.header('cache-control', CACHE_CONTROL).send(document)
      }
    )

  if (config.lightning.kind !== 'off')
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
        const endpoints = paidRoutes.map(({ method, pattern, priceMicroUsd }) => {
          const sats = price.satsFor(priceMicroUsd)
          return {
            method,
            path: pathTemplate(pattern),
            priceUsd: formatUsd(priceMicroUsd),
            priceSats: sats === undefined ? undefined : Number(sats)
          }
        })
        reply.header('cache-control', CACHE_CONTROL).send(wellKnownL402(app.publicUrl, endpoints))
      }
    )
}
export default wellKnown
