import type { DatabaseConfig } from '../config/config.ts'
import type { Database } from '../database/database.ts'
import { SqliteDatabase } from '../database/sqlite/sqlite-database.ts'

/**
 * Opens the configured database and brings its schema up to date.
 * @throws Error when it cannot be opened or is newer than this program
 */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  if (config.kind === 'sqlite') return new SqliteDatabase(config.path)
  const { PostgresDatabase } = await import('../database/postgres/postgres-database.ts')
  return PostgresDatabase.open(config.url)
}
