import { DatabaseUnavailable } from '../database/database.ts'
import { rowsOf, type Script } from '../database/script.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import type { WorkoutRecord } from '../workouts/workout-record.ts'
import { AnswerHolds } from './answer-holds.ts'
import { ClaimsInFlight, type InFlight } from './claims-in-flight.ts'
import { Deliveries } from './deliveries.ts'
import {
  type Claim,
  type ClaimOutcome,
  type ClaimRequest,
  DeliveredElsewhere,
  type Ledger,
  LedgerUnavailable,
  type PendingPayment,
  ProofHeldElsewhere,
  type Purchase,
  type StoredAnswer,
  type TakenEvent,
  takenEvents
} from './ledger.ts'
import {
  beginSettling,
  type Captured,
  captureFresh,
  captureKnown,
  capturePending,
  dropExpiredAnswers,
  type Entry,
  keepAsOwed,
  leaveUnknown,
  markDelivered,
  releasePending,
  resumeSettling
} from './payment-entries.ts'
import {
  findPayment,
  isKnown,
  isPending,
  type PaymentRow,
  pendingPaymentOf,
  purchaseOf,
  SELECT_PENDING,
  storedAnswer
} from './payment-row.ts'

/**
 * The ledger in a database. Claims are held in memory: a crash before capture or settling correctly leaves the proof
 * unconsumed. The unique key decides between two processes: the slower one serves the faster one's answer.
 */
export class DatabaseLedger implements Ledger {
  protected readonly database: WorkoutDatabase
  readonly #now: () => number
  readonly #inFlight = new ClaimsInFlight()
  readonly #deliveries: Deliveries
  readonly #holds: AnswerHolds
  /** Row reads in progress for claims, by proof; used only if reading is asynchronous. */
  readonly #reading = new Map<string, Promise<void>>()

  /** @param now unix milliseconds */
  constructor(database: WorkoutDatabase, now: () => number) {
    this.database = database
    this.#now = now
    this.#holds = new AnswerHolds(database, now)
    this.#deliveries = new Deliveries((proofKeys) => database.transact(() => markDelivered(proofKeys, now())))
  }

