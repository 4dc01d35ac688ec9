import type { NextVersion } from '../database/next-version.ts'
import { rowOf, type Script } from '../database/script.ts'
import { RevisionConflict, type WorkoutRecord } from '../ledger/ledger.ts'
import { type CompleteRecord, digestOf, type WorkoutDigest } from './workout-digest.ts'

/** A canonical revision, as far as ending it needs it. */
export interface CanonicalRow {
  readonly revision_id: string
  readonly performed_date: string
  readonly workout_sequence: number
  readonly digest: string
}

/** A place for a new revision that nobody else can take before the transaction ends. */
export interface Place {
  /** Of the revision, among all revisions. */
  readonly sequence: number
  /** Of its workout: that of its first revision. */
  readonly workoutSequence: number
  /** The revision that makes way. */
  readonly replaces?: CanonicalRow
}

const SELECT_CANONICAL = `
  SELECT revision_id, performed_date, workout_sequence, digest FROM revisions
  WHERE workout_id = ? AND ended_sequence = 0 AND athlete_key = ?`
const SELECT_RESERVATION = `
  SELECT 1 FROM payments
  WHERE reserves_workout_id = ? AND state IN ('settling', 'unknown') AND proof_key <> ?`
const END_REVISION = `
  UPDATE revisions SET state = ?, ended_sequence = ?, ended_at_ms = ?, void_reason = ? WHERE revision_id = ?`
const DELETE_MOVEMENT = `
  DELETE FROM canonical_movements
  WHERE athlete_key = ? AND movement = ? AND performed_date = ? AND workout_sequence = ?`
const INSERT_REVISION = `
  INSERT INTO revisions (sequence, workout_sequence, revision_id, workout_id, athlete_key, state, performed_date,
    supersedes_revision_id, reason, created_at_ms, digest, figures, request_json, answer_json)
  VALUES (?, ?, ?, ?, ?, 'canonical', ?, ?, ?, ?, ?, ?, ?, ?)`
const INSERT_MOVEMENT = `
  INSERT INTO canonical_movements (athlete_key, movement, performed_date, workout_sequence, sequence)
  VALUES (?, ?, ?, ?, ?)`

/** The canonical revision of an athlete's workout; the athlete must be held, or it may change at once. */
export function selectCanonical(workoutId: string, athleteKey: Buffer): Script<CanonicalRow | undefined> {
  return rowOf<CanonicalRow>(SELECT_CANONICAL, workoutId, athleteKey)
}

/** Whether a payment that may yet be captured will change the workout. */
export function* isReserved(workoutId: string, exceptProofKey: string): Script<boolean> {
  return (yield* rowOf(SELECT_RESERVATION, workoutId, exceptProofKey)) !== undefined
}

/**
 * Takes the place of a record, or says why it has none: the revision it replaces must be canonical, and its workout
 * not reserved by another payment.
 * @param proofKey of the payment that asks
 */
export function* takePlace(
  nextVersion: NextVersion,
  { athleteKey, workoutId, supersedes }: WorkoutRecord,
  proofKey: string
): Script<Place | RevisionConflict> {
  const sequence = yield* nextVersion(athleteKey, supersedes === undefined)
  if (sequence === undefined) return new RevisionConflict(undefined)
  if (supersedes === undefined) return { sequence, workoutSequence: sequence }
  const canonical = yield* selectCanonical(workoutId, athleteKey)
  if (canonical?.revision_id !== supersedes.revisionId) return new RevisionConflict(canonical?.revision_id)
  if (yield* isReserved(workoutId, proofKey)) return new RevisionConflict(canonical.revision_id, true)
  return { sequence, workoutSequence: canonical.workout_sequence, replaces: canonical }
}

/** Makes a record the canonical revision of its workout, in the place taken for it. */
export function* storeRevision(
  { sequence, workoutSequence, replaces }: Place,
  record: CompleteRecord,
  answerJson: string,
  nowMs: number
): Script<void> {
  const { athleteKey, performedDate, supersedes, figures } = record
  const digest = digestOf(figures)
  if (replaces !== undefined) yield* endRevision(replaces, 'superseded', athleteKey, sequence, nowMs, undefined)
  yield* rowOf(
    INSERT_REVISION,
    sequence,
    workoutSequence,
    record.revisionId,
    record.workoutId,
    athleteKey,
    performedDate,
    supersedes?.revisionId ?? null,
    asText(supersedes?.reason),
    nowMs,
    JSON.stringify(digest),
    JSON.stringify(figures),
    record.requestJson,
    answerJson
  )
  for (const movement of digest.movements)
    yield* rowOf(INSERT_MOVEMENT, athleteKey, movement, performedDate, workoutSequence, sequence)
}

/** Ends a canonical revision; the athlete must be held. */
export function* endRevision(
  { revision_id: revisionId, performed_date: performedDate, workout_sequence, digest }: CanonicalRow,
  state: 'superseded' | 'voided',
  athleteKey: Buffer,
  sequence: number,
  nowMs: number,
  voidReason: string | undefined
): Script<void> {
  yield* rowOf(END_REVISION, state, sequence, nowMs, asText(voidReason), revisionId)
  for (const movement of (JSON.parse(digest) as WorkoutDigest).movements)
    yield* rowOf(DELETE_MOVEMENT, athleteKey, movement, performedDate, workout_sequence)
}

/** A client's own words, as JSON: Postgres takes no NUL, and neither engine half a surrogate pair. */
function asText(words: string | undefined): string | null {
  return words === undefined ? null : JSON.stringify(words)
}
