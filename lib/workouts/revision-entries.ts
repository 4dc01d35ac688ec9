import type { NextVersion } from '../database/next-version.ts'
import { rowOf, type Script } from '../database/script.ts'
import { RevisionConflict, type WorkoutRecord } from '../ledger/ledger.ts'

/** A place for a new revision that nobody else can take before the transaction ends. */
export interface Place {
  /** Of the revision, among all revisions. */
  readonly sequence: number
  /** Of its workout: that of its first revision. */
  readonly workoutSequence: number
}

const SELECT_CANONICAL = `
  SELECT revision_id, workout_sequence FROM revisions
  WHERE workout_id = ? AND ended_sequence = 0 AND athlete_key = ?`
const SELECT_RESERVATION = `
  SELECT 1 FROM payments
  WHERE reserves_workout_id = ? AND state IN ('settling', 'unknown') AND proof_key <> ?`
const SUPERSEDE = `
  UPDATE revisions SET state = 'superseded', ended_sequence = ?, ended_at_ms = ? WHERE revision_id = ?`
const INSERT_REVISION = `
  INSERT INTO revisions (sequence, workout_sequence, revision_id, workout_id, athlete_key, state, performed_date,
    supersedes_revision_id, reason, created_at_ms, request_json, answer_json)
  VALUES (?, ?, ?, ?, ?, 'canonical', ?, ?, ?, ?, ?, ?)`

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
  const canonical = yield* rowOf<{ revision_id: string; workout_sequence: number }>(
    SELECT_CANONICAL,
    workoutId,
    athleteKey
  )
  if (canonical?.revision_id !== supersedes.revisionId) return new RevisionConflict(canonical?.revision_id)
  const reservation = yield* rowOf(SELECT_RESERVATION, workoutId, proofKey)
  if (reservation !== undefined) return new RevisionConflict(canonical.revision_id, true)
  return { sequence, workoutSequence: canonical.workout_sequence }
}

/** Makes a record the canonical revision of its workout, in the place taken for it. */
export function* storeRevision(
  { sequence, workoutSequence }: Place,
  record: WorkoutRecord,
  answerJson: string,
  nowMs: number
): Script<void> {
  const { supersedes } = record
  if (supersedes !== undefined) yield* rowOf(SUPERSEDE, sequence, nowMs, supersedes.revisionId)
  yield* rowOf(
    INSERT_REVISION,
    sequence,
    workoutSequence,
    record.revisionId,
    record.workoutId,
    record.athleteKey,
    record.performedDate,
    supersedes?.revisionId ?? null,
    supersedes?.reason ?? null,
    nowMs,
    record.requestJson,
    answerJson
  )
}
