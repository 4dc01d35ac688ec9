import type { Kysely } from 'kysely'
import type { Pool, PoolClient, PoolConfig } from 'pg'
import { observeStage } from '../../observe/calls.ts'
import { withDeadline } from '../../time/deadline.ts'
import { commitEvents, type Database, DatabaseUnavailable, type Queries } from '../database.ts'
import type { Migration } from '../migration.ts'
import type { Script, Statement } from '../script.ts'
import { isLostRace, isOutage, isRowFault, isWriteOutage, sqlStateOf } from './postgres-errors.ts'
import { assertMigrated, migrate } from './postgres-migrate.ts'

const MAX_CONNECTIONS = 10
/** The longest queue for a connection; above it the server has stopped keeping up. */
const MAX_WAITING = 1024
const CONNECT_MS = 2000
const READ_MS = 2000
const WRITE_MS = 5000
const CLOSE_MS = 2000
const HEALTH_CHECK_MS = 1000
/** A deadlock's victim or the loser of a race is retried. */
const MAX_ATTEMPTS = 3

const PROBE = `
  INSERT INTO write_probe VALUES (1, (extract(epoch FROM now()) * 1000)::bigint)
  ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms`
/** Cheaper than a write, and detects a server that turned read-only (a standby, a full disk's guard). */
const QUESTION = `SELECT current_setting('transaction_read_only') AS "readOnly"`

/**
 * Postgres over a bounded pool of connections. Every wait is bounded: with a server that is down, frozen or read-only,
 * calls fail with `DatabaseUnavailable` until the server accepts a write again.
 */
export class PostgresDatabase implements Database {
  readonly #pool: Pool
  readonly #healthTimer: NodeJS.Timeout
  #queries: Promise<Kysely<unknown>> | undefined
  readonly #running = new Set<Promise<unknown>>()
  #isChecking = false
  #writable = true
  #readable = true

  /**
   * Connects and migrates the schema; if several instances start, one migrates and the others wait.
   * @param mustExist for a command: the schema is neither created nor migrated, and a report over all rows may take long
   * @throws Error if the server is unreachable or its schema is newer than this program
   */
  static async connect(url: string, migrations: readonly Migration[], mustExist = false): Promise<Pool> {
    // Loaded on demand, because most instances have no Postgres.
    const { default: pg } = await import('pg')
    const config = connectionConfig(url, pg.types.getTypeParser as NonNullable<PoolConfig['types']>['getTypeParser'])
    const client = new pg.Client({ ...config, ...PATIENT, lock_timeout: undefined })
    // If the server dies while this waits for another instance, the waiting query reports it.
    client.on('error', () => {})
    await client.connect()
    try {
      const prepare = mustExist ? assertMigrated : migrate
      await prepare((sql) => client.query(sql).then(({ rows }) => rows), migrations)
    } finally {
      await client.end()
    }
    return new pg.Pool({ ...config, ...(mustExist && PATIENT), max: MAX_CONNECTIONS })
  }

  /** @param pool as `connect` returns it; call `checkHealth` before the first use */
  constructor(pool: Pool) {
    this.#pool = pool
    pool.on('error', () => {
      this.#writable = false
      this.#readable = false
    })
    // A connection that dies in use also fails its query; without a listener its error would end the process.
    pool.on('connect', (client) => client.on('error', () => {}))
    this.#healthTimer = setInterval(() => this.checkHealth(), HEALTH_CHECK_MS)
    this.#healthTimer.unref()
  }

