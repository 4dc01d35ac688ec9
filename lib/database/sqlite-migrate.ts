import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { figuresOf } from '../curve/figures.ts'
import { digestOf } from '../workouts/workout-digest.ts'
import { migrations } from './sqlite-migrations.ts'

const MIGRATION_FUNCTIONS = {
  figures_of: (workoutId: string, performedDate: string, answerJson: string) =>
    JSON.stringify(figuresOf(workoutId, performedDate, JSON.parse(answerJson))),
  digest_of: (workoutId: string, performedDate: string, answerJson: string) =>
    JSON.stringify(digestOf(figuresOf(workoutId, performedDate, JSON.parse(answerJson))))
}

/**
 * Brings the schema up to date in one transaction.
 * @throws Error when the file is newer than this program
 */
export function migrate(db: DatabaseSyncInstance): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > migrations.length)
      throw new Error(`the database has schema version ${version}, this program knows ${migrations.length}`)
    for (const [name, read] of Object.entries(MIGRATION_FUNCTIONS)) db.function(name, read)
    for (const migration of migrations.slice(version)) db.exec(migration)
    db.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
