import type { IncomingMessage } from 'node:http'
import type { Span } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import { packageVersion } from '../../lib/openapi/package-version.ts'

/** Traces requests to an OTLP receiver, if one is configured; the tracing package is loaded only then. */
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
      // For an answered request and an aborted one.
      reply.raw.once('close', () => traces.end(span, reply.raw.statusCode))
      traces.within(span, done)
    })
    // The body is read in the connection's own async context.
    app.addHook('preHandler', ({ raw }, _reply, done) => {
      const span = spans.get(raw)
      if (span === undefined) done()
      else traces.within(span, done)
    })
    app.addHook('onClose', () => traces.close())
  },
  { name: 'traces', dependencies: ['config'] }
)
