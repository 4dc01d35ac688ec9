import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { clientKey } from '../lib/limits/client-key.ts'
import { ProblemError } from '../lib/problems/problem-error.ts'

const MINUTE_MS = 60_000
const MAX_CLIENTS = 50_000

/** Requests per address and minute, paths that do not exist included. */
export default fp(
  async (app) => {
    await app.register(rateLimit, {
      max: app.config.requestsPerMinute,
      timeWindow: MINUTE_MS,
      cache: MAX_CLIENTS,
      keyGenerator: (request) => clientKey(request.ip),
      // Told when it matters, not with every answer.
      addHeaders: {
        'x-ratelimit-limit': false,
        'x-ratelimit-remaining': false,
        'x-ratelimit-reset': false,
        'retry-after': true
      },
      addHeadersOnExceeding: {
        'x-ratelimit-limit': false,
        'x-ratelimit-remaining': false,
        'x-ratelimit-reset': false
      },
      errorResponseBuilder: (_request, { ttl }) =>
        new ProblemError(429, 'too_many_requests', 'Too many requests came from your address.', {
          retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000))
        })
    })
  },
  { name: 'limits', dependencies: ['config', 'errors'] }
)
