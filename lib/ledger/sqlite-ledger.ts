import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { ClaimsInFlight } from './claims-in-flight.ts'
import { GroupCommit, MAX_PENDING_COMMITS } from './group-commit.ts'
import {
  type Claim,
  type ClaimOutcome,
  type ClaimRequest,
  type Ledger,
  LedgerUnavailable,
  type StoredAnswer,
  type WorkoutRecord
} from './ledger.ts'
import { migrations } from './sqlite-schema.ts'

interface PaymentRow {
  readonly fingerprint: string
  readonly answer_status: number | null
  readonly answer_body: string | null
}

const HEALTH_CHECK_MS = 1000
const BUSY_TIMEOUT_MS = 250

const INSERT_PAYMENT = `
  INSERT INTO payments (proof_key, rail, state, fingerprint, route, amount_atomic, asset, claimed_at_ms,
    captured_at_ms, answer_status, answer_body, answer_revision_id, answer_kept_until_ms)
  VALUES (?, ?, 'captured', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (proof_key) DO NOTHING`
const INSERT_REVISION = `
  INSERT INTO revisions (revision_id, workout_id, athlete_key, state, performed_date, request_json, answer_json,
    created_at_ms)
  VALUES (?, ?, ?, 'canonical', ?, ?, ?, ?)`
// A completed workout's answer is its revision; it is not written twice.
const SELECT_PAYMENT = `
  SELECT p.fingerprint, p.answer_status, coalesce(p.answer_body, r.answer_json) AS answer_body
  FROM payments p LEFT JOIN revisions r ON r.revision_id = p.answer_revision_id
  WHERE p.proof_key = ?`
const DROP_ANSWERS = `
  UPDATE payments SET answer_body = NULL WHERE proof_key IN (
    SELECT proof_key FROM payments WHERE answer_body IS NOT NULL AND answer_kept_until_ms < ? LIMIT ?)`

/**
 * The ledger in one SQLite file, in write-ahead mode with a sync at every commit; commits are grouped.
 * A claim is held in memory: a crash before capture leaves the proof unconsumed, which is what it is.
 * The unique key decides between two processes on one file: the slower one serves the faster one's answer.
 */
export class SqliteLedger implements Ledger {
  readonly #db: DatabaseSyncInstance
  readonly #path: string
  readonly #inode: number | undefined
  readonly #now: () => number
  readonly #inFlight = new ClaimsInFlight()
  readonly #commits: GroupCommit
  readonly #healthTimer: NodeJS.Timeout
  readonly #insertPayment: StatementSyncInstance
  readonly #insertRevision: StatementSyncInstance
  readonly #selectPayment: StatementSyncInstance
  readonly #dropAnswers: StatementSyncInstance
  #writable = true

