import type { Registry } from 'prom-client'
import { billingEvents, type ProofOutcome } from '../billing/billing-events.ts'
import { commitEvents } from '../database/database.ts'
import { takenEvents } from '../ledger/ledger.ts'
import { calls, failureOf, type Work } from '../observe/calls.ts'
import { problemEvents } from '../problems/problem.ts'
import { LabelGuard, PREFIX, type Prometheus, SECONDS } from './prometheus.ts'

const MAX_REASONS = 100
const MAX_CODES = 200
/** Outcomes that alerts count. */
const ALERTED = ['captured', 'settlement_pending'] as const satisfies readonly ProofOutcome[]

/**
 * Records offers, proofs, amounts and rejections. Counters of the alerts start at zero: Prometheus sees no increase in a
 * series whose first value is one.
 * @param rails names of all rails
 * @returns a function that ends it
 */
export function recordSales(prometheus: Prometheus, registry: Registry, rails: readonly string[]): () => void {
  const { Counter } = prometheus
  const registers = [registry]
  const offers = new Counter({
    name: `${PREFIX}offers_total`,
    help: '402 responses in which the rail made an offer.',
    labelNames: ['rail'],
    registers
  })
  const missing = new Counter({
    name: `${PREFIX}offers_missing_total`,
    help: 'Requests for which the rail made no offer: 503, the rail is down; 429, the client asked too often.',
    labelNames: ['rail', 'status'],
    registers
  })
  const proofs = new Counter({
    name: `${PREFIX}proofs_total`,
    help: 'Proofs of payment by outcome; the reason of a rejection is its code.',
    labelNames: ['rail', 'outcome', 'reason'],
    registers
  })
  const payments = new Counter({
    name: `${PREFIX}payments_taken_total`,
    help: 'Payments that this process captured, including late ones.',
    labelNames: ['rail', 'asset'],
    registers
  })
  const money = new Counter({
    name: `${PREFIX}money_taken_units_total`,
    help: "Sum of the captured payments, in the asset's smallest unit.",
    labelNames: ['rail', 'asset'],
    registers
  })
  const problems = new Counter({
    name: `${PREFIX}problems_total`,
    help: 'Rejected and failed requests by their stable code, including rate limits and load shedding.',
    labelNames: ['code', 'status'],
    registers
  })
  const reasons = new LabelGuard(MAX_REASONS)
  const codes = new LabelGuard(MAX_CODES)
  problems.inc({ code: 'internal_error', status: 500 }, 0)
  for (const rail of rails) for (const outcome of ALERTED) proofs.inc({ rail, outcome, reason: '' }, 0)
  const ends = [
    billingEvents.subscribe((event) => {
      const { rail } = event
      if (event.kind === 'offered') offers.inc({ rail })
      else if (event.kind === 'not_offered') missing.inc({ rail, status: event.status })
      else {
        const reason = event.reason === undefined ? '' : reasons.pass(event.reason)
        proofs.inc({ rail, outcome: event.outcome, reason })
      }
    }),
    takenEvents.subscribe(({ rail, asset, amountAtomic }) => {
      payments.inc({ rail, asset })
      money.inc({ rail, asset }, Number(amountAtomic))
    }),
    problemEvents.subscribe(({ code, status }) => problems.inc({ code: codes.pass(code), status }))
  ]
  return () => {
    for (const end of ends) end()
  }
}

/**
 * Records the duration and failures of calls to other programs.
 * @returns a function that ends it
 */
export function recordCalls({ Counter, Histogram }: Prometheus, registry: Registry): () => void {
  const durations = new Histogram({
    name: `${PREFIX}call_duration_seconds`,
    help: 'Duration of calls to other programs: lnd, facilitator, rpc, price, redis.',
    labelNames: ['peer', 'call'],
    buckets: SECONDS,
    registers: [registry]
  })
  const failures = new Counter({
    name: `${PREFIX}call_failures_total`,
    help: 'Failed calls to other programs, by a one-word reason.',
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

/**
 * Records the duration of transactions and their number of callers.
 * @returns a function that ends it
 */
export function recordCommits({ Histogram }: Prometheus, registry: Registry): () => void {
  const durations = new Histogram({
    name: `${PREFIX}commit_duration_seconds`,
    help: 'Duration of write transactions, from their start until they are on disk.',
    buckets: SECONDS,
    registers: [registry]
  })
  const sizes = new Histogram({
    name: `${PREFIX}commit_group_size`,
    help: 'Writes per transaction; always one on Postgres.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [registry]
  })
  return commitEvents.subscribe(({ size, seconds }) => {
    durations.observe(seconds)
    sizes.observe(size)
  })
}
