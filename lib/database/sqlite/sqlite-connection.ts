import { randomInt } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { latestVersion, type Migration, pendingMigrations } from '../migration.ts'
import { isStorageFault } from './sqlite-errors.ts'

const BUSY_TIMEOUT_MS = 250
const MAX_APPLICATION_ID = 2 ** 31 - 1

/** An open SQLite database whose schema is up to date. */
export interface SqliteConnection {
  readonly db: DatabaseSyncInstance
  /**
   * True where SQLite can create no files beside the database: the folder is read-only or its disk is full. Such a
   * connection reads the file as it was when it was opened, and writes nothing.
   */
  readonly isFrozen: boolean
  /** Random, and kept in the file; 0 where it could not be written yet. */
  readonly applicationId: number
}

/**
 * Opens or creates a database and brings its schema up to date. One that needs no migration is opened without a write,
 * and frozen where the storage takes none.
 * @param path a file, or `:memory:`
 * @throws Error when the file cannot be opened, is newer than this program, or needs a migration that cannot be written
 */
export function openConnection(path: string, migrations: readonly Migration[]): SqliteConnection {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  return liveOrFrozen(path, migrations, (db) => migrate(db, migrations))
}

/**
 * Opens a database again that was open before. An empty one is not taken for it.
 * @throws Error when the file cannot be opened or its schema is not up to date
 */
export function reopenConnection(path: string, migrations: readonly Migration[]): SqliteConnection {
  return liveOrFrozen(path, migrations, (db) => {
    if (!isCurrent(db, migrations)) throw new Error('the database schema differs from the one that was opened')
  })
}

/** @returns undefined while SQLite can create no files beside the database */
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
    // What the log holds is part of the database; without it only the file is left to read.
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
    // What was erased is not to be read from free pages, once the log is written back: at 8000 pages, or at the stop.
    db.exec('PRAGMA secure_delete = ON')
    prepare(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** @returns undefined where there is no database of this program's version to read */
function openFrozen(path: string, migrations: readonly Migration[]): DatabaseSyncInstance | undefined {
  let db: DatabaseSyncInstance | undefined
  try {
    db = new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true })
    if (isCurrent(db, migrations)) return db
  } catch {
    // The first failure says more.
  }
  db?.close()
  return undefined
}

/**
 * Brings the schema up to date in one transaction; `PRAGMA user_version` is its version. Each database gets a random
 * `application_id`, by which `DatabaseFile` knows it from another one.
 * @throws Error when the schema is newer or older than what this program migrates
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
    // The schema is all that is needed; a later start writes the id.
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
