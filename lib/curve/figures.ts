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
  readonly title?: string
  readonly session: SessionFigures
  /** In the order performed. */
  readonly splits: readonly SplitFigures[]
}

type Work = Evaluation['results']['session']['total_work']

/**
 * The figures of a workout from its compute-power answer in any units.
 *
 * Sigmas by movement reproduce the answer's own uncertainties: movements share the athlete's height and mass and the
 * loads that they use, so each sigma carries its part of what is shared. For session and splits the sum is exact; for a
 * run of splits it is within 1 %.
 */
export function figuresOf(
  workoutId: string,
  performedDate: string,
  { results }: Pick<Evaluation, 'results'>,
  title?: string
): WorkoutFigures {
  const { session, splits, movement_rollups: rollups } = results
  return {
    workoutId,
    performedDate,
    ...(title !== undefined && { title }),
    session: {
      durationSeconds: session.duration_seconds,
      workJ: joules(session.total_work).workJ,
      sigmasJ: sigmasOf(rollups, joules(session.total_work).sigmaJ)
    },
    splits: splits.map((split) => {
      const { workJ, sigmaJ } = joules(split.total_work)
      const names = split.movements.map(({ movement }) => movement)
      return {
        activeSeconds: split.duration_seconds,
        restAfterSeconds: split.rest_seconds_after,
        workJ,
        sigmasJ: sigmasOf(split.movements, sigmaJ),
        modality: modalityOf(names)
      }
    })
  }
}

/** Sigmas by movement, scaled so that together, as independent ones, they make the total's. */
function sigmasOf(parts: readonly { movement: string; work: Work }[], totalSigmaJ: number): SigmasJ {
  const sigmas: Record<string, number> = {}
  for (const { movement, work } of parts) sigmas[movement] = (sigmas[movement] ?? 0) + joules(work).sigmaJ
  const together = Math.hypot(...Object.values(sigmas))
  if (together > 0) for (const movement of Object.keys(sigmas)) sigmas[movement]! *= totalSigmaJ / together
  return sigmas
}

function joules({ value, unit, uncertainty }: Work): { workJ: number; sigmaJ: number } {
  const unitsPerJoule = WORK_UNITS_PER_JOULE[unit]
  return { workJ: value / unitsPerJoule, sigmaJ: uncertainty / unitsPerJoule }
}
