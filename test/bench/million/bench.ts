/**
 * `npm run bench:million [-- --short]`: what a sale, a replay, a list and the books cost in a Postgres of a million sales
 * against one of ten thousand, what a sale takes on the disk, and what the sweep of expired answers does to sales.
 * Needs Postgres, some 10 GB of disk and minutes. Ends with an error when something did not work, never because of a figure.
 */
import { randomUUID } from 'node:crypto'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { bookedSums, owedPayments } from '../../../lib/ledger/books.ts'
import type { ClaimRequest, Ledger } from '../../../lib/ledger/ledger.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import { openMeasures } from '../../../lib/ledger/open-sums.ts'
import { openStorage } from '../../../lib/storage/open-storage.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { type CpuClock, cpuClock } from '../history/cpu-clock.ts'
import { type Question, StockedStore } from '../history/stocked-store.ts'
import { table } from '../report.ts'
import { median, percentile } from '../statistics.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const size = options.short
  ? { small: 1000, large: 20_000, rounds: 3, times: 50, expired: 2000 }
  : { small: 10_000, large: 1_000_000, rounds: 7, times: 200, expired: 50_000 }
const WARM_UPS = 2
const SALES_AT_ONCE = 8
const SWEEP_ROWS = 500
const QUESTIONS = ['insert', 'list of 20', 'detail'] as const satisfies readonly Question[]

const closing: (() => Promise<void> | void)[] = []
const say = (line: string) => process.stderr.write(`${line}\n`)

interface Store {
  readonly url: string
  readonly history: StockedStore
  readonly database: WorkoutDatabase
  readonly ledger: Ledger
  readonly clock: CpuClock
  /** Proofs that have bought their answers. */
  readonly known: readonly ClaimRequest[]
}

try {
  const began = performance.now()
  const server = await PostgresServer.start()
  closing.unshift(() => server.remove())
  const small = await stocked(server, size.small)
  const large = await stocked(server, size.large)
  const filledSeconds = Math.round((performance.now() - began) / 1000)

  const figures = []
  for (const question of QUESTIONS)
    figures.push(
      await compared(question, small, large, (store) =>
        store.history.measure(question, size.times).then(({ cpuUs }) => cpuUs)
      )
    )
  figures.push(
    await compared('claim of a new proof', small, large, (store) => claims(store, newProofs(size.times), 'claimed'))
  )
  figures.push(
    await compared('replay: claim of a sold proof', small, large, (store) =>
      claims(store, store.known.slice(0, size.times), 'captured')
    )
  )
  figures.push(
    await compared('books: what is owed', small, large, (store) =>
      timed(store, 20, async () => {
        for await (const _ of owedPayments(store.database)) throw new Error('nothing is owed')
      })
    )
  )
  figures.push(
    await compared('books: open sums, for the metrics', small, large, (store) =>
      timed(store, 20, () => openMeasures(store.database, ['l402', 'x402'], Date.now()))
    )
  )
  figures.push(
    await compared(
      'books: sums of everything',
      small,
      large,
      (store) => timed(store, 1, () => bookedSums(store.database)),
      '; linear by nature: `npm run ledger`, by hand only'
    )
  )
  process.stdout.write(`${table(figures)}\n\n`)
  await tellDisk(large.url, size.large)
  await tellSweep(large)
  process.stdout.write(
    `\n${size.large.toLocaleString('en-US')} sales, filled with ${size.small.toLocaleString('en-US')} more in ${filledSeconds} s; ` +
      `${Math.round((performance.now() - began) / 1000)} s in all, Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model})\n`
  )
} finally {
  for (const close of closing) await close()
}

async function stocked(server: PostgresServer, sales: number): Promise<Store> {
  say(`a store of ${sales} sales`)
  const url = await server.makeDatabase()
  const history = await StockedStore.make({ kind: 'postgres', url }, sales, server.pid)
  closing.unshift(() => history.close())
  const database = await openStorage({ kind: 'postgres', url })
  const ledger = openLedger(database, Date.now)
  closing.unshift(async () => {
    await ledger.close()
    await database.close()
  })
  const rows = await asked<{ proof_key: string; fingerprint: string; answer_kept_until_ms: string }>(
    url,
    `SELECT proof_key, fingerprint, answer_kept_until_ms FROM payments TABLESAMPLE BERNOULLI (${Math.min(100, (200 * size.times) / sales)}) LIMIT ${size.times}`
  )
  const known = rows.map((row) => request(row.proof_key, row.fingerprint))
  return { url, history, database, ledger, clock: cpuClock(server.pid), known }
}

