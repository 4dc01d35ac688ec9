import underPressure from '@fastify/under-pressure'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { LoadShedder } from '../../lib/limits/load-shedder.ts'
import { problemDocument, problemEvents } from '../../lib/problems/problem.ts'
import { sendReady } from './ready-answer.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly loadShedder: LoadShedder
  }
}

const PERIOD_MS = 500
const RETRY_AFTER_SECONDS = '2'

const OVERLOADED = {
  statusCode: 503,
  code: 'overloaded',
  detail: 'The service is overloaded. You were not charged; send the request again later.',
  extras: {}
}

/**
 * Sheds load before any work for a request: challenges and free routes first, payments last, health and probes never.
 * `@fastify/under-pressure` measures the delay of the event loop; its own rejection has no priorities.
 */
export default fp(
  async (app) => {
    await app.register(underPressure, { sampleInterval: PERIOD_MS })
    const shedder = new LoadShedder({
      atEndOfTurn: setImmediate,
      nowMs: () => performance.now(),
      idleMs: () => performance.eventLoopUtilization().idle
    })
    app.decorate('loadShedder', shedder)
    let body = ''
    let shedCount = 0
    let requestCount = 0
    app.addHook('onRequest', (request, reply, done) => {
      if (isExempt(request)) return done()
      requestCount++
      const nowMs = performance.now()
      if (app.server.listening) shedder.watch(nowMs)
      if (!shedder.isShedding) return done()
      const isPaid = bringsPayment(request)
      if (!shedder.refuses(isPaid, nowMs) && (isPaid || canBeOffered(request))) return done()
      shedCount++
      if (problemEvents.isHeard) problemEvents.publish({ code: OVERLOADED.code, status: OVERLOADED.statusCode })
      body ||= JSON.stringify(problemDocument(OVERLOADED, app.publicUrl))
      sendReady(reply, OVERLOADED.statusCode, ['retry-after', RETRY_AFTER_SECONDS], body)
    })

    let delayMs = 0
    let isReported = false
    const period = setInterval(() => {
      // A start that blocks the loop is not load.
      if (!app.server.listening) return
      const { eventLoopDelay } = app.memoryUsage()
      // The same value again is the same period.
      if (eventLoopDelay === delayMs) return
      delayMs = eventLoopDelay
      const wasShedding = shedder.isShedding
      shedder.note(delayMs, requestCount)
      requestCount = 0
      if (!isReported && (wasShedding || shedder.isShedding))
        app.log.warn({ delayMs }, 'load shedding begins: the event loop is late')
      isReported ||= wasShedding || shedder.isShedding
      if (isReported && !shedder.isShedding) {
        app.log.info({ shedCount }, 'load shedding ends')
        isReported = false
      }
    }, PERIOD_MS)
    period.unref()
    app.addHook('onClose', async () => clearInterval(period))

    /** Under load an offer waits for nothing, and what is refused in the end is refused at once. */
    function canBeOffered({ routeOptions: { config } }: FastifyRequest): boolean {
      if (config.paid === undefined) return true
      const priceMicroUsd = app.config.priceMicroUsd[config.paid.price]
      return app.rails.some((rail) => rail.offersAtOnce?.(priceMicroUsd) ?? true)
    }

    /** A paid token, or any proof of a rail that cannot check offline. */
    function bringsPayment({ headers }: FastifyRequest): boolean {
      for (const rail of app.rails) {
        if (rail.findProof(headers) === undefined) continue
        if (rail.paidKey === undefined || rail.paidKey(headers, Date.now()) !== undefined) return true
      }
      return false
    }
  },
  { name: 'load-shedding', dependencies: ['config', 'public-url', 'rails'] }
)

/** Development routes simulate a payer's wallet, which runs elsewhere. */
function isExempt({ method, routeOptions: { config } }: FastifyRequest): boolean {
  return config.admission !== undefined || config.developmentPart !== undefined || method === 'OPTIONS'
}
