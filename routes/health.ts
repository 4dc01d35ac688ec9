import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Health } from '../schemas/health.ts'
import { vitalResponses } from '../schemas/responses.ts'

/** Liveness: 200 as long as the process serves, with the status of each part. */
const health: FastifyPluginAsyncTypebox = async (app) => {
  const { components } = app
  app.get(
    '/v1/health',
    {
      config: { admission: 'vital' },
      schema: {
        operationId: 'getHealth',
        summary: 'Liveness, and the status of each part',
        tags: ['discover'],
        response: {
          200: {
            description: 'The status of the service and of each component.',
            content: { 'application/json': { schema: Health } }
          },
          ...vitalResponses
        }
      }
    },
    (_request, reply) => {
      const states: Health['components'] = {}
      let status: Health['status'] = 'ok'
      for (const [name, state] of components) {
        const found = state()
        // The contract has no fourth status; `/readyz` reports which parts are still starting.
        states[name] = found === 'starting' ? 'off' : found
        if (found === 'degraded') status = 'degraded'
      }
      reply.header('cache-control', 'no-store').send({ status, components: states })
    }
  )
}
export default health
