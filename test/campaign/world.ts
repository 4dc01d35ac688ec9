/** Services, their database and a chain, for clients that see nothing of them but HTTP. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import t, { type Test } from 'tap'
import type { Hex } from '../../lib/x402/settler.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { NO_LIMITS } from '../support/purchase.ts'
import { type Instance, startInstances } from '../support/service-process.ts'
import { startTestChain, type TestChain } from '../support/x402/chain.ts'
import { startFacilitator } from '../support/x402/facilitator.ts'

export const ENGINES = ['sqlite', 'postgres'] as const
export type EngineName = (typeof ENGINES)[number]

/** For tap's `skip`: the reason where an engine is not there. */
export function noEngine(engine: EngineName): string | false {
  if (engine === 'sqlite') return false
  const found = PostgresServer.find()
  return 'reason' in found ? found.reason : false
}

export interface World {
  readonly chain: TestChain
  /** Paid by nobody before. */
  readonly payTo: Hex
  readonly instances: readonly Instance[]
  /** Asks the database beside the service, as an accountant would. */
  rows(sql: string): Promise<Record<string, unknown>[]>
}

const fileTest = t
/** One for a file: a facilitator remembers by address which transaction it sent last. */
let chainOfFile: Promise<TestChain> | undefined

/** Both rails, on one database; several instances share a facilitator, a single one settles by itself. */
export async function openWorld(
  t: Test,
  engine: EngineName,
  { instances: count, settings = {} }: { readonly instances: number; readonly settings?: Record<string, string> }
): Promise<World> {
  chainOfFile ??= startTestChain(fileTest)
  const chain = await chainOfFile
  const { settlerKey } = chain.embedded
  const payTo: Hex = `0x${randomBytes(20).toString('hex')}`
  const { url, rows } = engine === 'sqlite' ? sqliteIn(t.testdir()) : await postgresFor(t)
  const way =
    count === 1
      ? { X402: 'self', X402_SIGNER_KEY: settlerKey.slice(2) }
      : { X402: 'facilitator', X402_FACILITATOR_URL: (await startFacilitator(t, chain)).url }
  const instances = await startInstances(t, count, {
    DATABASE_URL: url,
    L402_SECRETS: `1:${randomBytes(32).toString('hex')}`,
    ...way,
    ...chain.settings(payTo),
    ...NO_LIMITS,
    ...settings
  })
  return { chain, payTo, instances, rows }
}

function sqliteIn(folder: string): { url: string; rows: World['rows'] } {
  const path = join(folder, 'oracle.db')
  const rows = async (sql: string) => {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 30_000 })
    try {
      return db.prepare(sql).all() as Record<string, unknown>[]
    } finally {
      db.close()
    }
  }
  return { url: `sqlite:${path}`, rows }
}

async function postgresFor(t: Test): Promise<{ url: string; rows: World['rows'] }> {
  const server = await PostgresServer.start()
  t.teardown(() => server.remove())
  const url = await server.makeDatabase()
  const name = new URL(url).pathname.slice(1)
  return { url, rows: async (sql) => (await server.ask(name, sql)) as Record<string, unknown>[] }
}
