import { setTimeout as sleep } from 'node:timers/promises'
import { assertCurrent, latestVersion, type Migration, pendingMigrations } from '../migration.ts'
import { sqlStateOf } from './postgres-errors.ts'

/** An arbitrary number, the same in every instance. */
const MIGRATION_LOCK = 0x706f776f
const LOCK_WAIT_MS = 60_000
/** Statements of running instances queue behind a migration that waits for a table, so it waits briefly and retries. */
const TABLE_WAIT_MS = 1000
const RETRY_MS = 2000
const LOCK_NOT_AVAILABLE = '55P03'

type Query = (sql: string) => Promise<readonly unknown[]>

/**
 * Migrates the schema in one transaction; if several instances start, one migrates and the others wait. A table that a
 * backup reads is waited for.
 * @throws Error if the schema is newer or older than this program migrates, or a table stays locked for a minute
 */
export async function migrate(query: Query, migrations: readonly Migration[]): Promise<void> {
  // A server that accepts no writes is used for reading if it needs no migration.
  if ((await versionOf(query)) === latestVersion(migrations)) return
  for (const end = Date.now() + LOCK_WAIT_MS; ; await sleep(RETRY_MS)) {
    try {
      return await migrateOnce(query, migrations)
    } catch (error) {
      if (sqlStateOf(error) !== LOCK_NOT_AVAILABLE) throw error
      if (Date.now() > end)
        throw new Error('the migration waits for a table that another program reads, such as pg_dump', { cause: error })
      await query('ROLLBACK')
    }
  }
}

async function migrateOnce(query: Query, migrations: readonly Migration[]): Promise<void> {
  await query('BEGIN')
  await query(`SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`)
  await query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
  await query(`SET LOCAL lock_timeout = ${TABLE_WAIT_MS}`)
  await query('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const [row] = (await query('SELECT version FROM schema_version')) as { version: number }[]
  for (const { sql } of pendingMigrations(migrations, row?.version ?? 0)) await query(sql)
  const newest = latestVersion(migrations)
  await query(
    row === undefined
      ? `INSERT INTO schema_version VALUES (${newest})`
      : `UPDATE schema_version SET version = ${newest}`
  )
  await query('COMMIT')
}

/**
 * Accepts only a schema that needs no migration.
 * @throws Error if it is missing, older or newer
 */
export async function assertMigrated(query: Query, migrations: readonly Migration[]): Promise<void> {
  assertCurrent(migrations, await versionOf(query))
}

/** 0 without a schema. */
async function versionOf(query: Query): Promise<number> {
  const [table] = (await query(`SELECT to_regclass('schema_version') AS name`)) as { name: string | null }[]
  if (table?.name === null) return 0
  const [row] = (await query('SELECT version FROM schema_version')) as { version: number }[]
  return row?.version ?? 0
}
