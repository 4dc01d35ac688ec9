import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** Payments of one kind, counted and summed. */
export interface BookSum {
  readonly rail: string
  readonly asset: string
  readonly state: 'settling' | 'captured' | 'unknown' | 'released'
  /** YYYY-MM-DD, UTC: when it was captured, else when it began. */
  readonly day: string
  readonly payments: number
  /** In the asset's smallest unit. */
  readonly amountAtomic: bigint
}

/** Somebody's money, or answer, that is still here. */
export interface Owed {
  readonly why: 'refund' | 'outcome_unknown' | 'answer_not_collected'
  readonly rail: string
  /** Names the payment: a payment hash, or payer and nonce. */
  readonly proofKey: string
  /** Where the rail knows. */
  readonly payer: string | undefined
  readonly asset: string
  readonly amountAtomic: bigint
  readonly sinceMs: number
}

const DAY_MS = 86_400_000
const ROWS_AT_ONCE = 500

/** Sums by rail, asset, state and day, in this order. @throws DatabaseUnavailable */
export async function bookSums(database: Database): Promise<BookSum[]> {
  const rows = await database.query((queries) =>
    queries
      .selectFrom('payments')
      .select([
        'rail',
        'asset',
        'state',
        'amount_atomic',
        sql<number | string>`coalesce(captured_at_ms, settling_at_ms, claimed_at_ms) / ${sql.lit(DAY_MS)}`.as('day'),
        sql<number | string>`count(*)`.as('payments')
      ])
      .groupBy(['rail', 'asset', 'state', 'amount_atomic', 'day'])
      .execute()
  )
  const sums = new Map<string, BookSum>()
  for (const { rail, asset, state, amount_atomic, day, payments } of rows) {
    // A token of 18 decimals has sums that no column of 64 bits holds.
    const amountAtomic = BigInt(amount_atomic) * BigInt(payments)
    const date = new Date(Number(day) * DAY_MS).toISOString().slice(0, 10)
    const key = [rail, asset, state, date].join('\n')
    const before = sums.get(key)
    sums.set(key, {
      rail,
      asset,
      state,
      day: date,
      payments: (before?.payments ?? 0) + Number(payments),
      amountAtomic: (before?.amountAtomic ?? 0n) + amountAtomic
    })
  }
  return [...sums.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum)
}

/**
 * What is owed to whom, page by page: money that was paid first and bought nothing, transfers whose outcome is unknown,
 * and answers that were paid for and have not left.
 * @throws DatabaseUnavailable
 */
export async function* owed(database: Database): AsyncGenerator<Owed> {
  for (let after = ''; ; ) {
    const rows = await database.query((queries) =>
      queries
        .selectFrom('payments')
        .select(['proof_key', 'rail', 'state', 'payer', 'asset', 'amount_atomic', 'claimed_at_ms'])
        .where('proof_key', '>', after)
        .where(({ and, eb, or }) =>
          or([
            // Only what is settled after computing has a time until which it can be settled: it brought no money, unless
            // it was settled and its revision had lost its place.
            and([
              eb('state', '=', 'released'),
              or([eb('settle_before_s', 'is', null), eb('settlement', 'is not', null)])
            ]),
            eb('state', 'in', ['unknown', 'settling']),
            and([
              eb('state', '=', 'captured'),
              eb('settle_before_s', 'is not', null),
              eb('delivered_at_ms', 'is', null)
            ])
          ])
        )
        .orderBy('proof_key')
        .limit(ROWS_AT_ONCE)
        .execute()
    )
    for (const row of rows)
      yield {
        why: WHY[row.state],
        rail: row.rail,
        proofKey: row.proof_key,
        payer: row.payer ?? undefined,
        asset: row.asset,
        amountAtomic: BigInt(row.amount_atomic),
        sinceMs: Number(row.claimed_at_ms)
      }
    if (rows.length < ROWS_AT_ONCE) return
    after = rows.at(-1)!.proof_key
  }
}

const WHY = {
  released: 'refund',
  settling: 'outcome_unknown',
  unknown: 'outcome_unknown',
  captured: 'answer_not_collected'
} as const
