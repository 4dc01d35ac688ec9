import { change, rowOf, type Script } from '../database/script.ts'
import { RevisionConflict } from '../workouts/revision-conflict.ts'
import { type Place, storeRevision, takePlace } from '../workouts/revision-entries.ts'
import type { WorkoutContext } from '../workouts/workout-database.ts'
import { recordFromJson, recordToJson, type WorkoutRecord } from '../workouts/workout-record.ts'
import type { ClaimRequest, StoredAnswer } from './ledger.ts'
import { isPending, type PaymentRow, SELECT_BY_PROOF } from './payment-row.ts'

/** The content of an entry: a claim's request, its claim time and its write time, unix milliseconds. */
export interface Entry {
  readonly request: ClaimRequest
  readonly claimedAtMs: number
  readonly nowMs: number
}

/** The result of a capture. */
export type Captured =
  | { readonly kind: 'captured'; readonly row: PaymentRow }
  /** `heldUntilMs`: the hold that was stored with it, if the answer is delivered on one connection. */
  | { readonly kind: 'fresh'; readonly heldUntilMs?: number | undefined }
  | { readonly kind: 'conflict'; readonly conflict: RevisionConflict }
  /** The proof's row belongs to another claim. */
  | { readonly kind: 'elsewhere'; readonly row: PaymentRow | undefined }

// A released row counts as none.
export const INSERT_PAYMENT = `
  INSERT INTO payments (proof_key, rail, state, fingerprint, route, amount_atomic, asset, claimed_at_ms,
    captured_at_ms, answer_status, answer_body, answer_revision_id, answer_kept_until_ms, proof_digest, purchase_key,
    payer, payee, settle_before_s, settlement, settling_at_ms, pending_record, pending_proof, reserves_workout_id,
    answer_athlete_key)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (proof_key) DO UPDATE SET rail = excluded.rail, state = excluded.state,
    fingerprint = excluded.fingerprint, route = excluded.route, amount_atomic = excluded.amount_atomic,
    asset = excluded.asset, claimed_at_ms = excluded.claimed_at_ms, captured_at_ms = excluded.captured_at_ms,
    answer_status = excluded.answer_status, answer_body = excluded.answer_body,
    answer_revision_id = excluded.answer_revision_id, answer_kept_until_ms = excluded.answer_kept_until_ms,
    proof_digest = excluded.proof_digest, purchase_key = excluded.purchase_key, payer = excluded.payer,
    payee = excluded.payee,
    settle_before_s = excluded.settle_before_s, settlement = excluded.settlement,
    settling_at_ms = excluded.settling_at_ms, pending_record = excluded.pending_record,
    pending_proof = excluded.pending_proof,
    reserves_workout_id = excluded.reserves_workout_id, answer_athlete_key = excluded.answer_athlete_key,
    delivered_at_ms = NULL, held_until_ms = NULL
    WHERE payments.state = 'released'`
const SELECT_OTHER_OF_PURCHASE = `
  SELECT 1 FROM payments WHERE purchase_key = ? AND state <> 'released' AND proof_key <> ?`
const SELECT_PENDING_RECORD = `
  SELECT pending_record FROM payments WHERE proof_key = ? AND state IN ('settling', 'unknown')`
// A late capture is collectable for as long as an immediate one.
const CAPTURE_PENDING = `
  UPDATE payments SET state = 'captured', captured_at_ms = ?, settlement = ?,
    answer_kept_until_ms = answer_kept_until_ms + (? - claimed_at_ms), pending_proof = NULL
  WHERE proof_key = ? AND state IN ('settling', 'unknown')
  RETURNING pending_record, answer_body`
const AS_WRITTEN = `proof_key = ? AND state IN ('settling', 'unknown') AND pending_record IS NOT NULL`
const SELECT_AS_WRITTEN = `SELECT 1 FROM payments WHERE ${AS_WRITTEN}`
// CAPTURE_PENDING and KEEP_AS_REVISION in one statement, for the process that still holds the data: nothing is read
// back.
const CAPTURE_KNOWN = `
  UPDATE payments SET state = 'captured', captured_at_ms = ?, settlement = ?,
    answer_kept_until_ms = answer_kept_until_ms + (? - claimed_at_ms), held_until_ms = ?, answer_revision_id = ?,
    answer_body = NULL, pending_record = NULL, pending_proof = NULL
  WHERE ${AS_WRITTEN}`
// The same for an answer without a record.
const CAPTURE_KNOWN_ANSWER = `
  UPDATE payments SET state = 'captured', captured_at_ms = ?, settlement = ?,
    answer_kept_until_ms = answer_kept_until_ms + (? - claimed_at_ms), held_until_ms = ?, pending_proof = NULL
  WHERE proof_key = ? AND state IN ('settling', 'unknown') AND pending_record IS NULL AND answer_body IS NOT NULL`
