import { createHash } from 'node:crypto'
import type { Database } from '../database/database.ts'
import type { PaymentQueries, PaymentsTable } from './payment-row.ts'

export type PaymentState = PaymentsTable['state']

/** A payment as the books show it: no answer, no workout, no proof. */
export interface BookedPayment {
  readonly proofKey: string
  readonly rail: string
  readonly state: PaymentState
  readonly route: string
  readonly amountAtomic: bigint
  readonly asset: string
  readonly payer: string | undefined
  /** The rail's settlement reference (x402: the transaction hash). */
  readonly settlement: string | undefined
  readonly claimedAtMs: number
  readonly settlingAtMs: number | undefined
  readonly capturedAtMs: number | undefined
  readonly deliveredAtMs: number | undefined
}

/** Amounts captured or pending on one day by one rail. */
export interface BookedSum {
  /** YYYY-MM-DD in UTC: of the capture, otherwise of the last event. */
  readonly day: string
  readonly rail: string
  readonly asset: string
  readonly state: PaymentState
  readonly count: number
  readonly amountAtomic: bigint
}

/** A payment that bought no answer, or has an unknown outcome. */
export interface OwedPayment extends BookedPayment {
  readonly why: 'revision_lost_its_place' | 'outcome_unknown'
}

const ROWS_AT_ONCE = 1000
const DAY_MS = 86_400_000

const COLUMNS = [
  'proof_key',
  'rail',
  'state',
  'route',
  'amount_atomic',
  'asset',
  'payer',
  'settlement',
  'claimed_at_ms',
  'settling_at_ms',
  'captured_at_ms',
  'delivered_at_ms'
] as const
type Row = Pick<PaymentsTable, (typeof COLUMNS)[number]>

/**
 * All payments, or those of one state, ordered by proof key; read page by page.
 * @throws DatabaseUnavailable
 */
export async function* bookedPayments(database: Database, state?: PaymentState): AsyncGenerator<BookedPayment> {
  for await (const row of rowsOf(database, state)) yield bookedFrom(row)
}

/**
 * What is owed: payments with an unknown outcome, and payments for a revision that had lost its place.
 * @throws DatabaseUnavailable
 */
export async function* owedPayments(database: Database): AsyncGenerator<OwedPayment> {
  for await (const row of rowsOf(database, 'unknown')) yield { ...bookedFrom(row), why: 'outcome_unknown' }
  // A payment that was never settled brought no money.
  for await (const row of rowsOf(database, 'owed')) yield { ...bookedFrom(row), why: 'revision_lost_its_place' }
}

/**
 * Sums by day, rail, asset and state, in that order.
 * @throws DatabaseUnavailable
 */
export async function bookedSums(database: Database): Promise<BookedSum[]> {
  // Equal amounts are counted in the database and multiplied here, because a sum may exceed the database's integers.
  const groups = await database.query((queries: PaymentQueries) =>
    queries
      .selectFrom('payments')
      .select(({ fn, eb, cast }) => [
        eb(
          cast<number>(fn.coalesce('captured_at_ms', 'settling_at_ms', 'claimed_at_ms'), 'bigint'),
          '/',
          eb.lit(DAY_MS)
        ).as('day'),
        'rail',
        'asset',
        'state',
        'amount_atomic',
        fn.countAll<number>().as('count')
      ])
      .groupBy(['day', 'rail', 'asset', 'state', 'amount_atomic'])
      .orderBy('day')
      .orderBy('rail')
      .orderBy('asset')
      .orderBy('state')
      .execute()
  )
  const sums: BookedSum[] = []
  for (const { day, rail, asset, state, amount_atomic, count } of groups) {
    const sum = { day: dayOf(day), rail, asset, state, count, amountAtomic: BigInt(amount_atomic) * BigInt(count) }
    const last = sums.at(-1)
    if (last?.day === sum.day && last.rail === rail && last.asset === asset && last.state === state)
      sums[sums.length - 1] = {
        ...last,
        count: last.count + count,
        amountAtomic: last.amountAtomic + sum.amountAtomic
      }
    else sums.push(sum)
  }
  return sums
}

/** @param state `owed`: released although paid; these and unknown payments are indexed */
async function* rowsOf(database: Database, state: PaymentState | 'owed' | undefined): AsyncGenerator<Row> {
  for (let after = ''; ; ) {
    const rows = await database.query((queries: PaymentQueries) => {
      const page = queries.selectFrom('payments').select(COLUMNS).where('proof_key', '>', after)
      if (state === 'owed') {
        const released = page.where('state', '=', 'released')
        const owed = released.where((is) => is.or([is('settling_at_ms', 'is', null), is('settlement', 'is not', null)]))
        return owed.orderBy('proof_key').limit(ROWS_AT_ONCE).execute()
      }
      const chosen = state === undefined ? page : page.where('state', '=', state)
      return chosen.orderBy('proof_key').limit(ROWS_AT_ONCE).execute()
    })
    yield* rows
    if (rows.length < ROWS_AT_ONCE) return
    after = rows.at(-1)!.proof_key
  }
}

function bookedFrom(row: Row): BookedPayment {
  return {
    proofKey: row.proof_key,
    rail: row.rail,
    state: row.state,
    route: row.route,
    amountAtomic: BigInt(row.amount_atomic),
    asset: row.asset,
    payer: row.payer ?? undefined,
    settlement: row.settlement ?? undefined,
    claimedAtMs: row.claimed_at_ms,
    settlingAtMs: row.settling_at_ms ?? undefined,
    capturedAtMs: row.captured_at_ms ?? undefined,
    deliveredAtMs: row.delivered_at_ms ?? undefined
  }
}

function dayOf(daysSinceEpoch: number): string {
  return new Date(daysSinceEpoch * DAY_MS).toISOString().slice(0, 10)
}

const DIGEST_SPACE = 1n << 256n

/** A digest of the books; equal books have equal digests. */
export interface BooksDigest {
  readonly payments: number
  /** 64 hex digits: the sum of each payment's SHA-256, which does not depend on the order of the payments. */
  readonly digest: string
}

/**
 * The digest of every payment with its state and amount.
 * @param untilMs unix milliseconds: only payments captured before this time, which never change
 */
export async function digestOf(payments: AsyncIterable<BookedPayment>, untilMs?: number): Promise<BooksDigest> {
  let count = 0
  let sum = 0n
  for await (const payment of payments) {
    if (untilMs !== undefined && !wasCapturedBefore(payment, untilMs)) continue
    const { proofKey, rail, asset, state, amountAtomic, claimedAtMs, payer, settlement } = payment
    const facts = [proofKey, rail, asset, state, String(amountAtomic), claimedAtMs, payer ?? null, settlement ?? null]
    sum = (sum + BigInt(`0x${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`)) % DIGEST_SPACE
    count += 1
  }
  return { payments: count, digest: sum.toString(16).padStart(64, '0') }
}

function wasCapturedBefore({ state, capturedAtMs }: BookedPayment, timeMs: number): boolean {
  return state === 'captured' && capturedAtMs !== undefined && capturedAtMs < timeMs
}
