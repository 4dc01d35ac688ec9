import type { WorkoutFigures } from '../curve/figures.ts'
import type { WorkoutSummary } from './workout-summary.ts'

/** A workout in a list. */
export interface ListedWorkout {
  readonly workoutId: string
  readonly revisionId: string
  readonly performedDate: string
  /** When the revision was bought, unix milliseconds. */
  readonly createdAtMs: number
  /** Registry names, each once, in the order of first appearance. */
  readonly movements: readonly string[]
  readonly summary: WorkoutSummary
}

export interface ListFilter {
  /** YYYY-MM-DD, inclusive. */
  readonly performedFrom?: string | undefined
  /** YYYY-MM-DD, inclusive. */
  readonly performedTo?: string | undefined
  /** Registry name. */
  readonly movement?: string | undefined
}

export interface WorkoutPage {
  readonly workouts: readonly ListedWorkout[]
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined
}

/** One computed version of a workout. */
export interface StoredRevision {
  readonly revisionId: string
  readonly state: 'canonical' | 'superseded' | 'voided'
  readonly performedDate: string
  readonly supersedesRevisionId: string | undefined
  readonly reason: string | undefined
  readonly createdAtMs: number
  /** When it was superseded or voided. */
  readonly endedAtMs: number | undefined
  readonly voidReason: string | undefined
  /** The request without the athlete's UUID. */
  readonly requestJson: string
  readonly answerJson: string
}

/** What changed in an athlete's canonical workouts. */
export interface WorkoutChanges {
  /** Version of the resulting state or an older one; reading again from here is always correct. */
  readonly version: number
  /** True if the caller's previous state is invalid. */
  readonly startsAnew: boolean
  /** New and revised workouts, oldest entry first; a later one with the same workout replaces an earlier. */
  readonly figures: readonly WorkoutFigures[]
  readonly voidedWorkoutIds: readonly string[]
}
