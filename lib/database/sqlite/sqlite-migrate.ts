import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { figuresOf, type WorkoutFigures } from '../../curve/figures.ts'
import { migrations } from '../../storage/sqlite-migrations.ts'
import { digestOf, movementsOf } from '../../workouts/workout-summary.ts'

type FromAnswer = (workoutId: string, performedDate: string, answerJson: string) => string

/** What migrations read from the answers that are there; SQLite counts the parameters. */
const MIGRATION_FUNCTIONS: Readonly<Record<string, FromAnswer>> = {
  figures_of: (id, date, answer) => JSON.stringify(figures(id, date, answer)),
  digest_of: (id, date, answer) => JSON.stringify(digestOf(figures(id, date, answer))),
  movements_of: (id, date, answer) => movementsOf(figures(id, date, answer))
}

function figures(workoutId: string, performedDate: string, answerJson: string): WorkoutFigures {
  return figuresOf(workoutId, performedDate, JSON.parse(answerJson))
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
