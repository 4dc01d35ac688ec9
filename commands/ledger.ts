import { parseArgs } from 'node:util'
import { stringify } from 'csv-stringify/sync'
import { loadConfig } from '../lib/config/load-config.ts'
import { openDatabase } from '../lib/database/open-database.ts'
import { type BookSum, bookSums, type Owed, owed } from '../lib/ledger/books.ts'
import { fail } from './fail.ts'
import { textTable } from './text-table.ts'

const USAGE = `npm run ledger -- [sums|owed] [--format table|csv|json]

  sums  payments by rail, asset, state and day
  owed  what is owed to whom: refunds, transfers whose outcome is unknown, answers that were not collected
  Both without a name. csv takes one of them.`

/** The books, for an operator: DATABASE_URL says which. Reads alone; the service may run. */
try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { format: { type: 'string', default: 'table' }, help: { type: 'boolean', default: false } }
  })
  const [report, ...more] = positionals
  const { format } = values
  if (values.help) process.stdout.write(`${USAGE}\n`)
  else if (
    more.length > 0 ||
    (report !== undefined && report !== 'sums' && report !== 'owed') ||
    !['table', 'csv', 'json'].includes(format) ||
    (format === 'csv' && report === undefined)
  )
    fail(USAGE)
  else await print(report, format)
} catch (error) {
  fail((error as Error).message)
}

async function print(report: 'sums' | 'owed' | undefined, format: string): Promise<void> {
  const database = await openDatabase(loadConfig(process.env).database)
  try {
    const reports: Record<string, Record<string, string>[]> = {}
    if (report !== 'owed') reports.sums = (await bookSums(database)).map(sumShown)
    if (report !== 'sums') {
      reports.owed = []
      for await (const each of owed(database)) reports.owed.push(owedShown(each))
    }
    if (format === 'json') process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
    else
      for (const [name, rows] of Object.entries(reports))
        process.stdout.write(format === 'csv' ? stringify(rows, { header: true }) : `${name}\n${textTable(rows)}\n`)
  } finally {
    await database.close()
  }
}

function sumShown({ rail, asset, state, day, payments, amountAtomic }: BookSum): Record<string, string> {
  return { day, rail, asset, state, payments: String(payments), amount_atomic: amountAtomic.toString() }
}

function owedShown({ why, rail, proofKey, payer, asset, amountAtomic, sinceMs }: Owed): Record<string, string> {
  const since = new Date(sinceMs).toISOString()
  return { why, rail, since, asset, amount_atomic: amountAtomic.toString(), payer: payer ?? '', payment: proofKey }
}
