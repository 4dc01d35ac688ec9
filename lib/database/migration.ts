/** One step of a schema, frozen once it has landed: its SQL calls no function of this program. */
export interface Migration {
  /** The schema's version after this step; versions rise by one. */
  readonly version: number
  readonly sql: string
}

/**
 * The steps that a database still needs.
 * @param migrations in order; the first one creates the schema
 * @param version of the existing schema, 0 without one
 * @throws Error if the schema is newer than this program or older than its first step
 */
export function pendingMigrations(migrations: readonly Migration[], version: number): readonly Migration[] {
  const oldest = migrations[0]!.version
  const newest = latestVersion(migrations)
  if (version > newest)
    throw new Error(`the database has schema version ${version}; this program supports versions up to ${newest}`)
  if (version > 0 && version < oldest)
    throw new Error(`the database has schema version ${version}; this program migrates version ${oldest} or later`)
  return migrations.filter((migration) => migration.version > version)
}

/**
 * Accepts only a schema that needs no step.
 * @param version of the existing schema, 0 without one
 * @throws Error if it is missing, older or newer
 */
export function assertCurrent(migrations: readonly Migration[], version: number): void {
  if (version === 0) throw new Error('the database has no schema: DATABASE_URL names no database of this service')
  if (pendingMigrations(migrations, version).length > 0)
    throw new Error(
      `the database has schema version ${version}, which this command does not change to ${latestVersion(migrations)}; ` +
        'use the command of the version that runs, or start the new version first'
    )
}

/** The version of a database after all steps. */
export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)!.version
}
