import type { Evaluation } from '../../schemas/compute-power.ts'
import { Sum } from '../compute/sum.ts'
import type { WorkoutFigures } from '../curve/figures.ts'

/** A workout's summary in SI units, for lists that do not read the answer. */
export interface WorkoutSummary {
  readonly elapsedSeconds: number
  readonly activeSeconds: number
  readonly restSeconds: number
  readonly workJ: number
  /** One sigma. */
  readonly workSigmaJ: number
  readonly title?: string
  /** Labels of the splits, empty for a split without; absent if no split has one. */
  readonly labels?: readonly string[]
}

export function summaryOf(
  { session, splits, title }: WorkoutFigures,
  labels: readonly string[] | undefined
): WorkoutSummary {
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
    ...(title !== undefined && { title }),
    ...(labels !== undefined && { labels })
  }
}

/** The labels of an answer's splits, empty for a split without; undefined if no split has one. */
export function labelsOf({ results }: Pick<Evaluation, 'results'>): string[] | undefined {
  const labels = results.splits.map(({ label }) => label ?? '')
  return labels.some((label) => label !== '') ? labels : undefined
}

/** The movements of a workout, each once, between spaces, in the order of first appearance. */
export function movementsOf({ session }: WorkoutFigures): string {
  return movementsText(Object.keys(session.sigmasJ))
}

/** Movements as a row stores them. */
export function movementsText(names: readonly string[]): string {
  return ` ${names.join(' ')} `
}

export function movementsFrom(text: string): readonly string[] {
  return text.trim().split(' ')
}
