import type { SigmasJ } from './figures.ts'
import type { Sample } from './sample.ts'

/**
 * The uncertainty of a figure that is a weighted sum of the work of samples.
 *
 * As in the engine, all reps of a movement share the error of its coefficients, here in all workouts: within one
 * movement, weighted sigmas add linearly; independent movements add in quadrature. For a session, and for a split with
 * one line per movement, the result equals the sigma of its own answer.
 */
export class SigmaSum {
  readonly #byMovement = new Map<string, number>()

  /** @param weight change of the figure per joule of the sample */
  add(sample: Sample, weight: number): void {
    const { session, splits } = sample.workout
    if (sample.kind === 'session') {
      this.#addEach(session.sigmasJ, weight)
      return
    }
    for (let index = sample.first; index <= sample.last; index++) this.#addEach(splits[index]!.sigmasJ, weight)
  }

  /** Standard deviation, in the figure's unit. */
  get value(): number {
    let variance = 0
    for (const sigma of this.#byMovement.values()) variance += sigma * sigma
    return Math.sqrt(variance)
  }

  #addEach(sigmasJ: SigmasJ, weight: number): void {
    for (const [movement, sigmaJ] of Object.entries(sigmasJ)) {
      this.#byMovement.set(movement, (this.#byMovement.get(movement) ?? 0) + weight * sigmaJ)
    }
  }
}

/** Standard deviation of a sample's mean power, W. */
export function powerSigmaOf(sample: Sample): number {
  const sum = new SigmaSum()
  sum.add(sample, 1 / sample.durationSeconds)
  return sum.value
}
