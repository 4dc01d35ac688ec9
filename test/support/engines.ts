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
  /** Opens it as an instance does; closed after the test at the latest. */
  open(): Promise<WorkoutDatabase>
  /** Asks beside the program, as an accountant would. */
  rows(sql: string): Promise<Record<string, unknown>[]>
}

export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** The server, where there is one. */
  readonly server?: PostgresServer
  makePlace(t: Test): Promise<Place>
}

/**
 * Runs tests on SQLite, or on Postgres where the run is for what needs a server. What is left out says so.
 * @param t the file's root test
 */
export async function onEachEngine(t: Test, tests: (t: Test, engine: Engine) => void | Promise<void>): Promise<void> {
  if (!isServersRun)
    await t.test('sqlite', async (t) => {
      await tests(t, { name: 'sqlite', makePlace: makeSqlitePlace })
    })
  await t.test('postgres', { skip: noPostgres }, async (t) => {
    const server = await PostgresServer.start()
    t.teardown(() => server.remove())
    await tests(t, {
      name: 'postgres',
      server,
      async makePlace(t) {
        const url = await server.makeDatabase()
        return placeOf(t, { kind: 'postgres', url }, (sql) => askPostgres(url, sql))
      }
    })
  })
}

async function makeSqlitePlace(t: Test): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'power-db-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'made', 'oracle.db')
  return placeOf(t, { kind: 'sqlite', path }, async (sql) => askSqlite(path, sql))
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
