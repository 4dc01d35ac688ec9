import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { clientKey } from '../../lib/limits/client-network.ts'
import { MinuteCounter } from '../../lib/limits/minute-counter.ts'
import { SharedCounter } from '../../lib/limits/shared-counter.ts'
import { ProblemError } from '../../lib/problems/problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `vital`: served when the table of addresses is full. `unlimited`: not counted at all, for orchestrators. */
    admission?: 'vital' | 'unlimited'
  }
}

const CONNECT_LIMIT_MS = 1000
/** Time limit of a Redis command; after it the count of this process applies. */
const COMMAND_LIMIT_MS = 100

/**
 * Limits requests per address and minute, counted in this process and, with a common Redis, across instances. Unknown
 * paths count too. `@fastify/rate-limit` is not used: it cannot fold networks, and with a custom store it costs twice
 * as much per request as this counter.
 */
export default fp(
  async (app) => {
    const { requestsPerMinute, redisUrl } = app.config
    const counter = new MinuteCounter(requestsPerMinute)
    const paidCounter = new MinuteCounter(requestsPerMinute)
    const shared = redisUrl === undefined ? undefined : await openShared(app, redisUrl)

    app.addHook('onRequest', (request, _reply, done) => {
      const { admission } = request.routeOptions.config
      if (admission === 'unlimited') return done()
      const key = clientKey(request.ip)
      const nowMs = Date.now()
      const waitSeconds = counter.take(key, nowMs)
      if (waitSeconds !== undefined) {
        const hasNoRoom = counter.countedAs(key) === undefined
        if (hasNoRoom && (admission === 'vital' || isPaid(request, nowMs))) return done()
        return done(tooManyRequests(waitSeconds))
      }
      if (shared === undefined) return done()
      shared.take(counter.countedAs(key) ?? key, nowMs).then((wait) => {
        if (wait === undefined) done()
        else done(tooManyRequests(wait))
      }, done)
    })

    /** A paid proof admits its holder, as often as an address may send requests. */
    function isPaid({ headers }: FastifyRequest, nowMs: number): boolean {
      for (const rail of app.rails) {
        const key = rail.paidKey?.(headers, nowMs)
        if (key !== undefined) return paidCounter.take(key, nowMs) === undefined
      }
      return false
    }
  },
  { name: 'limits', dependencies: ['config', 'errors'] }
)

function tooManyRequests(retryAfterSeconds: number): ProblemError {
  return new ProblemError(429, 'too_many_requests', 'Too many requests from your address.', { retryAfterSeconds })
}

async function openShared(app: FastifyInstance, redisUrl: string): Promise<SharedCounter> {
  const { Redis } = await import('ioredis')
  const redis = new Redis(redisUrl, {
    connectTimeout: CONNECT_LIMIT_MS,
    commandTimeout: COMMAND_LIMIT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0
  })
  let isUp = true
  redis.on('ready', () => {
    isUp = true
  })
  redis.on('error', (error: NodeJS.ErrnoException) => {
    // Logged once per outage: the client keeps reconnecting.
    if (isUp) app.log.warn({ code: error.code }, 'Redis does not respond: each instance counts its own requests')
    isUp = false
  })
  // So that the first requests find a connection.
  const connected = new Promise<void>((resolve) => redis.once('ready', resolve).once('error', () => resolve()))
  app.addHook('onReady', () => connected)
  app.addHook('onClose', async () => redis.disconnect())
  return new SharedCounter(redis, app.config.requestsPerMinute)
}
