import { PostgresDatabase } from '../database/postgres/postgres-database.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import { DatabaseLedger } from './database-ledger.ts'
import type { Ledger } from './ledger.ts'
import { PostgresLedger } from './postgres-ledger.ts'

/**
 * The ledger of a database; closing it leaves the database open.
 * @param now unix milliseconds
 */
export function openLedger(database: WorkoutDatabase, now: () => number): Ledger {
  return database instanceof PostgresDatabase ? new PostgresLedger(database, now) : new DatabaseLedger(database, now)
}
