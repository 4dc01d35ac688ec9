import { hash, randomUUID } from 'node:crypto'
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
  return hash('sha256', athleteUuid.toLowerCase(), 'buffer')
}

// RFC 8785 sorts names, and no name of the request sorts before this one: it is the body's first member.
const ATHLETE_MEMBER = /^\{"athlete_uuid":"[^"]*",/

/**
 * The row of a completed workout; its request is kept without the athlete's UUID.
 * @param canonicalBody the request in RFC 8785 form
 */
export function workoutRecord(ids: WorkoutIds, plan: Plan, canonicalBody: string): WorkoutRecord {
  if (!ATHLETE_MEMBER.test(canonicalBody)) throw new RangeError('the body does not begin with the athlete')
  return {
    workoutId: ids.workoutId,
    revisionId: ids.revisionId,
    athleteKey: athleteKey(plan.athleteUuid),
    performedDate: plan.date ?? '',
    requestJson: canonicalBody.replace(ATHLETE_MEMBER, '{')
  }
}
