import { rowOf, type Script } from '../database/script.ts'
import { RevisionConflict, revisionConflict, workoutNotFound } from './revision-conflict.ts'
import { endRevision } from './revision-entries.ts'
import type { WorkoutContext, WorkoutHolds } from './workout-database.ts'

/** Whether a workout counts, and its current revision. */
export interface WorkoutState {
  readonly state: 'canonical' | 'voided'
  /** The canonical revision, or the voided one. */
  readonly revisionId: string
  /** True while an unfinished revision may still change the workout. */
  readonly isReserved: boolean
}

export interface VoidRequest {
  readonly athleteKey: Buffer
  readonly workoutId: string
  readonly revisionId: string
  readonly reason: string | undefined
  readonly nowMs: number
}

export type VoidOutcome =
  | { readonly kind: 'voided'; readonly revisionId: string; readonly voidedAtMs: number }
  /** The athlete has no such workout. */
  | { readonly kind: 'not_found' }
  /** The revision is not canonical, or an unfinished revision may supersede it. */
  | { readonly kind: 'conflict'; readonly conflict: RevisionConflict }

interface StateRow {
  readonly revision_id: string
  readonly state: 'canonical' | 'voided'
  readonly ended_at_ms: number | null
}

// A workout has one revision that is not superseded. No sequence is below 0: that term makes the planner use the
// workout's index; the athlete's would be scanned completely.
const SELECT_STATE = `
  SELECT revision_id, state, ended_at_ms FROM revisions
  WHERE workout_id = ? AND ended_sequence >= 0 AND athlete_key = ? AND state <> 'superseded'`

/** @returns undefined if the athlete has no such workout */
export function* selectState(
  holds: WorkoutHolds,
  athleteKey: Buffer,
  workoutId: string
): Script<WorkoutState | undefined> {
  const row = yield* rowOf<StateRow>(SELECT_STATE, workoutId, athleteKey)
  if (row === undefined) return undefined
  return { state: row.state, revisionId: row.revision_id, isReserved: yield* holds.isReserved(workoutId, NOBODY) }
}

/**
 * Rejects a revision in conflict. Only a client with the athlete's UUID learns which revision is canonical.
 * @param workout undefined if the athlete has no such workout
 * @throws ProblemError 404 or 409
 */
export function assertRevisable(workout: WorkoutState | undefined, supersedesRevisionId: string): void {
  if (workout === undefined) throw workoutNotFound()
  const { state, revisionId, isReserved } = workout
  if (state === 'voided') throw revisionConflict(new RevisionConflict(undefined))
  if (revisionId !== supersedesRevisionId) throw revisionConflict(new RevisionConflict(revisionId))
  if (isReserved) throw revisionConflict(new RevisionConflict(revisionId, true))
}

/** Voids a workout if the named revision is canonical. */
export function* voidWorkout(
  { versions, holds }: WorkoutContext,
  { athleteKey, workoutId, revisionId, reason, nowMs }: VoidRequest
): Script<VoidOutcome> {
  const before = yield* rowOf<StateRow>(SELECT_STATE, workoutId, athleteKey)
  const settled = before === undefined ? NOT_FOUND : outcomeOf(before, revisionId)
  // A voided workout stays voided; only one that appears canonical is worth a lock.
  if (settled !== undefined) return settled
  const sequence = yield* versions.next(athleteKey, false)
  const now = yield* rowOf<StateRow>(SELECT_STATE, workoutId, athleteKey)
  if (now === undefined || sequence === undefined) return NOT_FOUND
  const lost = outcomeOf(now, revisionId)
  if (lost !== undefined) return lost
  if (yield* holds.isReserved(workoutId, NOBODY)) return conflict(revisionId, true)
  yield* endRevision(revisionId, 'voided', sequence, nowMs, reason)
  return { kind: 'voided', revisionId, voidedAtMs: nowMs }
}

/** No holder: every hold counts. */
const NOBODY = ''

const NOT_FOUND: VoidOutcome = { kind: 'not_found' }

/** @returns undefined if the named revision is canonical */
function outcomeOf(row: StateRow, revisionId: string): VoidOutcome | undefined {
  if (row.state === 'canonical') return row.revision_id === revisionId ? undefined : conflict(row.revision_id)
  return row.revision_id === revisionId
    ? { kind: 'voided', revisionId, voidedAtMs: row.ended_at_ms ?? 0 }
    : conflict(undefined)
}

function conflict(canonicalRevisionId: string | undefined, undecided = false): VoidOutcome {
  return { kind: 'conflict', conflict: new RevisionConflict(canonicalRevisionId, undecided) }
}