const KEEP_AS_REVISION = `
  UPDATE payments SET answer_revision_id = ?, answer_body = NULL, pending_record = NULL, reserves_workout_id = NULL
  WHERE proof_key = ?`
const KEEP_AS_OWED = `
  UPDATE payments SET state = 'released', captured_at_ms = NULL, answer_status = NULL, answer_body = NULL,
    answer_athlete_key = NULL, pending_record = NULL, pending_proof = NULL, reserves_workout_id = NULL
  WHERE proof_key = ?`
const RELEASE_PENDING = `
  UPDATE payments SET state = 'released', answer_status = NULL, answer_body = NULL, answer_athlete_key = NULL,
    pending_record = NULL, pending_proof = NULL, reserves_workout_id = NULL
  WHERE proof_key = ? AND state IN ('settling', 'unknown')`
// The time is compared, so that only one of two processes proceeds.
const RESUME_SETTLING = `
  UPDATE payments SET state = 'unknown', settling_at_ms = ?
  WHERE proof_key = ? AND state IN ('settling', 'unknown') AND settling_at_ms = ?`
const LEAVE_UNKNOWN = `UPDATE payments SET state = 'unknown' WHERE proof_key = ? AND state = 'settling'`
const MARK_DELIVERED = 'UPDATE payments SET delivered_at_ms = ? WHERE proof_key = ? AND delivered_at_ms IS NULL'
// A pending payment keeps its answer, which is still to be collected.
const DROP_ANSWERS = `
  UPDATE payments SET answer_body = NULL, answer_athlete_key = NULL WHERE proof_key IN (
    SELECT proof_key FROM payments
    WHERE answer_body IS NOT NULL AND answer_kept_until_ms < ? AND state = 'captured' LIMIT ?)`

/** Captures a prepaid payment with its record, or keeps it as owed if the record has lost its place. */
export function* captureFresh(
  workouts: WorkoutContext,
  entry: Entry,
  answer: StoredAnswer,
  record: WorkoutRecord | undefined,
  settlement: string | undefined
): Script<Captured> {
  const { proofKey } = entry.request
  const place = record && (yield* takePlace(workouts, record, proofKey))
  if (place instanceof RevisionConflict) {
    const isKept = yield* insertPayment(entry, 'released', { settlement })
    return isKept ? { kind: 'conflict', conflict: place } : yield* elsewhere(proofKey)
  }
  const isFirst = yield* insertPayment(entry, 'captured', asCaptured(answer, record, settlement))
  if (!isFirst) return yield* elsewhere(proofKey)
  if (record !== undefined) yield* storeRevision(place as Place, record, answer.body, entry.nowMs)
  return { kind: 'fresh' }
}

/** A captured payment's own columns; the answer of a completed workout is stored in its revision only. */
export function asCaptured(
  { status, body, athleteKey }: StoredAnswer,
  record: WorkoutRecord | undefined,
  settlement: string | undefined
): Written {
  return record === undefined
    ? { status, body, athleteKey, settlement }
    : { status, body: null, revisionId: record.revisionId, settlement }
}

/** Stores the answer of a payment that is about to settle. */
export function* beginSettling(
  workouts: WorkoutContext,
  entry: Entry,
  answer: StoredAnswer,
  record: WorkoutRecord | undefined
): Script<Captured> {
  const { proofKey, purchaseKey } = entry.request
  if (purchaseKey !== undefined && (yield* rowOf(SELECT_OTHER_OF_PURCHASE, purchaseKey, proofKey)) !== undefined)
    return yield* elsewhere(proofKey)
  if (record?.supersedes !== undefined) {
    const place = yield* takePlace(workouts, record, proofKey)
    if (place instanceof RevisionConflict) return { kind: 'conflict', conflict: place }
  }
  const { status, body, athleteKey } = answer
  const isFirst = yield* insertPayment(entry, 'settling', { status, body, athleteKey, record })
  return isFirst ? { kind: 'fresh' } : yield* elsewhere(proofKey)
}

/** Ends a pending payment as captured. Its record is the one stored when settling began, unless it was erased. */
export function* capturePending(
  workouts: WorkoutContext,
  proofKey: string,
  settlement: string | undefined,
  nowMs: number
): Script<Captured> {
  // The athlete is locked before the payment, as in an erasure, so that no deadlock occurs.
  const before = yield* rowOf<{ pending_record: string | null }>(SELECT_PENDING_RECORD, proofKey)
  const expected = before?.pending_record ? recordFromJson(before.pending_record) : undefined
  const place = expected && (yield* takePlace(workouts, expected, proofKey))
  const row = yield* rowOf<{ pending_record: string | null; answer_body: string }>(
    CAPTURE_PENDING,
    nowMs,
    settlement ?? null,
    nowMs,
    proofKey
  )
  if (row === undefined) return yield* elsewhere(proofKey)
  if (expected !== undefined && row.pending_record !== null) {
    if (place instanceof RevisionConflict) {
      yield* change(KEEP_AS_OWED, proofKey)
      return { kind: 'conflict', conflict: place }
    }
    yield* storeRevision(place as Place, expected, row.answer_body, nowMs)
    yield* change(KEEP_AS_REVISION, expected.revisionId, proofKey)
  }
  return { kind: 'captured', row: (yield* rowOf<PaymentRow>(SELECT_BY_PROOF, proofKey))! }
}

