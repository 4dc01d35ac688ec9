import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import type { Kysely } from 'kysely'
import { observeStage } from '../../observe/calls.ts'
import { type Database, DatabaseUnavailable, type Queries } from '../database.ts'
import type { Migration } from '../migration.ts'
import type { Script } from '../script.ts'
import { DatabaseFile, LOG_IS_GONE } from './database-file.ts'
import { GroupCommit, MAX_PENDING_COMMITS } from './group-commit.ts'
import {
  openConnection,
  openExistingConnection,
  reopenConnection,
  type SqliteConnection,
  thawedConnection
} from './sqlite-connection.ts'
import { isConstraintFailure } from './sqlite-errors.ts'

const HEALTH_CHECK_MS = 1000

const PROBE = `
  INSERT INTO write_probe VALUES (1, unixepoch() * 1000) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms`

/** Options of a database. */
export interface SqliteSchema {
  readonly migrations: readonly Migration[]
  /** True: the database is neither created nor migrated. */
  readonly mustExist?: boolean
  /** Statements that run just before each commit. */
  beforeCommit?(): Script<void>
  /** Called after a rollback. */
  afterRollback?(): void
}

/**
 * One SQLite file, or memory, over one connection: in write-ahead mode with a sync at every commit; commits are
 * grouped. Two processes may share a file. While the file is missing or differs from the opened one, nothing is read or
 * written; once it is back it is reopened.
 */
export class SqliteDatabase implements Database {
  readonly #path: string
  readonly #schema: SqliteSchema
  readonly #file: DatabaseFile | undefined
  readonly #statements = new Map<string, StatementSyncInstance>()
  readonly #commits: GroupCommit
  readonly #healthTimer: NodeJS.Timeout
  #db: DatabaseSyncInstance
  #isFrozen: boolean
  #queries: Promise<Kysely<unknown>> | undefined
  #writable = true
  #openedMs: number | undefined
  /** Why reads fail too. */
  #fault: string | undefined

