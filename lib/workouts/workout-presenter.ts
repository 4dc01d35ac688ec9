import type { WorkoutDetail, WorkoutList } from '../../schemas/workouts.ts'
import { titleOf } from './workout-record.ts'
import type { ListedWorkout, StoredRevision } from './workout-store.ts'

/** A stored workout in a list. */
export function presentSummary(workout: ListedWorkout): WorkoutList['workouts'][number] {
  const { workoutId, revisionId, performedDate, createdAtMs, movements, summary } = workout
  const { elapsedSeconds, workJ, workSigmaJ, title } = summary
  return {
    workout_id: workoutId,
    revision_id: revisionId,
    performed_date: performedDate,
    ...(title !== undefined && { title }),
    duration_seconds: elapsedSeconds,
    total_work: { value: workJ, unit: 'J', uncertainty: workSigmaJ },
    average_power_elapsed: { value: workJ / elapsedSeconds, unit: 'W', uncertainty: workSigmaJ / elapsedSeconds },
    movements: [...movements],
    created_at: time(createdAtMs)
  }
}

/** The canonical or voided revision of a workout as its detail. */
export function presentWorkout(workoutId: string, revision: StoredRevision): WorkoutDetail {
  const { revisionId, state, performedDate, createdAtMs, requestJson, answerJson } = revision
  const title = titleOf(requestJson)
  return {
    workout_id: workoutId,
    revision_id: revisionId,
    state: state === 'voided' ? 'voided' : 'canonical',
    performed_date: performedDate,
    ...(title !== undefined && { title }),
    created_at: time(createdAtMs),
    request: JSON.parse(requestJson),
    answer: JSON.parse(answerJson)
  }
}

/** One entry of the audit trail. */
export function presentRevision(revision: StoredRevision): NonNullable<WorkoutDetail['revisions']>[number] {
  const { revisionId, state, supersedesRevisionId, reason, createdAtMs, endedAtMs, voidReason, answerJson } = revision
  const title = titleOf(revision.requestJson)
  return {
    revision_id: revisionId,
    state,
    ...(title !== undefined && { title }),
    ...(supersedesRevisionId !== undefined && { supersedes_revision_id: supersedesRevisionId }),
    ...(reason !== undefined && { reason }),
    created_at: time(createdAtMs),
    ...(endedAtMs !== undefined && { ended_at: time(endedAtMs) }),
    ...(voidReason !== undefined && { void_reason: voidReason }),
    answer: JSON.parse(answerJson)
  }
}

function time(unixMs: number): string {
  return new Date(unixMs).toISOString()
}