/** A settlement that this process began and completed. */
export interface Settled {
  readonly proofKey: string
  readonly settlement: string | undefined
  /** When the hold on its delivery ends, if the answer is delivered on one connection; unix milliseconds. */
  readonly heldUntilMs: number | undefined
  readonly nowMs: number
}

/**
 * Captures a payment that this process began to settle, with the answer and the record in memory.
 * @returns false if the row has changed: erased, or ended by another process
 */
export function* captureKnown(
  workouts: WorkoutContext,
  { proofKey, settlement, heldUntilMs, nowMs }: Settled,
  { body }: StoredAnswer,
  record: WorkoutRecord | undefined
): Script<boolean> {
  const captured = [nowMs, settlement ?? null, nowMs, heldUntilMs ?? null]
  if (record === undefined) return (yield* change(CAPTURE_KNOWN_ANSWER, ...captured, proofKey)) > 0
  // A new workout has no competitor; a revision takes the general path.
  if (record.supersedes !== undefined) return false
  // Checked first: taking a place would recreate an erased athlete.
  if ((yield* rowOf(SELECT_AS_WRITTEN, proofKey)) === undefined) return false
  const place = yield* takePlace(workouts, record, proofKey)
  if (place instanceof RevisionConflict) return false
  if ((yield* change(CAPTURE_KNOWN, ...captured, record.revisionId, proofKey)) === 0) return false
  yield* storeRevision(place, record, body, nowMs)
  return true
}

/** Records a payment that arrived and bought nothing. */
export function* keepAsOwed(entry: Entry): Script<void> {
  yield* insertPayment(entry, 'released', {})
}

export function* releasePending(proofKey: string): Script<void> {
  yield* change(RELEASE_PENDING, proofKey)
}

/** @returns false if the payment has changed since it was read */
export function* resumeSettling(proofKey: string, settlingSinceMs: number, nowMs: number): Script<boolean> {
  return (yield* change(RESUME_SETTLING, nowMs, proofKey, settlingSinceMs)) > 0
}

export function* leaveUnknown(proofKey: string): Script<void> {
  yield* change(LEAVE_UNKNOWN, proofKey)
}

export function* markDelivered(proofKeys: readonly string[], nowMs: number): Script<void> {
  for (const proofKey of proofKeys) yield* change(MARK_DELIVERED, nowMs, proofKey)
}

/** @returns the number dropped */
export function dropExpiredAnswers(nowMs: number, limit: number): Script<number> {
  return change(DROP_ANSWERS, nowMs, limit)
}

/** The content of a proof's row that belongs to another claim. */
export function* elsewhere(proofKey: string): Script<Captured> {
  const row = yield* rowOf<PaymentRow>(SELECT_BY_PROOF, proofKey)
  return { kind: 'elsewhere', row: row !== undefined && isPending(row) ? undefined : row }
}

type WrittenState = 'captured' | 'settling' | 'released'

interface Written {
  readonly status?: number
  readonly body?: string | null
  readonly athleteKey?: Buffer | undefined
  readonly revisionId?: string | undefined
  readonly settlement?: string | undefined
  readonly record?: WorkoutRecord | undefined
}

/** @returns false if the proof already has a row that is not released */
function* insertPayment(entry: Entry, state: WrittenState, written: Written): Script<boolean> {
  return (yield* change(INSERT_PAYMENT, ...paymentValues(entry, state, written))) > 0
}

/** The values of `INSERT_PAYMENT`. */
export function paymentValues(
  { request, claimedAtMs, nowMs }: Entry,
  state: WrittenState,
  { status, body, athleteKey, revisionId, settlement, record }: Written
): readonly unknown[] {
  return [
    request.proofKey,
    request.rail,
    state,
    request.fingerprint,
    request.route,
    request.amountAtomic.toString(),
    request.asset,
    claimedAtMs,
    state === 'captured' ? nowMs : null,
    status ?? null,
    body ?? null,
    revisionId ?? null,
    request.answerKeptUntilMs,
    request.proofDigest ?? null,
    request.purchaseKey ?? null,
    request.payer ?? null,
    request.payee ?? null,
    request.settleBeforeSeconds?.toString() ?? null,
    settlement ?? null,
    state === 'settling' ? nowMs : null,
    record === undefined ? null : recordToJson(record),
    state === 'settling' ? (request.proof ?? null) : null,
    record?.supersedes === undefined ? null : record.workoutId,
    athleteKey ?? null
  ]
}
