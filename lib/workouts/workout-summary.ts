import { Sum } from '../compute/sum.ts'
import type { WorkoutFigures } from '../curve/figures.ts'

/** A workout in short, in SI units: what a list shows without reading the answer. */
export interface WorkoutSummary {
  readonly elapsedSeconds: number
  readonly activeSeconds: number
  readonly restSeconds: number
  readonly workJ: number
  /** One sigma. */
  readonly workSigmaJ: number
}

export function summaryOf({ session, splits }: WorkoutFigures): WorkoutSummary {
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
    workSigmaJ: Math.hypot(...Object.values(session.sigmasJ))
  }
}

/** The movements of a workout, each once and between spaces, in the order of first appearance. */
export function movementsOf({ session }: WorkoutFigures): string {
  return ` ${Object.keys(session.sigmasJ).join(' ')} `
}

export function movementsFrom(text: string): readonly string[] {
  return text.trim().split(' ')
}
