import type { Database } from '../database/database.ts'
import { rowsOf, type Script } from '../database/script.ts'
import type { Measure } from '../observe/measure.ts'

/** Pending and owed payments, summed by rail, asset and state. */
interface OpenSum {
  readonly rail: string
  readonly asset: string
  readonly state: 'settling' | 'unknown' | 'released'
  readonly count: number
  /** In the asset's smallest unit. */
  readonly amountAtomic: bigint
  /** Unix milliseconds at which the oldest of them was claimed; retries do not change it. */
  readonly sinceMs: number | undefined
}

interface Group {
  readonly rail: string
  readonly asset: string
  readonly state: OpenSum['state']
  readonly amount_atomic: string
  readonly payments: number
  readonly since_ms: number | null
}

// Equal amounts are counted in the database and multiplied here, because a sum may exceed the database's integers.
const COLUMNS = 'rail, asset, state, amount_atomic, count(*) AS payments, min(claimed_at_ms) AS since_ms'
const GROUP = 'GROUP BY rail, asset, state, amount_atomic'
// Each has an index of its rows, so the number of sales does not matter.
const SELECT_PENDING = `SELECT ${COLUMNS} FROM payments WHERE state IN ('settling', 'unknown') ${GROUP}`
const SELECT_OWED = `
  SELECT ${COLUMNS} FROM payments
  WHERE state = 'released' AND (settling_at_ms IS NULL OR settlement IS NOT NULL) ${GROUP}`

const SETTLED_LATE = 'outcome_unknown'
const LOST_PLACE = 'revision_lost_its_place'

/**
 * Pending and owed payments as metrics. A rail that owes nothing reports zero, so that the first debt is an increase.
 * @param rails names of all rails
 * @throws DatabaseUnavailable
 */
export async function openMeasures(database: Database, rails: readonly string[], nowMs: number): Promise<Measure[]> {
  const sums = await openSums(database)
  const debtFree = rails.filter((name) => !sums.some(({ rail, state }) => rail === name && state === 'released'))
  return [
    ...sums.flatMap((sum) => measuresOf(sum, nowMs)),
    ...debtFree.map((rail) => owedMeasure({ rail, asset: '', reason: LOST_PLACE }, 0))
  ]
}

async function openSums(database: Database): Promise<OpenSum[]> {
  const groups = await database.read(readGroups)
  const sums = new Map<string, OpenSum>()
  for (const { rail, asset, state, amount_atomic, payments, since_ms } of groups) {
    const key = `${rail} ${asset} ${state}`
    const before = sums.get(key)
    const since = [before?.sinceMs, since_ms ?? undefined].filter((ms) => ms !== undefined)
    sums.set(key, {
      rail,
      asset,
      state,
      count: (before?.count ?? 0) + Number(payments),
      amountAtomic: (before?.amountAtomic ?? 0n) + BigInt(amount_atomic) * BigInt(payments),
      sinceMs: since.length === 0 ? undefined : Math.min(...since)
    })
  }
  return [...sums.values()]
}

function* readGroups(): Script<readonly Group[]> {
  return [...(yield* rowsOf<Group>(SELECT_PENDING)), ...(yield* rowsOf<Group>(SELECT_OWED))]
}

function measuresOf({ rail, asset, state, count, amountAtomic, sinceMs }: OpenSum, nowMs: number): Measure[] {
  const measures: Measure[] = []
  if (state !== 'released') {
    const labels = { rail, asset, state }
    measures.push(
      {
        name: 'payments_pending',
        help: 'Payments that are settling or have an unknown outcome.',
        labels,
        value: count
      },
      {
        name: 'payment_pending_oldest_seconds',
        help: 'Age of the oldest payment that is settling or has an unknown outcome.',
        labels,
        value: sinceMs === undefined ? 0 : Math.max(0, nowMs - sinceMs) / 1000
      }
    )
  }
  if (state !== 'settling') {
    const labels = { rail, asset, reason: state === 'unknown' ? SETTLED_LATE : LOST_PLACE }
    measures.push(owedMeasure(labels, count), {
      name: 'money_owed_units',
      help: "Sum of the payments that bought no answer, in the asset's smallest unit.",
      labels,
      value: Number(amountAtomic)
    })
  }
  return measures
}

function owedMeasure(labels: Record<'rail' | 'asset' | 'reason', string>, value: number): Measure {
  return {
    name: 'payments_owed',
    help: 'Payments that bought no answer, as `npm run ledger -- owed` lists them; the same at every instance.',
    labels,
    value
  }
}
