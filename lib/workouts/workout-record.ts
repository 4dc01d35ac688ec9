import { createHash, randomUUID } from 'node:crypto'
import type { ComputePowerRequest } from '../../schemas/compute-power.ts'
import type { Plan } from '../compute/plan.ts'
import type { WorkoutRecord } from '../ledger/ledger.ts'

/** The names of a workout and of its first computed version. */
export interface WorkoutIds {
  readonly workoutId: string
  readonly revisionId: string
}

export function newWorkoutIds(): WorkoutIds {
  return { workoutId: randomUUID(), revisionId: randomUUID() }
}

/** What rows name an athlete by: sha256 of the UUID in lower case, so that no row holds the key to the records. */
export function athleteKey(athleteUuid: string): Buffer {
  return createHash('sha256').update(athleteUuid.toLowerCase()).digest()
}

/** The row of a completed workout; its request is kept without the athlete's UUID. */
export function workoutRecord(ids: WorkoutIds, plan: Plan, request: ComputePowerRequest): WorkoutRecord {
  return {
    workoutId: ids.workoutId,
    revisionId: ids.revisionId,
    athleteKey: athleteKey(plan.athleteUuid),
    performedDate: plan.date ?? '',
    requestJson: JSON.stringify({ ...request, athlete_uuid: undefined })
  }
}
