import type { SigmasJ } from './figures.ts'
import type { Sample } from './sample.ts'

/**
 * The uncertainty of a figure that is a weighted sum of samples' works.
 *
 * As in the engine, an error of a movement's coefficients is shared by all of its reps, here in all workouts, so within
 * one movement sigmas add up with their weights; different movements are independent and add up by squares. For a
 * session, and for a split where each movement has one line, that is the sigma that its own answer gave.
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

  /** One sigma, in the figure's unit. */
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

/** One sigma of a sample's mean power, W. */
export function powerSigmaOf(sample: Sample): number {
  const sum = new SigmaSum()
  sum.add(sample, 1 / sample.durationSeconds)
  return sum.value
}
