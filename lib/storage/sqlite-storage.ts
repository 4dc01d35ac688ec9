import { SqliteDatabase } from '../database/sqlite/sqlite-database.ts'
import { paymentHolds } from '../ledger/workout-holds.ts'
import { SqliteAthleteVersions } from '../workouts/athlete-versions.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import { sqliteMigrations } from './sqlite-migrations.ts'

/** Payments and workouts in SQLite. */
export class SqliteStorage extends SqliteDatabase implements WorkoutDatabase {
  readonly versions: SqliteAthleteVersions
  readonly holds = paymentHolds

  /**
   * @param path a file, or `:memory:`
   * @throws Error if opening fails or the schema is newer than this program
   */
  constructor(path: string) {
    const versions = new SqliteAthleteVersions()
    super(path, {
      migrations: sqliteMigrations,
      beforeCommit: () => versions.keep(),
      afterRollback: () => versions.drop()
    })
    this.versions = versions
  }
}
