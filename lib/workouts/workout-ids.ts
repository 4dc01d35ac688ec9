import { randomUUID } from 'node:crypto'

/** The names of a workout and of one computed version of it. */
export interface WorkoutIds {
  readonly workoutId: string
  readonly revisionId: string
}

/**
 * A UUID of version 7 (RFC 9562 5.7): milliseconds, then 74 random bits. Names that rise with time lie together in the
 * database's indexes; those of version 4 touch a page of their own each.
 * @param nowMs unix milliseconds
 */
export function timeOrderedUuid(nowMs: number): string {
  const milliseconds = nowMs.toString(16).padStart(12, '0')
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${randomUUID().slice(15)}`
}

export function newWorkoutIds(nowMs: number): WorkoutIds {
  return { workoutId: timeOrderedUuid(nowMs), revisionId: timeOrderedUuid(nowMs) }
}
