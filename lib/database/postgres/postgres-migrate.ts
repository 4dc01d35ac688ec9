import { migrations } from '../../storage/postgres-migrations.ts'

/** Any number, the same in every instance. */
const MIGRATION_LOCK = 0x706f776f
const LOCK_WAIT_MS = 60_000

/**
 * Brings the schema up to date in one transaction; of several instances that start, one does and the others wait.
 * @throws Error when the schema is newer than this program
 */
export async function migrate(query: (sql: string) => Promise<readonly unknown[]>): Promise<void> {
  await query('BEGIN')
  await query(`SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`)
  await query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
  await query('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const [row] = (await query('SELECT version FROM schema_version')) as { version: number }[]
  const version = row?.version ?? 0
  if (version > migrations.length)
    throw new Error(`the database has schema version ${version}, this program knows ${migrations.length}`)
  for (const migration of migrations.slice(version)) await query(migration)
  await query(
    row === undefined
      ? `INSERT INTO schema_version VALUES (${migrations.length})`
      : `UPDATE schema_version SET version = ${migrations.length}`
  )
  await query('COMMIT')
}
