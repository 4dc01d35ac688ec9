import type { Registry } from 'prom-client'
import { commitEvents } from '../database/commit-events.ts'
import { PREFIX, type Prometheus, SECONDS } from './prometheus.ts'

/** Records how long transactions take and how many callers share one. @returns what ends it */
export function recordCommits({ Histogram }: Prometheus, registry: Registry): () => void {
  const durations = new Histogram({
    name: `${PREFIX}commit_duration_seconds`,
    help: 'Time of transactions that write, from their beginning to the disk.',
    buckets: SECONDS,
    registers: [registry]
  })
  const sizes = new Histogram({
    name: `${PREFIX}commit_group_size`,
    help: 'How many writes share a transaction; always one on Postgres.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [registry]
  })
  return commitEvents.subscribe(({ size, seconds }) => {
    durations.observe(seconds)
    sizes.observe(size)
  })
}
