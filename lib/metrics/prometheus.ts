import type { Gauge } from 'prom-client'
import type { Measure } from '../observe/measure.ts'

/** What records figures: the package is loaded where metrics are on, and nowhere else. */
export type Prometheus = typeof import('prom-client')

export const PREFIX = 'power_oracle_'

/** Upper bounds of buckets, in seconds: a free refusal takes less than the first, a settlement as long as the last. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$/
const OTHER = 'other'

/**
 * Bounds a label. Each value of a label is a series of its own, for as long as the process lives: whatever comes in
 * words that others choose, such as a facilitator's, is held to a form and to a number.
 */
export class LabelGuard {
  readonly #known = new Set<string>()
  readonly #max: number

  /** @param max how many values pass */
  constructor(max: number) {
    this.#max = max
  }

  /** @returns the value, or `other` where it has another form or is one too many */
  pass(value: string): string {
    if (this.#known.has(value)) return value
    if (this.#known.size >= this.#max || !PATTERN.test(value)) return OTHER
    this.#known.add(value)
    return value
  }
}

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
