import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import type { DatabaseConfig } from '../../../lib/database/database.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { isServersRun, noPostgres } from '../../support/servers.ts'

/** A kind of database, and how to get an empty one. */
export interface Place {
  readonly name: string
  /** For a test, gone after it. */
  make(t: Test): Promise<DatabaseConfig>
}

export const MEMORY: Place = {
  name: ':memory:',
  make: async () => ({ kind: 'sqlite', path: ':memory:' })
}

export const FILE: Place = {
  name: 'file',
  async make(t) {
    const folder = mkdtempSync(join(tmpdir(), 'power-billing-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    return { kind: 'sqlite', path: join(folder, 'ledger.db') }
  }
}

/** Some of SQLite's, or Postgres where the run is for what needs a server. What is left out says so. */
export async function placesOfRun(...sqlite: readonly Place[]): Promise<readonly Place[]> {
  if (noPostgres) {
    t.test('postgres', { skip: noPostgres }, () => {})
    return isServersRun ? [] : sqlite
  }
  const server = await PostgresServer.start()
  t.teardown(() => server.remove())
  // One for all tests of a file, which run one after the other: making a database takes longer than most of them.
  const url = await server.makeDatabase()
  let isNew = true
  return [
    {
      name: 'postgres',
      async make() {
        if (!isNew) await empty(url)
        isNew = false
        return { kind: 'postgres', url }
      }
    }
  ]
}

async function empty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'"
    )
    await client.query(rows.map(({ tablename }) => `DELETE FROM ${tablename}`).join(';'))
  } finally {
    await client.end()
  }
}
