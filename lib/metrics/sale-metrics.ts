import type { Registry } from 'prom-client'
import { billingEvents } from '../billing/billing-events.ts'
import { takenEvents } from '../ledger/ledger-events.ts'
import { problemEvents } from '../problems/problem-events.ts'
import { LabelGuard } from './label-guard.ts'
import { PREFIX, type Prometheus } from './prometheus.ts'

const MAX_REASONS = 100
const MAX_CODES = 200

/** Records offers, proofs, money and refusals. @returns what ends it */
export function recordSales(prometheus: Prometheus, registry: Registry): () => void {
  const { Counter } = prometheus
  const registers = [registry]
  const offers = new Counter({
    name: `${PREFIX}offers_total`,
    help: 'Answers of 402 in which a rail offered a way to pay.',
    labelNames: ['rail'],
    registers
  })
  const missing = new Counter({
    name: `${PREFIX}offers_missing_total`,
    help: 'Requests for which a rail had no offer: 503, it is down; 429, the client asked too often.',
    labelNames: ['rail', 'status'],
    registers
  })
  const proofs = new Counter({
    name: `${PREFIX}proofs_total`,
    help: 'Proofs of payment by what they led to; a refusal has its code as the reason.',
    labelNames: ['rail', 'outcome', 'reason'],
    registers
  })
  const payments = new Counter({
    name: `${PREFIX}payments_taken_total`,
    help: 'Payments that this process captured, late ones included.',
    labelNames: ['rail', 'asset'],
    registers
  })
  const money = new Counter({
    name: `${PREFIX}money_taken_units_total`,
    help: "Money of the captured payments, in the asset's smallest unit.",
    labelNames: ['rail', 'asset'],
    registers
  })
  const problems = new Counter({
    name: `${PREFIX}problems_total`,
    help: 'Requests that were refused or failed, by the stable code that clients read; limits and shedding are among them.',
    labelNames: ['code', 'status'],
    registers
  })
  const reasons = new LabelGuard(MAX_REASONS)
  const codes = new LabelGuard(MAX_CODES)
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
