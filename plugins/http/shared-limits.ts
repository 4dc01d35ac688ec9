import fp from 'fastify-plugin'
import { clientKey } from '../../lib/limits/client-key.ts'
import { tooManyRequests } from '../../lib/limits/too-many-requests.ts'

const MINUTE_MS = 60_000
const CONNECT_LIMIT_MS = 1000
/** A limit that cannot be asked for in this time is not asked: each instance's own count still holds. */
const COMMAND_LIMIT_MS = 100

/** Counts requests together with other instances, where they have a Redis in common. */
export default fp(
  async (app) => {
    const { redisUrl, requestsPerMinute } = app.config
    if (redisUrl === undefined) return
    const { Redis } = await import('ioredis')
    const { default: rateLimit } = await import('@fastify/rate-limit')
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
      // Told once: it is tried again for as long as it is down.
      if (isUp) app.log.warn({ code: error.code }, 'Redis does not answer: each instance counts its own requests')
      isUp = false
    })
    // The first requests find a connection, where there is one to be had.
    const connected = new Promise<void>((resolve) => redis.once('ready', resolve).once('error', () => resolve()))
    app.addHook('onReady', () => connected)
    app.addHook('onClose', async () => redis.disconnect())
    await app.register(rateLimit, {
      redis,
      nameSpace: 'power-oracle-limit-',
      skipOnError: true,
      max: requestsPerMinute,
      timeWindow: MINUTE_MS,
      keyGenerator: (request) => clientKey(request.ip),
      // Told when it matters, not with every answer.
      addHeaders: {
        'x-ratelimit-limit': false,
        'x-ratelimit-remaining': false,
        'x-ratelimit-reset': false,
        'retry-after': false
      },
      addHeadersOnExceeding: {
        'x-ratelimit-limit': false,
        'x-ratelimit-remaining': false,
        'x-ratelimit-reset': false
      },
      errorResponseBuilder: (_request, { ttl }) => tooManyRequests(Math.max(1, Math.ceil(ttl / 1000)))
    })
  },
  { name: 'shared-limits', dependencies: ['config', 'errors'] }
)
