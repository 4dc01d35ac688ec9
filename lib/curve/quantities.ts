import type { CurveAnswer } from '../../schemas/curve.ts'
import type { Measured } from './envelope.ts'
import type { Window } from './hyperbola.ts'
import type { Sample } from './sample.ts'
import { powerSigmaOf } from './sigma-sum.ts'

type Work = CurveAnswer['work_capacity_auc']
type Power = CurveAnswer['log_mean_power']
type Bounds = Pick<Work, 'from_seconds' | 'to_seconds'>
export type Effort = Omit<CurveAnswer['points'][number], 'on_envelope'>

export function joules({ value, sigma }: Measured): Omit<Work, keyof Bounds> {
  return { value, unit: 'J', uncertainty: sigma }
}

export function watts({ value, sigma }: Measured): Omit<Power, keyof Bounds> {
  return { value, unit: 'W', uncertainty: sigma }
}

export function bounds({ fromSeconds, toSeconds }: Window): Bounds {
  return { from_seconds: fromSeconds, to_seconds: toSeconds }
}

/** A sample as an answer tells it. */
export function effortOf(sample: Sample): Effort {
  const { workout, kind, first, last, durationSeconds, powerW, modality } = sample
  return {
    duration_seconds: durationSeconds,
    average_power: watts({ value: powerW, sigma: powerSigmaOf(sample) }),
    kind,
    modality,
    workout_id: workout.workoutId,
    performed_date: workout.performedDate,
    first_split_index: first,
    last_split_index: last
  }
}
