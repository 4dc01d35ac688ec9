import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sellsIn } from '../lib/billing/rail.ts'
import { PROBLEM_MEDIA_TYPE, ProblemError, problemDocument } from '../lib/problems/problem.ts'
import { Liveness, Readiness } from '../schemas/probes.ts'
import { malformedRequest, unavailable } from '../schemas/responses.ts'

const RETRY_AFTER_SECONDS = '1'

/** For orchestrators: whether to restart the process, and whether to send it requests. */
const probes: FastifyPluginAsyncTypebox = async (app) => {
  const { components, ledger, rails } = app

  app.get(
    '/livez',
    {
      config: { admission: 'unlimited' },
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether the process serves',
        tags: ['discover'],
        response: {
          200: { description: 'The process serves.', content: { 'application/json': { schema: Liveness } } },
          400: malformedRequest
        }
      }
    },
    (_request, reply) => {
      reply.header('cache-control', 'no-store').send({ status: 'alive' })
    }
  )

  app.get(
    '/readyz',
    {
      config: { admission: 'unlimited' },
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether the service can sell now, and the status of each part',
        tags: ['discover'],
        response: {
          200: { description: 'The service can sell.', content: { 'application/json': { schema: Readiness } } },
          400: malformedRequest,
          503: unavailable(
            'The service is starting or stopping, the database accepts no writes, or no payment method is available; `detail` says which.'
          )
        }
      }
    },
    (_request, reply) => {
      const states = Object.fromEntries([...components].map(([name, state]) => [name, state()]))
      const reasons = reasonsAgainst(states)
      reply.header('cache-control', 'no-store')
      if (reasons.length === 0) {
        reply.send({ status: 'ready', components: states })
        return
      }
      // Sent, not thrown, because a 503 to a probe is not an error for the log.
      const problem = new ProblemError(503, 'not_ready', `Not ready: ${reasons.join(', ')}.`)
      reply
        .code(503)
        .header('content-type', PROBLEM_MEDIA_TYPE)
        .header('retry-after', RETRY_AFTER_SECONDS)
        .send({ ...problemDocument(problem, app.publicUrl), status: 503, components: states })
    }
  )

  function reasonsAgainst(states: Readiness['components']): string[] {
    const reasons = Object.keys(states)
      .filter((name) => states[name] === 'starting')
      .map((name) => `${name} is starting`)
    if (app.isStopping) reasons.push('the service is stopping')
    if (!ledger.isWritable()) reasons.push('the database accepts no writes')
    if (!rails.some((rail) => sellsIn(rail.state()))) reasons.push('no payment method is available')
    return reasons
  }
}
export default probes
