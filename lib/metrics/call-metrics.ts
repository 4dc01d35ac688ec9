import type { Registry } from 'prom-client'
import { calls, failureOf, type Work } from '../observe/calls.ts'
import { LabelGuard } from './label-guard.ts'
import { PREFIX, type Prometheus, SECONDS } from './prometheus.ts'

const MAX_REASONS = 100

/** Records how long calls to other programs take, and why they fail. @returns what ends it */
export function recordCalls({ Counter, Histogram }: Prometheus, registry: Registry): () => void {
  const durations = new Histogram({
    name: `${PREFIX}call_duration_seconds`,
    help: 'Time of calls to other programs: lnd, facilitator, rpc, price, redis.',
    labelNames: ['peer', 'call'],
    buckets: SECONDS,
    registers: [registry]
  })
  const failures = new Counter({
    name: `${PREFIX}call_failures_total`,
    help: 'Calls to other programs that failed, with the reason as one word.',
    labelNames: ['peer', 'call', 'reason'],
    registers: [registry]
  })
  const reasons = new LabelGuard(MAX_REASONS)
  const listener = {
    asyncEnd(work: Work) {
      const { peer, name: call, startedMs } = work
      durations.observe({ peer, call }, (performance.now() - startedMs) / 1000)
      if ('error' in work) failures.inc({ peer, call, reason: reasons.pass(failureOf(work.error)) })
    }
  }
  calls.asyncEnd.subscribe(listener.asyncEnd as (work: unknown) => void)
  return () => {
    calls.asyncEnd.unsubscribe(listener.asyncEnd as (work: unknown) => void)
  }
}
