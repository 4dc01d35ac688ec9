import { PostgresDatabase } from '../database/postgres/postgres-database.ts'
import { paymentHolds } from '../ledger/workout-holds.ts'
import { postgresAthleteVersions } from '../workouts/athlete-versions.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import { postgresMigrations } from './postgres-migrations.ts'

/** Payments and workouts in Postgres. */
class PostgresStorage extends PostgresDatabase implements WorkoutDatabase {
  readonly versions = postgresAthleteVersions
  readonly holds = paymentHolds
}

/** @throws Error if the server is unreachable or its schema is newer than this program */
export async function openPostgresStorage(url: string): Promise<WorkoutDatabase> {
  const storage = new PostgresStorage(await PostgresDatabase.connect(url, postgresMigrations))
  await storage.checkHealth()
  return storage
}
