import type { IncomingMessage } from 'node:http'
import type { Span } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import { packageVersion } from '../../lib/openapi/package-version.ts'

/** Traces requests to an OTLP receiver, where one is configured. What traces with it is loaded with it. */
export default fp(
  async (app) => {
    const { tracesEndpoint } = app.config
    if (tracesEndpoint === undefined) return
    const { Traces } = await import('../../lib/tracing/traces.ts')
    const traces = new Traces(tracesEndpoint, packageVersion())
    const spans = new WeakMap<IncomingMessage, Span>()
    app.addHook('onRequest', ({ raw, routeOptions: { url, method } }, reply, done) => {
      const span = traces.begin(String(method), url)
      spans.set(raw, span)
      // Whether it was answered or the client went away.
      reply.raw.once('close', () => traces.end(span, reply.raw.statusCode))
      traces.within(span, done)
    })
    // A body is read in turns of the connection's own.
    app.addHook('preHandler', ({ raw }, _reply, done) => {
      const span = spans.get(raw)
      if (span === undefined) done()
      else traces.within(span, done)
    })
    app.addHook('onClose', () => traces.close())
  },
  { name: 'traces', dependencies: ['config'] }
)
