import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import type { Kysely } from 'kysely'
import { type Database, DatabaseUnavailable, type Queries } from '../database.ts'
import { latestVersion, type Migration, pendingMigrations } from '../migration.ts'
import type { Script } from '../script.ts'
import { GroupCommit, MAX_PENDING_COMMITS } from './group-commit.ts'

const HEALTH_CHECK_MS = 1000
const BUSY_TIMEOUT_MS = 250

const PROBE = `
  INSERT INTO write_probe VALUES (1, unixepoch() * 1000) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms`

/** What a database is opened with. */
export interface SqliteSchema {
  readonly migrations: readonly Migration[]
  /** Statements that end each transaction, just before its commit. */
  beforeCommit?(): Script<void>
  /** Called after a transaction that was rolled back. */
  afterRollback?(): void
}

/**
 * One SQLite file, or memory, over one connection: in write-ahead mode with a sync at every commit; commits are grouped.
 * Two processes may share a file.
 */
export class SqliteDatabase implements Database {
  readonly #db: DatabaseSyncInstance
  readonly #path: string
  readonly #inode: number | undefined
  readonly #statements = new Map<string, StatementSyncInstance>()
  readonly #commits: GroupCommit
  readonly #healthTimer: NodeJS.Timeout
  #queries: Promise<Kysely<unknown>> | undefined
  #writable = true

  /**
   * Opens or creates the database and brings its schema up to date.
   * @param path a file, or `:memory:`
   * @throws Error when the file cannot be opened or is newer than this program
   */
  constructor(path: string, schema: SqliteSchema) {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    this.#path = path
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    this.#db = db
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000')
    // What was erased is not to be read from free pages, once the log is written back: at 8000 pages, or at the stop.
    db.exec('PRAGMA secure_delete = ON')
    migrate(db, schema.migrations)
    this.#inode = path === ':memory:' ? undefined : statSync(path).ino
    this.#commits = new GroupCommit({
      begin: () => {
        // A file that was deleted goes on taking writes, and loses them.
        if (!this.#fileIsThere()) throw new Error('the database file is gone')
        db.exec('BEGIN IMMEDIATE')
      },
      commit: () => {
        if (schema.beforeCommit) this.#run(schema.beforeCommit())
        db.exec('COMMIT')
      },
      rollback: (error) => {
        schema.afterRollback?.()
        if (!isConstraintFailure(error)) this.#writable = false
        if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
      },
      isRowFault: isConstraintFailure
    })
    this.#healthTimer = setInterval(() => this.#checkHealth(), HEALTH_CHECK_MS)
    this.#healthTimer.unref()
  }

  read<T>(script: () => Script<T>): T {
    try {
      return this.#run(script())
    } catch (error) {
      this.#writable = false
      throw new DatabaseUnavailable('the database cannot be read', { cause: error })
    }
  }

  async transact<T>(script: () => Script<T>): Promise<T> {
    try {
      return await this.#commits.run(() => this.#run(script()))
    } catch (error) {
      if (isConstraintFailure(error)) throw error
      throw new DatabaseUnavailable('the database cannot be written', { cause: error })
    }
  }

  async query<Tables, T>(ask: (queries: Queries<Tables>) => Promise<T>): Promise<T> {
    this.#queries ??= Promise.all([import('kysely'), import('./sqlite-dialect.ts')]).then(
      ([{ Kysely }, { sqliteDialect }]) => new Kysely({ dialect: sqliteDialect(this.#db) })
    )
    const queries = (await this.#queries) as Kysely<Tables>
    try {
      return await ask(queries)
    } catch (error) {
      throw new DatabaseUnavailable('the database cannot be read', { cause: error })
    }
  }

  isWritable(): boolean {
    return this.#writable && this.#commits.size < MAX_PENDING_COMMITS
  }

  async close(): Promise<void> {
    if (!this.#db.isOpen) return
    clearInterval(this.#healthTimer)
    this.#commits.flush()
    this.#writable = false
    try {
      // Prepared statements keep SQLite from doing this by itself; whoever copies the file of a stopped service needs it.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The file is gone or the disk is full: the write-ahead log stays, and the next start reads it.
    }
    this.#db.close()
  }

  #run<T>(script: Script<T>): T {
    let step = script.next()
    while (!step.done) {
      const { sql, parameters, wants } = step.value
      const statement = this.#statement(sql)
      if (wants === 'changes') step = script.next(statement.run(...parameters).changes)
      // Only `run` and `get` tell why a row was refused.
      else step = script.next(wants === 'row' ? statement.get(...parameters) : statement.all(...parameters))
    }
    return step.value
  }

  #statement(sql: string): StatementSyncInstance {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #fileIsThere(): boolean {
    return this.#inode === undefined || statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode
  }

  /** Finds out whether the file is still there and takes a write; a database that failed comes back by this alone. */
  #checkHealth(): void {
    try {
      const wasWritable = this.#writable
      this.#writable = this.#fileIsThere()
      if (wasWritable || !this.#writable) return
      this.#db.exec(PROBE)
    } catch {
      // A folder that may not be looked into any more is as bad as a full disk.
      this.#writable = false
    }
  }
}

/**
 * Brings the schema up to date in one transaction; `PRAGMA user_version` is its version.
 * @throws Error when the schema is newer or older than what this program migrates
 */
function migrate(db: DatabaseSyncInstance, migrations: readonly Migration[]): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    for (const { sql } of pendingMigrations(migrations, version)) db.exec(sql)
    db.exec(`PRAGMA user_version = ${latestVersion(migrations)}; COMMIT`)
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

const SQLITE_CONSTRAINT = 19

function isConstraintFailure(error: unknown): boolean {
  const { errcode } = error as { errcode?: number }
  // The primary code is the low byte of the extended one.
  return errcode !== undefined && (errcode & 0xff) === SQLITE_CONSTRAINT
}
