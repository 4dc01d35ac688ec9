import type { Gauge } from 'prom-client'
import type { Measure } from '../observe/measure.ts'
import { PREFIX, type Prometheus } from './prometheus.ts'

/** Measures as Prometheus reads them. They are registered anew each time, so that what is gone is no longer told. */
export function measureText({ Counter, Gauge, Registry }: Prometheus, measures: readonly Measure[]): Promise<string> {
  const registry = new Registry()
  const known = new Map<string, Pick<Gauge, 'inc'>>()
  for (const { name, help, value, labels = {} } of measures) {
    let metric = known.get(name)
    if (metric === undefined) {
      const options = { name: `${PREFIX}${name}`, help, labelNames: Object.keys(labels), registers: [registry] }
      metric = name.endsWith('_total') ? new Counter(options) : new Gauge(options)
      known.set(name, metric)
    }
    metric.inc(labels, value)
  }
  return registry.metrics()
}
