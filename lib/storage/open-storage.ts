import type { DatabaseConfig } from '../database/database.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import { SqliteStorage } from './sqlite-storage.ts'

/**
 * Opens the configured database with the product's schema, and brings it up to date.
 * @throws Error when it cannot be opened, or is newer than this program
 */
export async function openStorage(config: DatabaseConfig): Promise<WorkoutDatabase> {
  if (config.kind === 'sqlite') return new SqliteStorage(config.path)
  const { openPostgresStorage } = await import('./postgres-storage.ts')
  return openPostgresStorage(config.url)
}
