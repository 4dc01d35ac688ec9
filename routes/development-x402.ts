import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ProblemError } from '../lib/problems/problem-error.ts'
import { DevelopmentChain } from '../schemas/development.ts'
import { commonResponses, problemResponse } from '../schemas/responses.ts'

const RETRY_AFTER_SECONDS = 1

/** Tells the development chain and its funded payer. It is there in development only, and answers only this machine. */
const developmentX402: FastifyPluginAsyncTypebox = async (app) => {
  if (app.config.x402.kind !== 'embedded') return
  app.get(
    '/dev/x402',
    {
      config: { developmentPart: 'development chain' },
      schema: {
        operationId: 'getDevelopmentChain',
        summary: 'The development chain, its token and a payer with play money',
        tags: ['develop'],
        response: {
          200: {
            description: 'The chain, its token and a funded account.',
            content: { 'application/json': { schema: DevelopmentChain } }
          },
          403: problemResponse(403, 'Only this machine may use the development chain.'),
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const { embedded: chain, reason } = app.x402
      if (chain === undefined)
        throw new ProblemError(503, 'chain_not_ready', `The development chain is off: ${reason}.`, {
          retryAfterSeconds: RETRY_AFTER_SECONDS
        })
      const { token } = chain
      reply.header('cache-control', 'no-store').send({
        rpc_url: chain.rpcUrl,
        network: token.network,
        asset: token.asset,
        asset_name: token.name,
        asset_version: token.version,
        pay_to: token.payTo,
        payer: { address: chain.payerAddress, private_key: chain.payerKey }
      })
    }
  )
}
export default developmentX402
