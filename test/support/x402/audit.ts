/** Compares the books, the chain, the answers and the logs: every cent is accounted for. */
import { DatabaseSync } from '@photostructure/sqlite'
import type { Test } from 'tap'
import type { Hex } from '../../../lib/x402/settler.ts'
import type { TestChain } from './chain.ts'
import { workoutId } from './client.ts'
import type { X402Environment } from './environment.ts'

const PRICE_ATOMIC = 100_000n
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

/** The expected result of a scenario. */
export interface Expected {
  /** Paid answers, each once. */
  readonly sold: number
  /** Of these, how many a client has received; by default all. */
  readonly collected?: number
  /** Payments with an unknown outcome. */
  readonly pending?: number
  /** Answers that were bought over the other rail. */
  readonly overLightning?: number
  /** Amount moved without this service. */
  readonly unearnedAtomic?: bigint
}

export interface Entry {
  readonly proof_key: string
  readonly state: string
  readonly rail: string
  readonly amount_atomic: string
  readonly settlement: string | null
  readonly workout_id: string | null
}

export async function audit(t: Test, environment: X402Environment, expected: Expected): Promise<void> {
  const { sold, collected = sold, pending = 0, overLightning = 0, unearnedAtomic = 0n } = expected
  const { chain, payTo, client, database } = environment
  const entries = entriesOf(database)
  const captured = entries.filter(({ rail, state }) => rail === 'x402' && state === 'captured')
  const open = entries.filter(isOpen)
  t.equal(captured.length, sold, `the books hold ${sold} sold`)
  t.equal(open.length, pending, `and ${pending} of which nobody knows yet`)
  t.strictSame(new Set(captured.map((entry) => entry.amount_atomic)), new Set(sold > 0 ? [String(PRICE_ATOMIC)] : []))

  t.equal(await chain.balance(payTo), PRICE_ATOMIC * BigInt(sold) + unearnedAtomic, 'the chain has moved as much')
  const moved = await transfersTo(chain, payTo)
  for (const { settlement } of captured) t.ok(settlement && moved.has(settlement), 'by the transaction in the books')
  t.equal(new Set(captured.map(({ settlement }) => settlement)).size, sold, 'each by one of its own')
  t.equal(await reverted(environment), 0, 'and none was reverted')

  const rows = new Set(entries.filter(({ state }) => state === 'captured').map((entry) => entry.workout_id))
  t.equal(revisionCount(database), rows.size, 'no workout without a payment')
  const answers = new Set(client.bought.map(({ text }) => text))
  t.equal(answers.size, collected + overLightning, 'each payment has bought one answer')
  for (const answer of client.bought) t.ok(rows.has(workoutId(answer)), 'and no answer was left unpaid')

  t.match(environment.log(), 'listening', 'the log is there')
  t.equal(client.leaksIn(environment.log()), 0, 'and holds no secret')
  t.equal(client.leaksIn(resolvedRows(database)), 0, 'nor do the books, but for payments that are still pending')
}

export function entriesOf(database: string): Entry[] {
  return query(
    database,
    `SELECT p.proof_key, p.state, p.rail, p.amount_atomic, p.settlement, r.workout_id
     FROM payments p LEFT JOIN revisions r ON r.revision_id = p.answer_revision_id`
  ) as Entry[]
}

function isOpen({ state }: { readonly state?: unknown }): boolean {
  return state === 'settling' || state === 'unknown'
}

function revisionCount(database: string): number {
  return query(database, 'SELECT revision_id FROM revisions').length
}

function query(database: string, sql: string): unknown[] {
  const db = new DatabaseSync(database, { readOnly: true, timeout: 30_000 })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

/** Every row of every table, without the proofs of payments that are not resolved. */
function resolvedRows(database: string): string {
  const tables = query(database, "SELECT name FROM sqlite_schema WHERE type = 'table'") as { name: string }[]
  const rows = tables.flatMap(({ name }) => query(database, `SELECT * FROM "${name}"`) as Record<string, unknown>[])
  return JSON.stringify(rows.map((row) => (isOpen(row) ? { ...row, pending_proof: null } : row)))
}

async function transfersTo(chain: TestChain, payTo: Hex): Promise<Set<string>> {
  const topics = [TRANSFER, null, `0x${payTo.slice(2).padStart(64, '0')}`]
  const logs = await chain.rpc('eth_getLogs', { fromBlock: '0x0', address: chain.embedded.asset, topics })
  return new Set((logs as { transactionHash: string }[]).map(({ transactionHash }) => transactionHash))
}

/** The number of failed transactions, from any sender. */
async function reverted({ chain, firstBlock }: X402Environment): Promise<number> {
  const latest = Number(await chain.rpc('eth_blockNumber'))
  let count = 0
  for (let number = firstBlock; number <= latest; number++) {
    const receipts = await chain.rpc('eth_getBlockReceipts', `0x${number.toString(16)}`)
    count += (receipts as { status: string }[]).filter(({ status }) => status !== '0x1').length
  }
  return count
}
