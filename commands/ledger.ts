import { parseArgs } from 'node:util'
import { stringify } from 'csv-stringify/sync'
import { loadDatabase } from '../config.ts'
import {
  type BookedPayment,
  type BookedSum,
  bookedPayments,
  bookedSums,
  digestOf,
  type OwedPayment,
  owedPayments
} from '../lib/ledger/books.ts'
import { openExistingStorage } from '../lib/storage/open-storage.ts'
import type { WorkoutDatabase } from '../lib/workouts/workout-database.ts'
import { fail } from './fail.ts'
import { textTable } from './text-table.ts'

const REPORTS = ['sums', 'owed', 'payments'] as const
type Report = (typeof REPORTS)[number]
const STATES = ['settling', 'captured', 'unknown', 'released'] as const
type State = (typeof STATES)[number]
type Row = Record<string, string>

const USAGE = `npm run ledger -- [${REPORTS.join('|')}] [--state ${STATES.join('|')}] [--format table|csv|json]

  sums      payments counted and summed by day, rail, asset and state
  owed      what is owed to whom: refunds, transfers with an unknown outcome, answers that were not collected
  payments  every payment, or those in one state
  Without a name: sums and owed. csv requires one of them.

npm run ledger -- verify [digest] [--until 2026-01-31T12:00:00Z]

  A digest of every payment with its state and amount, to compare books after a restore; fails if it differs from
  the digest given. With --until: of the payments captured before that time, which later sales do not change.`

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/

/**
 * The books, for an operator; DATABASE_URL names the database, which is neither created nor migrated. Only reads; the
 * service may run.
 */
try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'table' },
      state: { type: 'string' },
      until: { type: 'string' },
      help: { type: 'boolean', default: false }
    }
  })
  const { format, state, until, help } = values
  const isKnown = positionals.length <= 1 && positionals.every((name) => REPORTS.includes(name as Report))
  const isStated = state === undefined || (STATES.includes(state as State) && positionals[0] === 'payments')
  const isFormat = ['table', 'csv', 'json'].includes(format) && !(format === 'csv' && positionals.length === 0)
  if (help) process.stdout.write(`${USAGE}\n`)
  else if (positionals[0] === 'verify' && positionals.length <= 2 && isTime(until)) await verify(positionals[1], until)
  else if (until !== undefined || !isKnown || !isStated || !isFormat) fail(USAGE)
  else await print(positionals.length === 0 ? ['sums', 'owed'] : (positionals as Report[]), format, state as State)
} catch (error) {
  fail((error as Error).message)
}

function isTime(text: string | undefined): boolean {
  return text === undefined || (TIME.test(text) && !Number.isNaN(Date.parse(text)))
}

async function verify(expected: string | undefined, until: string | undefined): Promise<void> {
  const database = await openExistingStorage(loadDatabase(process.env))
  try {
    const untilMs = until === undefined ? undefined : Date.parse(until)
    const { payments, digest } = await digestOf(bookedPayments(database), untilMs)
    const which = until === undefined ? '' : ` captured before ${until}`
    process.stdout.write(`${payments} payments${which}, digest ${digest}\n`)
    if (expected !== undefined && expected !== digest) fail(`The digest differs from ${expected}.`)
  } finally {
    await database.close()
  }
}

async function print(reports: readonly Report[], format: string, state: State | undefined): Promise<void> {
  const database = await openExistingStorage(loadDatabase(process.env))
  try {
    const tables: Record<string, Row[]> = {}
    for (const report of reports) tables[report] = await rowsOf(report, database, state)
    if (format === 'json') process.stdout.write(`${JSON.stringify(tables, null, 2)}\n`)
    else
      for (const [name, rows] of Object.entries(tables))
        process.stdout.write(format === 'csv' ? stringify(rows, { header: true }) : `${name}\n${textTable(rows)}\n`)
  } finally {
    await database.close()
  }
}

async function rowsOf(report: Report, database: WorkoutDatabase, state: State | undefined): Promise<Row[]> {
  if (report === 'sums') return (await bookedSums(database)).map(sumRow)
  const rows: Row[] = []
  if (report === 'owed') for await (const payment of owedPayments(database)) rows.push(owedRow(payment))
  else for await (const payment of bookedPayments(database, state)) rows.push(paymentRow(payment))
  return rows
}

function sumRow({ day, rail, asset, state, count, amountAtomic }: BookedSum): Row {
  return { day, rail, asset, state, payments: String(count), amount_atomic: amountAtomic.toString() }
}

function owedRow({ why, ...payment }: OwedPayment): Row {
  return { why, ...paymentRow(payment) }
}

function paymentRow(paid: BookedPayment): Row {
  const { claimedAtMs, rail, state, asset, amountAtomic, payer = '', settlement = '', proofKey: payment } = paid
  const since = new Date(claimedAtMs).toISOString()
  return { since, rail, state, asset, amount_atomic: amountAtomic.toString(), payer, settlement, payment }
}