  async read<T>(script: () => Script<T>): Promise<T> {
    try {
      return await observeStage('postgres', 'read', () =>
        withDeadline(
          run(script(), (statement) => this.#pool.query(queryOf(statement))),
          READ_MS,
          noAnswer
        )
      )
    } catch (error) {
      throw this.#unavailable(error)
    }
  }

  transact<T>(script: () => Script<T>): Promise<T> {
    return observeStage('postgres', 'transact', () => this.#again(() => this.#transactOnce(script)))
  }

  /**
   * Runs one statement as its own transaction, in one round trip.
   * @returns the number of rows returned or changed
   */
  execute(sql: string, parameters: readonly unknown[]): Promise<number> {
    return observeStage('postgres', 'execute', () =>
      this.#again(async () => (await this.#pool.query(queryOf({ sql, parameters }))).rowCount ?? 0)
    )
  }

  async query<Tables, T>(ask: (queries: Queries<Tables>) => Promise<T>): Promise<T> {
    this.#queries ??= import('kysely').then(
      ({ Kysely, PostgresDialect }) => new Kysely({ dialect: new PostgresDialect({ pool: this.#pool }) })
    )
    const queries = (await this.#queries) as Kysely<Tables>
    try {
      return await ask(queries)
    } catch (error) {
      throw this.#unavailable(error)
    }
  }

  get waiting(): number {
    return this.#pool.waitingCount
  }

  isReadable(): boolean {
    return this.#readable
  }

  isWritable(): boolean {
    return this.#writable
  }

  hasRoom(): boolean {
    return this.#pool.waitingCount < MAX_WAITING
  }

  async close(): Promise<void> {
    clearInterval(this.#healthTimer)
    this.#writable = false
    this.#readable = false
    if (this.#pool.ending) return
    // Running queries complete; a frozen server never closes its connections.
    const over = Promise.allSettled(this.#running).then(() => this.#pool.end())
    await withDeadline(over, CLOSE_MS, () => {}).catch(() => {})
  }

  async #again<T>(work: () => Promise<T>): Promise<T> {
    const beganMs = commitEvents.isHeard ? performance.now() : 0
    const running = this.#attempt(work)
    this.#running.add(running)
    try {
      const result = await running
      if (commitEvents.isHeard) commitEvents.publish({ size: 1, seconds: (performance.now() - beganMs) / 1000 })
      return result
    } finally {
      this.#running.delete(running)
    }
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (isRowFault(error)) throw error
        if (!isLostRace(error) || attempt === MAX_ATTEMPTS) throw this.#unavailable(error)
      }
    }
  }

  async #transactOnce<T>(script: () => Script<T>): Promise<T> {
    const client = await this.#pool.connect()
    let isSound = false
    try {
      await client.query('BEGIN')
      const value = await run(script(), (statement) => client.query(queryOf(statement)))
      await client.query('COMMIT')
      isSound = true
      return value
    } catch (error) {
      isSound = sqlStateOf(error) !== undefined && (await rollback(client))
      throw error
    } finally {
      client.release(!isSound)
    }
  }

  #unavailable(error: unknown): DatabaseUnavailable {
    if (isOutage(error)) this.#writable = false
    if (isOutage(error) && !isWriteOutage(error)) this.#readable = false
    return new DatabaseUnavailable('the database does not respond', { cause: error })
  }

  /** Checks that the server is reachable and accepts writes; only this check ends an outage. */
  async checkHealth(): Promise<void> {
    if (this.#isChecking) return
    this.#isChecking = true
    const isWell = this.#writable
    try {
      const isReadOnly = await this.#isReadOnly()
      this.#readable = !this.#pool.ending
      // Only a write proves that writes are accepted, so a read does not end an outage.
      if (isReadOnly) this.#writable = false
      else if (!isWell) {
        await this.#ask(PROBE)
        this.#writable = !this.#pool.ending
      }
    } catch (error) {
      this.#unavailable(error)
      this.#writable = false
    } finally {
      this.#isChecking = false
    }
  }

  async #isReadOnly(): Promise<boolean> {
    const { rows } = await this.#ask(QUESTION)
    return rows[0]?.readOnly !== 'off'
  }

  #ask(sql: string): Promise<{ rows: { readOnly?: string }[] }> {
    return withDeadline(this.#pool.query(sql), READ_MS, noAnswer)
  }
}

function noAnswer(): never {
  throw new Error(`no answer within ${READ_MS} ms`)
}

function connectionConfig(
  connectionString: string,
  getTypeParser: NonNullable<PoolConfig['types']>['getTypeParser']
): PoolConfig {
  return {
    connectionString,
    application_name: 'power-oracle',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: WRITE_MS,
    statement_timeout: WRITE_MS,
    lock_timeout: WRITE_MS,
    // An instance that froze inside a transaction must not lock an athlete indefinitely.
    idle_in_transaction_session_timeout: 2 * WRITE_MS,
    keepAlive: true,
    // Sequences and milliseconds fit a JavaScript number; amounts are text.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : getTypeParser(oid, format)) }
  }
}

/** No limit on the time of a statement. */
const PATIENT = { query_timeout: undefined, statement_timeout: undefined }

const INT8 = 20

async function run<T>(
  script: Script<T>,
  ask: (statement: Statement) => Promise<{ rows: readonly unknown[]; rowCount: number | null }>
): Promise<T> {
  let step = script.next()
  while (!step.done) {
    const { wants } = step.value
    const { rows, rowCount } = await ask(step.value)
    step = script.next(wants === 'changes' ? (rowCount ?? 0) : wants === 'row' ? rows[0] : rows)
  }
  return step.value
}

async function rollback(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK')
    return true
  } catch {
    return false
  }
}

const numbered = new Map<string, string>()

/** Numbers the placeholders, as Postgres requires. */
function queryOf({ sql, parameters }: Pick<Statement, 'sql' | 'parameters'>): { text: string; values: unknown[] } {
  let text = numbered.get(sql)
  if (text === undefined) {
    let count = 0
    text = sql.replace(/\?/g, () => `$${++count}`)
    numbered.set(sql, text)
  }
  return { text, values: parameters as unknown[] }
}
