import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ProblemError } from '../../../lib/problems/problem.ts'
import type { OpenedBackend } from '../../../lib/x402/open-backend.ts'
import { DevelopmentChain } from '../../../lib/x402/x402-schemas.ts'
import { commonResponses, problemResponse } from '../../../schemas/responses.ts'

const RETRY_AFTER_SECONDS = 1

export interface DevelopmentChainOptions {
  /** The running development chain. */
  readonly chain: () => OpenedBackend['embedded']
  /** Why it is not running. */
  readonly reason: () => string
}

/** Describes the development chain and its funded payer; only in development, and only for this machine. */
const developmentChain: FastifyPluginAsyncTypebox<DevelopmentChainOptions> = async (app, { chain, reason }) => {
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
          403: problemResponse(403, 'The development chain is available only on this machine.'),
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const running = chain()
      if (running === undefined)
        throw new ProblemError(503, 'chain_not_ready', `The development chain is off: ${reason()}.`, {
          retryAfterSeconds: RETRY_AFTER_SECONDS
        })
      const { token } = running
      reply.header('cache-control', 'no-store').send({
        rpc_url: running.rpcUrl,
        network: token.network,
        asset: token.asset,
        asset_name: token.name,
        asset_version: token.version,
        pay_to: token.payTo,
        payer: { address: running.payerAddress, private_key: running.payerKey }
      })
    }
  )
}
export default developmentChain