/** CPU microseconds once, in both stores by turns: on a shared machine only neighbours compare. */
async function compared(
  name: string,
  small: Store,
  large: Store,
  measure: (store: Store) => Promise<number>,
  remark = ''
) {
  say(name)
  const pairs: { small: number; large: number }[] = []
  for (let round = -WARM_UPS; round < size.rounds; round++) {
    const pair = { small: await measure(small), large: await measure(large) }
    if (round >= 0) pairs.push(pair)
  }
  const us = (value: number) => `${Math.round(value).toLocaleString('en-US')} us`
  return {
    name,
    value: median(pairs.map((pair) => pair.large / pair.small)),
    unit: `x at ${size.small.toLocaleString('en-US')}`,
    target: undefined,
    note: `${us(median(pairs.map((pair) => pair.large)))} CPU against ${us(median(pairs.map((pair) => pair.small)))}${remark}`
  }
}

async function claims({ ledger, clock }: Store, requests: readonly ClaimRequest[], kind: string): Promise<number> {
  clock()
  for (const each of requests) {
    const outcome = await ledger.claim(each)
    if (outcome.kind !== kind) throw new Error(`expected ${kind}, got ${outcome.kind}`)
    if (outcome.kind === 'claimed') await ledger.release(outcome.claim)
  }
  return clock() / requests.length
}

async function timed({ clock }: Store, times: number, run: () => Promise<unknown>): Promise<number> {
  clock()
  for (let time = 0; time < times; time++) await run()
  return clock() / times
}

function newProofs(count: number): ClaimRequest[] {
  return Array.from({ length: count }, () =>
    request(`l402:${randomUUID()}`, randomUUID().replaceAll('-', '').repeat(2))
  )
}

function request(proofKey: string, fingerprint: string): ClaimRequest {
  return {
    proofKey,
    rail: 'l402',
    fingerprint,
    route: '/v1/compute-power',
    amountAtomic: 100_000n,
    asset: 'msat',
    answerKeptUntilMs: Date.now() + 60_000
  }
}

/** What a sale takes on the disk, its indexes among it. */
async function tellDisk(url: string, sales: number): Promise<void> {
  const [row] = await asked<Record<string, string>>(
    url,
    `SELECT pg_table_size('payments') AS payments, pg_indexes_size('payments') AS payment_indexes,
      pg_table_size('revisions') AS revisions, pg_indexes_size('revisions') AS revision_indexes,
      pg_database_size(current_database()) AS whole`
  )
  const parts = Object.entries(row!).map(([name, bytes]) => `${name} ${Math.round(Number(bytes) / sales)}`)
  process.stdout.write(`bytes a sale: ${parts.join(', ')}; ${(Number(row!.whole) / 1e9).toFixed(2)} GB in all\n`)
}

/** Expired answers are dropped while sales go on; a sale then takes what it takes without. */
async function tellSweep({ url, ledger }: Store): Promise<void> {
  await asked(
    url,
    `INSERT INTO payments (proof_key, rail, state, fingerprint, route, amount_atomic, asset, claimed_at_ms, captured_at_ms,
      answer_status, answer_body, answer_kept_until_ms)
    SELECT 'l402:expired' || n, 'l402', 'captured', repeat('a', 64), '/v1/compute-power', '100000', 'msat', 0, 0, 200,
      repeat(md5(n::text), 80), 1 FROM generate_series(1, ${size.expired}) AS n`
  )
  const quiet = await sales(ledger, () => false)
  let dropped = 0
  let longestMs = 0
  let isOver = false
  const sweeping = (async () => {
    for (let count = SWEEP_ROWS; count === SWEEP_ROWS; dropped += count) {
      const began = performance.now()
      count = await ledger.dropExpiredAnswers(SWEEP_ROWS)
      longestMs = Math.max(longestMs, performance.now() - began)
    }
    isOver = true
  })()
  const beside = await sales(ledger, () => !isOver)
  await sweeping
  if (dropped !== size.expired) throw new Error(`${dropped} answers were dropped, not ${size.expired}`)
  const ms = (times: readonly number[], share: number) => `${percentile(times, share).toFixed(1)} ms`
  process.stdout.write(
    `sweep: ${dropped} expired answers, ${SWEEP_ROWS} at a time, the longest transaction ${longestMs.toFixed(0)} ms; ` +
      `a sale meanwhile p50 ${ms(beside, 0.5)}, p99 ${ms(beside, 0.99)} of ${beside.length}; ` +
      `without p50 ${ms(quiet, 0.5)}, p99 ${ms(quiet, 0.99)} of ${quiet.length}\n`
  )
}

/** Sells what is not stored, many at once. @returns milliseconds each */
async function sales(ledger: Ledger, goesOn: () => boolean): Promise<number[]> {
  const times: number[] = []
  await Promise.all(
    Array.from({ length: SALES_AT_ONCE }, async () => {
      for (let count = 0; count < size.times || goesOn(); count++) {
        const [proof] = newProofs(1)
        const began = performance.now()
        const outcome = await ledger.claim(proof!)
        if (outcome.kind !== 'claimed') throw new Error(outcome.kind)
        await ledger.capture(outcome.claim, { status: 200, body: '{}' })
        times.push(performance.now() - began)
      }
    })
  )
  return times
}

async function asked<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
