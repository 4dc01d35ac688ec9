import { revisionConflict } from '../billing/billing-problems.ts'
import { RevisionConflict } from '../ledger/ledger.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Standing } from './workout-state.ts'

/**
 * Refuses a revision that could not take its place. What is canonical now is told only to who has the athlete's UUID.
 * @param standing of the workout, undefined where the athlete has no such workout
 * @throws ProblemError 404 or 409
 */
export function assertRevisable(standing: Standing | undefined, supersedesRevisionId: string): void {
  if (standing === undefined) throw workoutNotFound()
  const { state, revisionId, isReserved } = standing
  if (state === 'voided') throw revisionConflict(new RevisionConflict(undefined))
  if (revisionId !== supersedesRevisionId) throw revisionConflict(new RevisionConflict(revisionId))
  if (isReserved) throw revisionConflict(new RevisionConflict(revisionId, true))
}

/** The same for a workout of somebody else and for one that never was. */
export function workoutNotFound(): ProblemError {
  return new ProblemError(404, 'workout_not_found', 'This athlete has no such workout.')
}
