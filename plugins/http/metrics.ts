import fp from 'fastify-plugin'
import { PREFIX, SECONDS } from '../../lib/metrics/prometheus.ts'

/** Paths come from clients and may contain an athlete's UUID, so all unmatched paths are one series. */
const UNMATCHED = 'unmatched'

/** Measures requests by route and status and counts connections, if metrics are on. */
export default fp(
  async (app) => {
    if (app.metrics === undefined) return
    const { prometheus, registry } = app.metrics
    const durations = new prometheus.Histogram({
      name: `${PREFIX}http_request_duration_seconds`,
      help: 'Time from the head of a request to the last byte of its response.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers: [registry]
    })
    app.addHook('onResponse', (request, reply, done) => {
      const { url: route, method } = request.routeOptions
      durations.observe(
        {
          method: route === undefined ? UNMATCHED : String(method),
          route: route ?? UNMATCHED,
          status: reply.statusCode
        },
        reply.elapsedTime / 1000
      )
      done()
    })
    app.measures.push(async () => [
      { name: 'http_connections', help: 'Open client connections.', value: await connections() }
    ])

    function connections(): Promise<number> {
      return new Promise((resolve, reject) => {
        app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
      })
    }
  },
  { name: 'request-metrics', dependencies: ['metrics'] }
)
