import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Registry } from 'prom-client'
import { ConfigError } from '../../lib/config/settings-source.ts'
import { ExpositionServer } from '../../lib/metrics/exposition-server.ts'
import type { MetricsConfig } from '../../lib/metrics/metrics-settings.ts'
import type { Prometheus } from '../../lib/metrics/prometheus.ts'
import { measureText } from '../../lib/metrics/prometheus.ts'
import { recordCalls, recordCommits, recordSales } from '../../lib/metrics/recorders.ts'
import type { Measure } from '../../lib/observe/measure.ts'
import { packageVersion } from '../../lib/openapi/package-version.ts'
import { withDeadline } from '../../lib/time/deadline.ts'

/** Reports metrics on demand; one that rejects or takes too long is left out. */
type MeasureSource = () => readonly Measure[] | Promise<readonly Measure[]>

declare module 'fastify' {
  interface FastifyInstance {
    /** Sources of metrics, read at each scrape; unused while metrics are off. */
    measures: MeasureSource[]
    /** The recorder of metrics; undefined while metrics are off. */
    metrics: { readonly prometheus: Prometheus; readonly registry: Registry } | undefined
    /** The address of the endpoint; undefined until the service is ready. */
    metricsUrl: string | undefined
  }
}

const SOURCE_LIMIT_MS = 2000

/** Serves metrics to Prometheus, if configured. They are per process; instances are distinguished by their address. */
export default fp(
  async (app) => {
    const measures: MeasureSource[] = []
    app.decorate('measures', measures)
    app.decorate<string | undefined>('metricsUrl', undefined)
    const { metrics: config } = app.config
    if (config === undefined) {
      app.decorate('metrics', undefined)
      return
    }
    const { default: prometheus } = await import('prom-client')
    const registry = new prometheus.Registry()
    app.decorate('metrics', { prometheus, registry })
    prometheus.collectDefaultMetrics({ register: registry })
    const ends = [recordCalls, recordCommits].map((record) => record(prometheus, registry))
    measures.push(() => ownMeasures(app))

    let server: ExpositionServer | undefined
    app.addHook('onReady', async () => {
      // Now every rail's plugin has added its own.
      ends.push(
        recordSales(
          prometheus,
          registry,
          app.rails.map(({ name }) => name)
        )
      )
      const text = async () => `${await registry.metrics()}\n${await measureText(prometheus, await asked(app))}`
      server = await listen(config, { contentType: registry.contentType, text })
      app.metricsUrl = server.url
    })
    app.addHook('onClose', async () => {
      await server?.close()
      for (const end of ends) end()
    })
  },
  { name: 'metrics', dependencies: ['config', 'components', 'rails'] }
)

async function asked({ measures, log }: FastifyInstance): Promise<Measure[]> {
  const answers = await Promise.all(
    measures.map(async (source): Promise<readonly Measure[]> => {
      try {
        return await withDeadline(Promise.resolve(source()), SOURCE_LIMIT_MS, () => [])
      } catch (error) {
        log.debug({ err: error }, 'some metrics are left out of this scrape')
        return []
      }
    })
  )
  return answers.flat()
}

function ownMeasures({ components, rails }: FastifyInstance): Measure[] {
  const measures: Measure[] = [
    {
      name: 'build_info',
      help: 'The running version; always 1.',
      labels: { version: packageVersion(), node: process.version },
      value: 1
    }
  ]
  for (const [component, status] of components)
    measures.push({
      name: 'component_status',
      help: 'Status of a component: ok, degraded, off or starting; always 1.',
      labels: { component, status: status() },
      value: 1
    })
  for (const rail of rails)
    measures.push(
      {
        name: 'rail_status',
        help: 'Status of a rail: ok, degraded or off; always 1.',
        labels: { rail: rail.name, status: rail.state().status },
        value: 1
      },
      ...(rail.measures?.() ?? [])
    )
  return measures
}

async function listen(
  { host, port }: MetricsConfig,
  options: Pick<Parameters<typeof ExpositionServer.listen>[0], 'contentType' | 'text'>
): Promise<ExpositionServer> {
  try {
    return await ExpositionServer.listen({ host, port, ...options })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new ConfigError([`METRICS_PORT: ${port} is already in use`])
    throw new ConfigError([`METRICS_HOST: listening failed (${code})`])
  }
}
