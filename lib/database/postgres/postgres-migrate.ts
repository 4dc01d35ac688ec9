import { assertCurrent, latestVersion, type Migration, pendingMigrations } from '../migration.ts'

/** An arbitrary number, the same in every instance. */
const MIGRATION_LOCK = 0x706f776f
const LOCK_WAIT_MS = 60_000

/**
 * Migrates the schema in one transaction; if several instances start, one migrates and the others wait.
 * @throws Error if the schema is newer or older than this program migrates
 */
export async function migrate(
  query: (sql: string) => Promise<readonly unknown[]>,
  migrations: readonly Migration[]
): Promise<void> {
  // A server that accepts no writes is used for reading if it needs no migration.
  if ((await versionOf(query)) === latestVersion(migrations)) return
  await query('BEGIN')
  await query(`SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`)
  await query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
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
export async function assertMigrated(
  query: (sql: string) => Promise<readonly unknown[]>,
  migrations: readonly Migration[]
): Promise<void> {
  assertCurrent(migrations, await versionOf(query))
}

/** 0 without a schema. */
async function versionOf(query: (sql: string) => Promise<readonly unknown[]>): Promise<number> {
  const [table] = (await query(`SELECT to_regclass('schema_version') AS name`)) as { name: string | null }[]
  if (table?.name === null) return 0
  const [row] = (await query('SELECT version FROM schema_version')) as { version: number }[]
  return row?.version ?? 0
}
