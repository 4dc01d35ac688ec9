import { hash } from 'node:crypto'
import type { Evaluation } from '../../schemas/compute-power.ts'
import type { Plan } from '../compute/plan.ts'
import { figuresOf } from '../curve/figures.ts'
import type { WorkoutRecord } from '../ledger/ledger.ts'
import type { WorkoutIds } from './workout-ids.ts'

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
export function workoutRecord(
  { workoutId, revisionId }: WorkoutIds,
  plan: Plan,
  canonicalBody: string,
  evaluation: Pick<Evaluation, 'results'>
): WorkoutRecord {
  if (!ATHLETE_MEMBER.test(canonicalBody)) throw new RangeError('the body does not begin with the athlete')
  const performedDate = plan.date ?? ''
  return {
    workoutId,
    revisionId,
    athleteKey: athleteKey(plan.athleteUuid),
    performedDate,
    requestJson: canonicalBody.replace(ATHLETE_MEMBER, '{'),
    figures: figuresOf(workoutId, performedDate, evaluation)
  }
}

/** The row of a revision that takes the place of another one. */
export function revisionRecord(
  ids: WorkoutIds,
  plan: Plan,
  canonicalBody: string,
  evaluation: Pick<Evaluation, 'results'>,
  supersedes: NonNullable<WorkoutRecord['supersedes']>
): WorkoutRecord {
  return { ...workoutRecord(ids, plan, canonicalBody, evaluation), supersedes }
}
