import type { Evaluation } from '../../schemas/compute-power.ts'
import { WORK_UNITS_PER_JOULE } from '../compute/units.ts'
import { type ModalityMix, modalityOf } from './modality.ts'

/** Standard deviation of some work by movement name, J. Movements are independent of each other, as in the engine. */
export type SigmasJ = Readonly<Record<string, number>>

export interface SessionFigures {
  /** Elapsed. */
  readonly durationSeconds: number
  readonly workJ: number
  readonly sigmasJ: SigmasJ
}

export interface SplitFigures {
  readonly activeSeconds: number
  readonly restAfterSeconds: number
  readonly workJ: number
  readonly sigmasJ: SigmasJ
  readonly modality: ModalityMix
}

/** What the curve needs of one completed workout. Plain JSON, in SI units, without the athlete. */
export interface WorkoutFigures {
  readonly workoutId: string
  /** YYYY-MM-DD */
  readonly performedDate: string
  readonly session: SessionFigures
  /** In the order performed. */
  readonly splits: readonly SplitFigures[]
}

type Work = Evaluation['results']['session']['total_work']

/**
 * The figures of a workout from its compute-power answer in any units.
 *
 * Sigmas by movement reproduce the answer's own uncertainties. Where a grouped split has one movement on several lines,
 * their sigmas are added. That is an upper bound: lines with different loads are not fully correlated.
 */
export function figuresOf(
  workoutId: string,
  performedDate: string,
  { results }: Pick<Evaluation, 'results'>
): WorkoutFigures {
  const { session, splits, movement_rollups: rollups } = results
  return {
    workoutId,
    performedDate,
    session: {
      durationSeconds: session.duration_seconds,
      workJ: joules(session.total_work).workJ,
      sigmasJ: Object.fromEntries(rollups.map(({ movement, work }) => [movement, joules(work).sigmaJ]))
    },
    splits: splits.map((split) => {
      const { workJ, sigmaJ } = joules(split.total_work)
      const names = split.movements.map(({ movement }) => movement)
      return {
        activeSeconds: split.duration_seconds,
        restAfterSeconds: split.rest_seconds_after,
        workJ,
        sigmasJ: split.attribution === 'isolated' ? { [names[0]!]: sigmaJ } : groupedSigmas(split.movements),
        modality: modalityOf(names)
      }
    })
  }
}

function groupedSigmas(lines: Evaluation['results']['splits'][number]['movements']): SigmasJ {
  const sigmas: Record<string, number> = {}
  for (const { movement, work } of lines) sigmas[movement] = (sigmas[movement] ?? 0) + joules(work).sigmaJ
  return sigmas
}

function joules({ value, unit, uncertainty }: Work): { workJ: number; sigmaJ: number } {
  const unitsPerJoule = WORK_UNITS_PER_JOULE[unit]
  return { workJ: value / unitsPerJoule, sigmaJ: uncertainty / unitsPerJoule }
}
