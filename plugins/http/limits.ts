import fp from 'fastify-plugin'
import { clientKey } from '../../lib/limits/client-key.ts'
import { MinuteCounter } from '../../lib/limits/minute-counter.ts'
import { tooManyRequests } from '../../lib/limits/too-many-requests.ts'

/**
 * Requests per address and minute, paths that do not exist included. A counter of its own rather than
 * `@fastify/rate-limit`, whose promises cost every request as much as its validation.
 */
export default fp(
  async (app) => {
    const counter = new MinuteCounter(app.config.requestsPerMinute)
    app.addHook('onRequest', (request, _reply, done) => {
      const waitSeconds = counter.take(clientKey(request.ip), Date.now())
      if (waitSeconds === undefined) done()
      else done(tooManyRequests(waitSeconds))
    })
  },
  { name: 'limits', dependencies: ['config', 'errors'] }
)