  /**
   * Opens or creates the database and migrates its schema. On read-only storage it is opened for reading, if its schema
   * is current.
   * @param path a file, or `:memory:`
   * @throws Error if opening fails or the schema is newer than this program
   */
  constructor(path: string, schema: SqliteSchema) {
    const opened = (schema.mustExist ? openExistingConnection : openConnection)(path, schema.migrations)
    const { db, isFrozen, applicationId } = opened
    this.#path = path
    this.#schema = schema
    this.#db = db
    this.#isFrozen = isFrozen
    this.#file = path === ':memory:' ? undefined : new DatabaseFile(path, applicationId)
    this.#openedMs = this.#file?.writtenAtMs
    this.#probe()
    this.#commits = new GroupCommit({
      begin: () => {
        // A deleted file still accepts writes and loses them.
        this.#fault ??= this.#file?.fault()
        this.#assertThere()
        this.#db.exec('BEGIN IMMEDIATE')
      },
      commit: () => {
        if (schema.beforeCommit) this.#run(schema.beforeCommit())
        this.#db.exec('COMMIT')
      },
      rollback: (error) => {
        schema.afterRollback?.()
        if (!isConstraintFailure(error)) this.#writable = false
        if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
      },
      isRowFault: isConstraintFailure
    })
    this.#healthTimer = setInterval(() => this.#checkHealth(), HEALTH_CHECK_MS)
    this.#healthTimer.unref()
  }

  read<T>(script: () => Script<T>): T {
    try {
      this.#assertThere()
      return this.#run(script())
    } catch (error) {
      this.#writable = false
      throw new DatabaseUnavailable('the database is not readable', { cause: error })
    }
  }

  async transact<T>(script: () => Script<T>): Promise<T> {
    try {
      return await observeStage('sqlite', 'transact', () => this.#commits.run(() => this.#run(script())))
    } catch (error) {
      if (isConstraintFailure(error)) throw error
      throw new DatabaseUnavailable('the database is not writable', { cause: error })
    }
  }

  async query<Tables, T>(ask: (queries: Queries<Tables>) => Promise<T>): Promise<T> {
    this.#queries ??= Promise.all([import('kysely'), import('./sqlite-dialect.ts')]).then(
      ([{ Kysely }, { sqliteDialect }]) => new Kysely({ dialect: sqliteDialect(this.#db) })
    )
    const opened = this.#queries
    try {
      const queries = (await opened) as Kysely<Tables>
      this.#assertThere()
      return await ask(queries)
    } catch (error) {
      // The database was reopened meanwhile, which closed this connection: reads may be retried.
      if (this.#queries !== opened && this.#fault === undefined) return this.query(ask)
      throw new DatabaseUnavailable('the database is not readable', { cause: error })
    }
  }

  get waiting(): number {
    return this.#commits.size
  }

  isReadable(): boolean {
    return this.#db.isOpen && this.#fault === undefined
  }

  isWritable(): boolean {
    return this.#writable
  }

  hasRoom(): boolean {
    return this.#commits.size < MAX_PENDING_COMMITS
  }

  async close(): Promise<void> {
    if (!this.#db.isOpen) return
    clearInterval(this.#healthTimer)
    this.#commits.flush()
    this.#writable = false
    try {
      // Prepared statements keep SQLite from doing this itself; a copy of a stopped service's file must be complete. A
      // file that differs from the opened one is left unchanged.
      if (this.#file?.inspect() === undefined) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The disk is full: the write-ahead log remains, and the next start reads it.
    }
    this.#db.close()
    this.#file?.close()
  }

  #run<T>(script: Script<T>): T {
    let step = script.next()
    while (!step.done) {
      const { sql, parameters, wants } = step.value
      const statement = this.#statement(sql)
      if (wants === 'changes') step = script.next(statement.run(...parameters).changes)
      // Only `run` and `get` report why a row was rejected.
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

  #assertThere(): void {
    if (this.#fault !== undefined) throw new Error(this.#fault)
  }

  /** Checks that the file is in place and accepts a write; only this check ends an outage. */
  #checkHealth(): void {
    try {
      const found = this.#file?.inspect()
      if (found === LOG_IS_GONE) this.#renewLog()
      else if (this.#fault !== undefined) this.#takeUp()
      else if (this.#isFrozen) this.#thaw()
      this.#fault = this.#file?.inspect()
    } catch (error) {
      // An unreadable folder counts as a missing file.
      this.#fault ??= (error as Error).message
    }
    if (this.#fault !== undefined) this.#writable = false
    else if (!this.#writable) this.#probe()
  }

  /** Only a write proves that writes are accepted. */
  #probe(): void {
    try {
      this.#db.exec(PROBE)
      this.#writable = true
    } catch {
      this.#writable = false
    }
  }

  /**
   * The deleted log is still readable through its open handle: its content goes into the file, and a new log begins.
   */
  #renewLog(): void {
    if (!this.#isFrozen) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#use(reopenConnection(this.#path, this.#schema.migrations))
  }

  /**
   * Opens the file at the path if it is the same database.
   * @throws Error if it is not, or opening fails
   */
  #takeUp(): void {
    this.#file?.takeUp()
    this.#use(reopenConnection(this.#path, this.#schema.migrations))
  }

  #thaw(): void {
    const thawed = thawedConnection(this.#path, this.#schema.migrations)
    if (thawed !== undefined) this.#use(thawed)
    // Another program with write access has written: this connection still reads the state at its opening.
    else if (this.#file?.writtenAtMs !== this.#openedMs) this.#takeUp()
  }

  #use({ db, isFrozen }: SqliteConnection): void {
    const before = this.#db
    this.#db = db
    this.#isFrozen = isFrozen
    this.#statements.clear()
    this.#queries = undefined
    before.close()
    this.#file?.noteLog()
    this.#openedMs = this.#file?.writtenAtMs
    this.#writable = false
  }
}
