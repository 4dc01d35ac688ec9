import { change, rowOf, type Script } from '../database/script.ts'
import { RevisionConflict } from './revision-conflict.ts'
import type { WorkoutContext } from './workout-database.ts'
import type { WorkoutRecord } from './workout-record.ts'
import { movementsOf, summaryOf } from './workout-summary.ts'

/** A place for a new revision, reserved until the transaction ends. */
export interface Place {
  /** Of the revision, among all revisions. */
  readonly sequence: number
  /** Of its workout: that of its first revision. */
  readonly workoutSequence: number
}

interface CanonicalRow {
  readonly revision_id: string
  readonly workout_sequence: number
}

const SELECT_CANONICAL = `
  SELECT revision_id, workout_sequence FROM revisions
  WHERE workout_id = ? AND ended_sequence = 0 AND athlete_key = ?`
const END_REVISION = `
  UPDATE revisions SET state = ?, ended_sequence = ?, ended_at_ms = ?, void_reason = ? WHERE revision_id = ?`
const INSERT_REVISION = `
  INSERT INTO revisions (sequence, workout_sequence, revision_id, workout_id, athlete_key, state, performed_date,
    supersedes_revision_id, reason, created_at_ms, movements, summary, figures, request_json, answer_json)
  VALUES (?, ?, ?, ?, ?, 'canonical', ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/**
 * Reserves the place of a record, or returns why it has none: the superseded revision must be canonical, and nobody
 * else may hold its workout.
 * @param holder whose own hold on the workout is ignored
 */
export function* takePlace(
  { versions, holds }: WorkoutContext,
  { athleteKey, workoutId, supersedes }: WorkoutRecord,
  holder: string
): Script<Place | RevisionConflict> {
  const sequence = yield* versions.next(athleteKey, supersedes === undefined)
  if (sequence === undefined) return new RevisionConflict(undefined)
  if (supersedes === undefined) return { sequence, workoutSequence: sequence }
  const canonical = yield* rowOf<CanonicalRow>(SELECT_CANONICAL, workoutId, athleteKey)
  if (canonical?.revision_id !== supersedes.revisionId) return new RevisionConflict(canonical?.revision_id)
  if (yield* holds.isReserved(workoutId, holder)) return new RevisionConflict(canonical.revision_id, true)
  return { sequence, workoutSequence: canonical.workout_sequence }
}

/** Stores a record as the canonical revision of its workout, in its reserved place. */
export function* storeRevision(
  { sequence, workoutSequence }: Place,
  record: WorkoutRecord,
  answerJson: string,
  nowMs: number
): Script<void> {
  const { athleteKey, performedDate, supersedes, figures } = record
  if (supersedes !== undefined) yield* endRevision(supersedes.revisionId, 'superseded', sequence, nowMs, undefined)
  yield* change(
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
    movementsOf(figures),
    JSON.stringify(summaryOf(figures, record.labels)),
    JSON.stringify(figures),
    record.requestJson,
    answerJson
  )
}

/** Ends a canonical revision; the athlete's records must be locked. */
export function* endRevision(
  revisionId: string,
  state: 'superseded' | 'voided',
  sequence: number,
  nowMs: number,
  voidReason: string | undefined
): Script<void> {
  yield* change(END_REVISION, state, sequence, nowMs, asText(voidReason), revisionId)
}

/** A client's text, as JSON: Postgres stores no NUL, and neither engine a lone surrogate. */
export function asText(words: string | undefined): string | null {
  return words === undefined ? null : JSON.stringify(words)
}
