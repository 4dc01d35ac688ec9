import type { Gauge } from 'prom-client'
import type { Measure } from '../observe/measure.ts'

/** The metrics package, loaded only if metrics are on. */
export type Prometheus = typeof import('prom-client')

export const PREFIX = 'power_oracle_'

/**
 * Upper bounds of buckets, in seconds: a free rejection takes less than the first, a settlement as long as the last.
 */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$/
const OTHER = 'other'

/**
 * Bounds a label. Each value of a label is a series for the life of the process, so words that others choose, such as a
 * facilitator's, are limited in form and number.
 */
export class LabelGuard {
  readonly #known = new Set<string>()
  readonly #max: number

  /** @param max the number of accepted values */
  constructor(max: number) {
    this.#max = max
  }

  /** @returns the value, or `other` if it has another form or exceeds the number */
  pass(value: string): string {
    if (this.#known.has(value)) return value
    if (this.#known.size >= this.#max || !PATTERN.test(value)) return OTHER
    this.#known.add(value)
    return value
  }
}

/**
 * Measures in Prometheus' text format. They are registered for each scrape, so that vanished ones are no longer
 * reported.
 */
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
