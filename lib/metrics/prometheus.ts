/** What records figures: the package is loaded where metrics are on, and nowhere else. */
export type Prometheus = typeof import('prom-client')

export const PREFIX = 'power_oracle_'

/** Upper bounds of buckets, in seconds: a free refusal takes less than the first, a settlement as long as the last. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
