import { hash, randomUUID } from 'node:crypto'
import type { Evaluation } from '../../schemas/compute-power.ts'
import type { Plan } from '../compute/plan.ts'
import { figuresOf, type WorkoutFigures } from '../curve/figures.ts'
import { labelsOf } from './workout-summary.ts'

/** The names of a workout and of one computed version of it. */
export interface WorkoutIds {
  readonly workoutId: string
  readonly revisionId: string
}

/**
 * A UUID of version 7 (RFC 9562 5.7): milliseconds, then 74 random bits. Ids that rise with time are adjacent in the
 * database's indexes; those of version 4 each touch another page.
 * @param nowMs unix milliseconds
 */
export function timeOrderedUuid(nowMs: number): string {
  const milliseconds = nowMs.toString(16).padStart(12, '0')
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${randomUUID().slice(15)}`
}

export function newWorkoutIds(nowMs: number): WorkoutIds {
  return { workoutId: timeOrderedUuid(nowMs), revisionId: timeOrderedUuid(nowMs) }
}

/** A completed workout as stored, in the transaction that completes its purchase. */
export interface WorkoutRecord {
  readonly workoutId: string
  readonly revisionId: string
  /** sha256 of the athlete's UUID in lower case: only a client that has the UUID finds it. */
  readonly athleteKey: Buffer
  readonly performedDate: string
  /** The request without the athlete's UUID, as JSON. */
  readonly requestJson: string
  /** The labels of the splits, empty for a split without; absent if no split has one. */
  readonly labels?: readonly string[]
  /** The data of lists and curves, so that they need not read the answer. */
  readonly figures: WorkoutFigures
  /** Present for a revision: the revision that it replaces, which must be canonical until then. */
  readonly supersedes?: { readonly revisionId: string; readonly reason?: string }
}

/** The athlete in rows: sha256 of the UUID in lower case, so that no row contains the key to the records. */
export function athleteKey(athleteUuid: string): Buffer {
  return hash('sha256', athleteUuid.toLowerCase(), 'buffer')
}

// RFC 8785 sorts names, and no name of the request sorts before this one: it is the body's first member.
const ATHLETE_MEMBER = /^\{"athlete_uuid":"[^"]*",/

/**
 * The row of a completed workout; its request is stored without the athlete's UUID.
 * @param canonicalBody the request in RFC 8785 form
 */
export function workoutRecord(
  { workoutId, revisionId }: WorkoutIds,
  plan: Plan,
  canonicalBody: string,
  evaluation: Pick<Evaluation, 'results'>
): WorkoutRecord {
  if (!ATHLETE_MEMBER.test(canonicalBody)) throw new RangeError('the body does not begin with athlete_uuid')
  const performedDate = plan.date ?? ''
  const labels = labelsOf(evaluation)
  return {
    workoutId,
    revisionId,
    athleteKey: athleteKey(plan.athleteUuid),
    performedDate,
    requestJson: canonicalBody.replace(ATHLETE_MEMBER, '{'),
    ...(labels !== undefined && { labels }),
    figures: figuresOf(workoutId, performedDate, evaluation, plan.title)
  }
}

/** The title in a stored request. */
export function titleOf(requestJson: string): string | undefined {
  const { title } = JSON.parse(requestJson)
  return typeof title === 'string' ? title : undefined
}

/** The row of a revision that supersedes another one. */
export function revisionRecord(
  ids: WorkoutIds,
  plan: Plan,
  canonicalBody: string,
  evaluation: Pick<Evaluation, 'results'>,
  supersedes: NonNullable<WorkoutRecord['supersedes']>
): WorkoutRecord {
  return { ...workoutRecord(ids, plan, canonicalBody, evaluation), supersedes }
}

/** A workout's record as text, for the row of a pending payment. */
export function recordToJson(record: WorkoutRecord): string {
  return JSON.stringify({ ...record, athleteKey: record.athleteKey.toString('hex') })
}

export function recordFromJson(text: string): WorkoutRecord {
  const { athleteKey, ...rest } = JSON.parse(text)
  return { ...rest, athleteKey: Buffer.from(athleteKey, 'hex') }
}
