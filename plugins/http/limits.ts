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
/** Within this time Redis answers or is not asked: the count of this process still holds. */
const COMMAND_LIMIT_MS = 100

/**
 * Requests per address and minute, counted in this process and, where instances have a Redis in common, together with
 * them. Paths that do not exist count too. Not by `@fastify/rate-limit`: it cannot fold networks, and with a
 * store of its own it costs each request twice what this counter does.
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

    /** A proof that was paid lets its holder in, as often as an address may come. */
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
    // Logged once an outage: the client goes on trying to connect.
    if (isUp) app.log.warn({ code: error.code }, 'Redis does not respond: each instance counts its own requests')
    isUp = false
  })
  // The first requests find a connection, where there is one.
  const connected = new Promise<void>((resolve) => redis.once('ready', resolve).once('error', () => resolve()))
  app.addHook('onReady', () => connected)
  app.addHook('onClose', async () => redis.disconnect())
  return new SharedCounter(redis, app.config.requestsPerMinute)
}