  claim(request: ClaimRequest): ClaimOutcome | Promise<ClaimOutcome> {
    const running = this.#inFlight.find(request)
    if (running !== undefined) return runningOutcome(running, request)
    // With an unreachable database each request would wait for its time limit.
    if (!this.database.isReadable()) throw new LedgerUnavailable('the ledger is not readable')
    const before = this.#reading.get(request.proofKey)
    // A row read while its purchase begins and ends would be older than both.
    if (before !== undefined) return before.then(() => this.claim(request))
    if (request.isFirstUse) return this.#decide(request, undefined)
    const row = this.#read(() => findPayment(request))
    if (!(row instanceof Promise)) return this.#decide(request, row)
    const decided = row
      .then((late) => this.#decide(request, late))
      .finally(() => this.#reading.delete(request.proofKey))
    this.#reading.set(
      request.proofKey,
      decided.then(
        () => {},
        () => {}
      )
    )
    return decided
  }

  async capture(
    claim: Claim,
    answer: StoredAnswer,
    record?: WorkoutRecord,
    settlement?: string
  ): Promise<StoredAnswer> {
    const written = this.#inFlight.of(claim)?.settling
    let delivered: StoredAnswer | undefined
    try {
      const captured = written
        ? await this.#transact(() => this.#captureSettling(claim, written.answer, written.record, settlement))
        : await this.captureFresh(this.#entry(claim), answer, record, settlement).catch(asUnavailable)
      if (captured.kind === 'conflict') throw captured.conflict
      if (captured.kind !== 'elsewhere') publishTaken(claim.request)
      if (captured.kind === 'fresh') delivered = written?.answer ?? answer
      // An erasure may have removed the stored answer meanwhile; it is paid and is delivered this once.
      else if (captured.kind === 'captured') delivered = storedAnswer(captured.row) ?? answer
      else if (captured.row?.fingerprint === claim.request.fingerprint) delivered = storedAnswer(captured.row)
      if (claim.request.isDeliveredOnce && delivered !== undefined) await this.#holdCaptured(claim, captured)
    } finally {
      this.#inFlight.end(claim, delivered)
    }
    if (delivered === undefined) throw new LedgerUnavailable('the proof was consumed by another process')
    return delivered
  }

  /** Consumes a payment that preceded its answer: the most frequent path. */
  protected captureFresh(
    entry: Entry,
    answer: StoredAnswer,
    record: WorkoutRecord | undefined,
    settlement: string | undefined
  ): Promise<Captured> {
    return this.database.transact(() => captureFresh(this.database, entry, answer, record, settlement))
  }

  async beginSettling(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord): Promise<void> {
    const held = this.#inFlight.of(claim)
    if (held === undefined) throw new Error('the claim has ended')
    try {
      const begun = await this.#begin(() => beginSettling(this.database, this.#entry(claim), answer, record))
      if (begun.kind === 'conflict') throw begun.conflict
      if (begun.kind !== 'fresh') throw new ProofHeldElsewhere()
      held.settling = { answer, record }
    } finally {
      if (held.settling === undefined) this.#inFlight.end(claim, undefined)
    }
  }

  release(claim: Claim): void | Promise<void> {
    if (this.#inFlight.of(claim)?.settling !== undefined) return this.#endAfter(claim, releasePending)
    this.#inFlight.end(claim, undefined)
  }

  keepAsOwed(claim: Claim): Promise<void> {
    return this.#endAfter(claim, () => keepAsOwed(this.#entry(claim)))
  }

  leaveUnknown(claim: Claim): Promise<void> {
    return this.#endAfter(claim, leaveUnknown)
  }

  async pendingPayments(minimumAgeMs: number, limit: number): Promise<PendingPayment[]> {
    const oldest = this.#now() - minimumAgeMs
    // Those claimed by this process are skipped, so that many more are read.
    const rows = await this.#read(() => rowsOf<PaymentRow>(SELECT_PENDING, oldest, limit + this.#inFlight.size))
    return rows
      .filter((row) => !this.#inFlight.holds(row.proof_key))
      .slice(0, limit)
      .map(pendingPaymentOf)
  }

  resumeSettling({ proofKey, settlingSinceMs }: PendingPayment): Promise<boolean> {
    return this.#transact(() => resumeSettling(proofKey, settlingSinceMs, this.#now()))
  }

  async capturePending(proofKey: string, settlement: string): Promise<Purchase> {
    const captured = await this.#transact(() => capturePending(this.database, proofKey, settlement, this.#now()))
    if (captured.kind === 'conflict') throw captured.conflict
    if (captured.kind === 'fresh' || captured.row?.state !== 'captured')
      throw new LedgerUnavailable('the payment is not pending')
    if (captured.kind === 'captured') publishTaken(pendingPaymentOf(captured.row))
    return this.#purchase(captured.row)
  }

  async releasePending(proofKey: string): Promise<void> {
    await this.#transact(() => releasePending(proofKey))
  }

  markDelivered(proofKey: string): void {
    this.#holds.end(proofKey)
    this.#deliveries.add(proofKey)
  }

  holdDelivery(proofKey: string): boolean | Promise<boolean> {
    if (!this.isWritable()) return true
    return !this.#deliveries.has(proofKey) && this.#holds.take(proofKey).catch(asUnavailable)
  }

  hasLostDelivery(proofKey: string): boolean {
    return this.#holds.isLost(proofKey)
  }

  releaseDelivery(proofKey: string): void {
    this.#holds.release(proofKey)
  }

  dropExpiredAnswers(limit: number, notAfterMs = Number.POSITIVE_INFINITY): Promise<number> {
    // A clock that never jumps tells fractions of a millisecond; Postgres takes none for a column of whole ones.
    const nowMs = Math.floor(Math.min(this.#now(), notAfterMs))
    return this.#transact(() => dropExpiredAnswers(nowMs, limit))
  }

  isKnown(proofKey: string): boolean | Promise<boolean> {
    return this.#read(() => isKnown(proofKey))
  }

  isWritable(): boolean {
    return this.database.isWritable()
  }

  assertTakesClaims(): void {
    if (!this.isWritable()) throw new LedgerUnavailable('the ledger accepts no writes')
    if (!this.database.hasRoom()) throw new LedgerUnavailable('too many writes wait for the database')
  }

  async close(): Promise<void> {
    await this.#holds.close()
    await this.#deliveries.flush()
  }

  /** Judges a claim by its row, unless another request of this process has claimed it meanwhile. */
  #decide(request: ClaimRequest, row: PaymentRow | undefined): ClaimOutcome {
    const running = this.#inFlight.find(request)
    if (running !== undefined) return runningOutcome(running, request)
    if (row === undefined) {
      this.assertTakesClaims()
      return { kind: 'claimed', claim: this.#inFlight.hold(request, this.#now()) }
    }
    if (row.fingerprint !== request.fingerprint) return { kind: 'other_request' }
    const purchase = this.#purchase(row)
    return isPending(row)
      ? { kind: 'pending', payment: pendingPaymentOf(row), purchase }
      : { kind: 'captured', purchase }
  }

  *#captureSettling(
    claim: Claim,
    answer: StoredAnswer,
    record: WorkoutRecord | undefined,
    settlement: string | undefined
  ): Script<Captured> {
    const { proofKey, isDeliveredOnce } = claim.request
    const heldUntilMs = isDeliveredOnce ? this.#holds.endOfNew() : undefined
    const settled = { proofKey, settlement, heldUntilMs, nowMs: this.#now() }
    if (yield* captureKnown(this.database, settled, answer, record)) return { kind: 'fresh', heldUntilMs }
    const captured = yield* capturePending(this.database, proofKey, settlement, this.#now())
    // It was released as expired, but a capture proves that the money has moved.
    if (captured.kind !== 'elsewhere' || captured.row?.state !== 'released') return captured
    return yield* captureFresh(this.database, this.#entry(claim), answer, record, settlement)
  }

  #entry({ request, claimedAtMs }: Claim): Entry {
    return { request, claimedAtMs, nowMs: this.#now() }
  }

  #purchase(row: PaymentRow): Purchase {
    const isHeldElsewhere = this.#holds.isElsewhere(row.proof_key, row.held_until_ms)
    return purchaseOf(row, this.#deliveries.has(row.proof_key), isHeldElsewhere)
  }

  /** The capture usually stores the hold; otherwise another process captured the payment and may deliver. */
  async #holdCaptured({ request: { proofKey } }: Claim, captured: Captured): Promise<void> {
    if (captured.kind === 'fresh' && captured.heldUntilMs !== undefined) this.#holds.add(proofKey, captured.heldUntilMs)
    else if (!(await this.holdDelivery(proofKey))) throw new DeliveredElsewhere()
  }

  async #endAfter(claim: Claim, script: (proofKey: string) => Script<void>): Promise<void> {
    try {
      await this.#transact(() => script(claim.request.proofKey))
    } finally {
      this.#inFlight.end(claim, undefined)
    }
  }

  #read<T>(script: () => Script<T>): T | Promise<T> {
    try {
      const value = this.database.read(script)
      return value instanceof Promise ? value.catch(asUnavailable) : value
    } catch (error) {
      return asUnavailable(error)
    }
  }

  /**
   * Two processes may find a purchase or a workout free at once: the slower one's row is rejected, and it reads again.
   */
  #begin<T>(script: () => Script<T>): Promise<T> {
    return this.database
      .transact(script)
      .catch((error) => {
        if (error instanceof DatabaseUnavailable) throw error
        return this.database.transact(script)
      })
      .catch(asUnavailable)
  }

  #transact<T>(script: () => Script<T>): Promise<T> {
    return this.database.transact(script).catch(asUnavailable)
  }
}

function publishTaken({ rail, asset, amountAtomic }: TakenEvent): void {
  if (takenEvents.isHeard) takenEvents.publish({ rail, asset, amountAtomic })
}

function runningOutcome({ claim, finished }: InFlight, { fingerprint }: ClaimRequest): ClaimOutcome {
  return claim.request.fingerprint === fingerprint ? { kind: 'running', claim, finished } : { kind: 'other_request' }
}

function asUnavailable(error: unknown): never {
  throw new LedgerUnavailable('the ledger is not writable', { cause: error })
}
