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

/** The version of a database after all steps. */
export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)!.version
}
