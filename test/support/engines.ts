import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import type { Test } from 'tap'
import type { DatabaseConfig } from '../../lib/database/database.ts'
import { openStorage } from '../../lib/storage/open-storage.ts'
import type { WorkoutDatabase } from '../../lib/workouts/workout-database.ts'
import { PostgresServer } from './postgres-server.ts'
import { isServersRun, noPostgres } from './servers.ts'

/** An empty database, which any number of instances may open. */
export interface Place {
  readonly config: DatabaseConfig
  /** Opens it as an instance does; it is closed after the test at the latest. */
  open(): Promise<WorkoutDatabase>
  /** Queries the database independently of the program. */
  rows(sql: string): Promise<Record<string, unknown>[]>
}

export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** For test titles: SQLite runs in a file or in memory. */
  readonly title: string
  /** The server, if there is one. */
  readonly server?: PostgresServer
  makePlace(t: Test): Promise<Place>
}

/** SQLite in memory: each `open` opens another database. */
export const MEMORY: Engine = {
  name: 'sqlite',
  title: ':memory:',
  makePlace: async (t) =>
    placeOf(t, { kind: 'sqlite', path: ':memory:' }, () => Promise.reject(new Error('nobody else sees a memory')))
}

/** SQLite in a file, gone after the test. */
export const FILE: Engine = {
  name: 'sqlite',
  title: 'file',
  async makePlace(t) {
    const folder = mkdtempSync(join(tmpdir(), 'power-db-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'made', 'oracle.db')
    return placeOf(t, { kind: 'sqlite', path }, async (sql) => askSqlite(path, sql))
  }
}

/**
 * Runs tests on SQLite, or on Postgres in a run of `test:servers`. Skipped tests are reported.
 * @param t the file's root test
 */
export async function onEachEngine(t: Test, tests: (t: Test, engine: Engine) => void | Promise<void>): Promise<void> {
  if (!isServersRun) await t.test('sqlite', async (t) => await tests(t, FILE))
  await t.test('postgres', { skip: noPostgres }, async (t) => {
    const server = await PostgresServer.start()
    t.teardown(() => server.remove())
    await tests(
      t,
      postgres(server, () => server.makeDatabase())
    )
  })
}

/**
 * Some of SQLite's engines, or Postgres in a run of `test:servers`. All tests of a file share one Postgres database, which
 * is emptied for each: creating a database takes longer than most of them.
 * @param t the file's root test
 */
export async function enginesOfRun(t: Test, ...sqlite: readonly Engine[]): Promise<readonly Engine[]> {
  if (noPostgres) {
    t.test('postgres', { skip: noPostgres }, () => {})
    return isServersRun ? [] : sqlite
  }
  const server = await PostgresServer.start()
  t.teardown(() => server.remove())
  const url = await server.makeDatabase()
  let isNew = true
  return [
    postgres(server, async () => {
      if (!isNew) await empty(url)
      isNew = false
      return url
    })
  ]
}

function postgres(server: PostgresServer, emptyDatabase: () => Promise<string>): Engine {
  return {
    name: 'postgres',
    title: 'postgres',
    server,
    async makePlace(t) {
      const url = await emptyDatabase()
      return placeOf(t, { kind: 'postgres', url }, (sql) => askPostgres(url, sql))
    }
  }
}

function placeOf(t: Test, config: DatabaseConfig, rows: Place['rows']): Place {
  return {
    config,
    rows,
    async open() {
      const database = await openStorage(config)
      // Some tests close it themselves.
      t.teardown(() => database.close().catch(() => {}))
      return database
    }
  }
}

function askSqlite(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  } finally {
    db.close()
  }
}

async function askPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: (oid) => (oid === 20 ? Number : pg.types.getTypeParser(oid)) }
  })
  await client.connect()
  try {
    return (await client.query(sql)).rows.map((row) => ({ ...row }))
  } finally {
    await client.end()
  }
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
