import { type CurveSummary, summaryOf } from './curve-summary.ts'
import { type DateRange, type DateTree, type Leaf, newestFirst, totalOf, withLeaf, withoutLeaf } from './date-tree.ts'
import type { WorkoutFigures } from './figures.ts'

/**
 * The canonical workouts of one athlete, ready for curves.
 *
 * Setting or removing a workout costs its own samples (n splits make n (n + 1) / 2 of them, plus the session). The next
 * summary merges the envelopes on one path of the tree: log(history) times their size. The history keeps a workout's
 * figures and the samples on its own envelopes.
 */
export class CurveHistory {
  #tree: DateTree | undefined
  readonly #leaves = new Map<string, Leaf>()

  get size(): number {
    return this.#leaves.size
  }

  /** Adds a workout; replaces an earlier version of it. */
  set(workout: WorkoutFigures): void {
    this.remove(workout.workoutId)
    const { workoutId, performedDate } = workout
    const leaf = { workoutId, performedDate, summary: summaryOf(workout) }
    this.#leaves.set(workoutId, leaf)
    this.#tree = withLeaf(this.#tree, leaf)
  }

  /** Removes a workout; returns whether it was present. */
  remove(workoutId: string): boolean {
    const leaf = this.#leaves.get(workoutId)
    if (leaf === undefined) return false
    this.#leaves.delete(workoutId)
    this.#tree = withoutLeaf(this.#tree, leaf)
    return true
  }

  /** Summary of the workouts performed within a range of days; of all workouts without a range. */
  summary(range: DateRange = {}): CurveSummary {
    return totalOf(this.#tree, range)
  }

  /** Summaries of single workouts, newest first. */
  *newestFirst(range: DateRange = {}): Generator<CurveSummary> {
    for (const { summary } of newestFirst(this.#tree, range)) yield summary
  }
}
