import type { DatabaseConfig } from '../database/database.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import { SqliteStorage } from './sqlite-storage.ts'

/**
 * Opens the configured database and migrates its schema.
 * @throws Error if opening fails or the schema is newer than this program
 */
export async function openStorage(config: DatabaseConfig): Promise<WorkoutDatabase> {
  if (config.kind === 'sqlite') return new SqliteStorage(config.path)
  const { openPostgresStorage } = await import('./postgres-storage.ts')
  return openPostgresStorage(config.url)
}