  /**
   * Opens or creates the database and brings its schema up to date.
   * @param path a file, or `:memory:`
   * @param now unix milliseconds
   * @throws Error when the file cannot be opened or is newer than this program
   */
  constructor(path: string, now: () => number) {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    this.#path = path
    this.#now = now
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    this.#db = db
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000')
    migrate(db)
    this.#inode = path === ':memory:' ? undefined : statSync(path).ino
    this.#insertPayment = db.prepare(INSERT_PAYMENT)
    this.#insertRevision = db.prepare(INSERT_REVISION)
    this.#selectPayment = db.prepare(SELECT_PAYMENT)
    this.#dropAnswers = db.prepare(DROP_ANSWERS)
    this.#commits = new GroupCommit({
      begin: () => {
        // A file that was deleted goes on taking writes, and loses them.
        if (!this.#fileIsThere()) throw new Error('the database file is gone')
        db.exec('BEGIN IMMEDIATE')
      },
      commit: () => db.exec('COMMIT'),
      rollback: (error) => {
        if (!isConstraintFailure(error)) this.#writable = false
        if (db.isTransaction) db.exec('ROLLBACK')
      },
      isRowFault: isConstraintFailure
    })
    this.#healthTimer = setInterval(() => this.#checkHealth(), HEALTH_CHECK_MS)
    this.#healthTimer.unref()
  }

  claim(request: ClaimRequest): ClaimOutcome {
    const running = this.#inFlight.get(request.proofKey)
    if (running !== undefined)
      return running.claim.request.fingerprint === request.fingerprint
        ? { kind: 'running', finished: running.finished }
        : { kind: 'other_request' }
    if (!this.isWritable()) throw new LedgerUnavailable('the ledger takes no writes')
    const row = this.#read(request.proofKey)
    if (row === undefined) return { kind: 'claimed', claim: this.#inFlight.hold(request, this.#now()) }
    if (row.fingerprint !== request.fingerprint) return { kind: 'other_request' }
    const answer = storedAnswer(row)
    return answer === undefined ? { kind: 'answer_dropped' } : { kind: 'captured', answer }
  }

  async capture(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord): Promise<StoredAnswer> {
    let delivered: StoredAnswer | undefined
    try {
      delivered = await this.#commits.run(() => this.#write(claim, answer, record))
    } catch (error) {
      throw new LedgerUnavailable('the answer could not be written down', { cause: error })
    } finally {
      this.#inFlight.end(claim, delivered)
    }
    if (delivered === undefined) throw new LedgerUnavailable('the proof was consumed by another process')
    return delivered
  }

  release(claim: Claim): void {
    this.#inFlight.end(claim, undefined)
  }

  dropExpiredAnswers(limit: number): number {
    try {
      return Number(this.#dropAnswers.run(this.#now(), limit).changes)
    } catch (error) {
      throw new LedgerUnavailable('expired answers could not be dropped', { cause: error })
    }
  }

  isWritable(): boolean {
    return this.#writable && this.#commits.size < MAX_PENDING_COMMITS
  }

  async close(): Promise<void> {
    if (!this.#db.isOpen) return
    clearInterval(this.#healthTimer)
    this.#commits.flush()
    try {
      // Prepared statements keep SQLite from doing this by itself; whoever copies the file of a stopped service needs it.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The file is gone or the disk is full: the write-ahead log stays, and the next start reads it.
    }
    this.#db.close()
  }

  #read(proofKey: string): PaymentRow | undefined {
    try {
      return this.#selectPayment.get(proofKey) as PaymentRow | undefined
    } catch (error) {
      this.#writable = false
      throw new LedgerUnavailable('the ledger cannot be read', { cause: error })
    }
  }

  /** Runs inside the group's transaction. */
  #write(claim: Claim, answer: StoredAnswer, record: WorkoutRecord | undefined): StoredAnswer | undefined {
    const { request } = claim
    const now = this.#now()
    const inserted = this.#insertPayment.run(
      request.proofKey,
      request.rail,
      request.fingerprint,
      request.route,
      request.amountAtomic.toString(),
      request.asset,
      claim.claimedAtMs,
      now,
      answer.status,
      record === undefined ? answer.body : null,
      record?.revisionId ?? null,
      request.answerKeptUntilMs
    )
    if (inserted.changes === 0) {
      const row = this.#selectPayment.get(request.proofKey) as PaymentRow
      return row.fingerprint === request.fingerprint ? storedAnswer(row) : undefined
    }
    if (record !== undefined) {
      this.#insertRevision.run(
        record.revisionId,
        record.workoutId,
        record.athleteKey,
        record.performedDate,
        record.requestJson,
        answer.body,
        now
      )
    }
    return answer
  }

  #fileIsThere(): boolean {
    return this.#inode === undefined || statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode
  }

  /** Finds out whether the file is still there and takes a write; a ledger that failed comes back by this alone. */
  #checkHealth(): void {
    if (!this.#fileIsThere()) {
      this.#writable = false
      return
    }
    if (this.#writable) return
    try {
      this.#db.exec(
        `INSERT INTO write_probe VALUES (1, ${this.#now()}) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms`
      )
      this.#writable = true
    } catch {
      this.#writable = false
    }
  }
}

const SQLITE_CONSTRAINT = 19

function isConstraintFailure(error: unknown): boolean {
  const { errcode } = error as { errcode?: number }
  // The primary code is the low byte of the extended one.
  return errcode !== undefined && (errcode & 0xff) === SQLITE_CONSTRAINT
}

function storedAnswer(row: PaymentRow): StoredAnswer | undefined {
  return row.answer_body === null || row.answer_status === null
    ? undefined
    : { status: row.answer_status, body: row.answer_body }
}

function migrate(db: DatabaseSyncInstance): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > migrations.length)
      throw new Error(`the database has schema version ${version}, this program knows ${migrations.length}`)
    for (const migration of migrations.slice(version)) db.exec(migration)
    db.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
