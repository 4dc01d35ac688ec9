import { Sum } from '../compute/sum.ts'
import type { WorkoutFigures } from '../curve/figures.ts'

/** What a list shows of a workout without opening its answer, in SI, beside its movements. */
export interface WorkoutDigest {
  readonly elapsedSeconds: number
  readonly activeSeconds: number
  readonly restSeconds: number
  readonly workJ: number
  /** One sigma. */
  readonly workSigmaJ: number
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
