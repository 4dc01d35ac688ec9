import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { assertCurrent, latestVersion, type Migration, pendingMigrations } from '../migration.ts'
import { isStorageFault } from './sqlite-errors.ts'

const BUSY_TIMEOUT_MS = 250
const MAX_APPLICATION_ID = 2 ** 31 - 1

/** An open SQLite database whose schema is up to date. */
export interface SqliteConnection {
  readonly db: DatabaseSyncInstance
  /**
   * True if SQLite can create no files beside the database: the folder is read-only or its disk is full. Such a
   * connection reads the file as it was at opening and writes nothing.
   */
  readonly isFrozen: boolean
  /** Random and stored in the file; 0 if it could not be written yet. */
  readonly applicationId: number
}

/**
 * Opens or creates a database and migrates its schema. A current one is opened without a write, and frozen if the
 * storage accepts none.
 * @param path a file, or `:memory:`
 * @throws Error if opening fails, the schema is newer than this program, or a required migration fails
 */
export function openConnection(path: string, migrations: readonly Migration[]): SqliteConnection {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  return liveOrFrozen(path, migrations, (db) => migrate(db, migrations))
}

/**
 * Opens a database without creating or migrating it.
 * @throws Error if it is missing, opening fails, or the schema is not current
 */
export function openExistingConnection(path: string, migrations: readonly Migration[]): SqliteConnection {
  if (path !== ':memory:' && !existsSync(path)) throw new Error(`there is no database at ${path}`)
  return liveOrFrozen(path, migrations, (db) => assertCurrent(migrations, pragmaOf(db, 'user_version')))
}

/**
 * Reopens a database. An empty file is not accepted.
 * @throws Error if opening fails or the schema is not current
 */
export function reopenConnection(path: string, migrations: readonly Migration[]): SqliteConnection {
  return liveOrFrozen(path, migrations, (db) => {
    if (!isCurrent(db, migrations)) throw new Error('the database schema differs from the one that was opened')
  })
}

/** @returns undefined if SQLite can create no files beside the database */
export function thawedConnection(path: string, migrations: readonly Migration[]): SqliteConnection | undefined {
  try {
    return asConnection(
      openLive(path, (db) => migrate(db, migrations)),
      false
    )
  } catch {
    return undefined
  }
}

function liveOrFrozen(
  path: string,
  migrations: readonly Migration[],
  prepare: (db: DatabaseSyncInstance) => void
): SqliteConnection {
  try {
    return asConnection(openLive(path, prepare), false)
  } catch (error) {
    // The log is part of the database; without access to it only the file is readable.
    if (!isStorageFault(error) || path === ':memory:' || sizeOf(`${path}-wal`) > 0) throw error
    const db = openFrozen(path, migrations)
    if (db === undefined) throw error
    return asConnection(db, true)
  }
}

function asConnection(db: DatabaseSyncInstance, isFrozen: boolean): SqliteConnection {
  return { db, isFrozen, applicationId: pragmaOf(db, 'application_id') }
}

function openLive(path: string, prepare: (db: DatabaseSyncInstance) => void): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000')
    // Erased data must not remain in free pages after the log is written back: at 8000 pages, or at the stop.
    db.exec('PRAGMA secure_delete = ON')
    prepare(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** @returns undefined if there is no readable database of this program's version */
function openFrozen(path: string, migrations: readonly Migration[]): DatabaseSyncInstance | undefined {
  let db: DatabaseSyncInstance | undefined
  try {
    db = new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true })
    if (isCurrent(db, migrations)) return db
  } catch {
    // The first failure is more informative.
  }
  db?.close()
  return undefined
}

/**
 * Migrates the schema in one transaction; `PRAGMA user_version` is its version. Each database gets a random
 * `application_id`, by which `DatabaseFile` recognises it.
 * @throws Error if the schema is newer or older than this program migrates
 */
function migrate(db: DatabaseSyncInstance, migrations: readonly Migration[]): void {
  const needsNone = pendingMigrations(migrations, pragmaOf(db, 'user_version')).length === 0
  if (needsNone && pragmaOf(db, 'application_id') !== 0) return
  try {
    db.exec('BEGIN IMMEDIATE')
    for (const { sql } of pendingMigrations(migrations, pragmaOf(db, 'user_version'))) db.exec(sql)
    if (pragmaOf(db, 'application_id') === 0) db.exec(`PRAGMA application_id = ${randomInt(1, MAX_APPLICATION_ID)}`)
    db.exec(`PRAGMA user_version = ${latestVersion(migrations)}; COMMIT`)
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    // The schema suffices; a later start writes the id.
    if (!needsNone || !isStorageFault(error)) throw error
  }
}

function isCurrent(db: DatabaseSyncInstance, migrations: readonly Migration[]): boolean {
  return pragmaOf(db, 'user_version') === latestVersion(migrations)
}

function pragmaOf(db: DatabaseSyncInstance, pragma: 'user_version' | 'application_id'): number {
  return (db.prepare(`PRAGMA ${pragma}`).get() as Record<typeof pragma, number>)[pragma]
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
