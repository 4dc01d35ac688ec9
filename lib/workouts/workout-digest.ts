import { Sum } from '../compute/sum.ts'
import { figuresOf, type WorkoutFigures } from '../curve/figures.ts'
import type { WorkoutRecord } from '../ledger/ledger.ts'

/** What a list shows of a workout without opening its answer; in SI. */
export interface WorkoutDigest {
  readonly elapsedSeconds: number
  readonly activeSeconds: number
  readonly restSeconds: number
  readonly workJ: number
  /** One sigma. */
  readonly workSigmaJ: number
  /** Each once, in the order of first appearance. */
  readonly movements: readonly string[]
}

/** A record with all that its row will hold beside the answer. */
export type CompleteRecord = WorkoutRecord & { readonly figures: WorkoutFigures }

/** Reads a record's figures from its answer where they did not come with it. */
export function completeRecord(record: WorkoutRecord, answerJson: string): CompleteRecord {
  const { workoutId, performedDate, figures } = record
  return { ...record, figures: figures ?? figuresOf(workoutId, performedDate, JSON.parse(answerJson)) }
}

export function digestOf({ session, splits }: WorkoutFigures): WorkoutDigest {
  const activeSeconds = new Sum()
  const restSeconds = new Sum()
  for (const split of splits) {
    activeSeconds.add(split.activeSeconds)
    restSeconds.add(split.restAfterSeconds)
  }
  return {
    elapsedSeconds: session.durationSeconds,
    activeSeconds: activeSeconds.value,
    restSeconds: restSeconds.value,
    workJ: session.workJ,
    // Movements are independent of each other.
    workSigmaJ: Math.hypot(...Object.values(session.sigmasJ)),
    movements: Object.keys(session.sigmasJ)
  }
}
