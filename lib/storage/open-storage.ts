import type { DatabaseConfig } from '../database/database.ts'
import { PostgresDatabase } from '../database/postgres/postgres-database.ts'
import { SqliteDatabase } from '../database/sqlite/sqlite-database.ts'
import { paymentHolds } from '../ledger/workout-holds.ts'
import { postgresAthleteVersions, SqliteAthleteVersions } from '../workouts/athlete-versions.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import { postgresMigrations } from './postgres-migrations.ts'
import { sqliteMigrations } from './sqlite-migrations.ts'

/** Payments and workouts in SQLite. */
export class SqliteStorage extends SqliteDatabase implements WorkoutDatabase {
  readonly versions: SqliteAthleteVersions
  readonly holds = paymentHolds

  /**
   * @param path a file, or `:memory:`
   * @param mustExist the database is neither created nor migrated
   * @throws Error if opening fails or the schema is newer than this program
   */
  constructor(path: string, mustExist = false) {
    const versions = new SqliteAthleteVersions()
    super(path, {
      migrations: sqliteMigrations,
      mustExist,
      beforeCommit: () => versions.keep(),
      afterRollback: () => versions.drop()
    })
    this.versions = versions
  }
}

/** Payments and workouts in Postgres. */
class PostgresStorage extends PostgresDatabase implements WorkoutDatabase {
  readonly versions = postgresAthleteVersions
  readonly holds = paymentHolds
}

/**
 * Opens the configured database, creates it if necessary and migrates its schema.
 * @throws Error if opening fails or the schema is newer than this program
 */
export function openStorage(config: DatabaseConfig): Promise<WorkoutDatabase> {
  return open(config, false)
}

/**
 * Opens the configured database for a command that only reads: it is neither created nor migrated.
 * @throws Error if opening fails, the database is missing, or its schema has another version
 */
export function openExistingStorage(config: DatabaseConfig): Promise<WorkoutDatabase> {
  return open(config, true)
}

async function open(config: DatabaseConfig, mustExist: boolean): Promise<WorkoutDatabase> {
  if (config.kind === 'sqlite') return new SqliteStorage(config.path, mustExist)
  const storage = new PostgresStorage(await PostgresDatabase.connect(config.url, postgresMigrations, mustExist))
  await storage.checkHealth()
  return storage
}
