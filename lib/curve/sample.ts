import { SAMPLE_KINDS } from '../../schemas/curve.ts'
import { Sum } from '../compute/sum.ts'
import type { WorkoutFigures } from './figures.ts'
import { joined, type ModalityMix } from './modality.ts'

export type SampleKind = (typeof SAMPLE_KINDS)[number]

/** Less work than this counts as none: a power near the smallest number cannot be a divisor. */
const LEAST_WORK_J = 1e-9

/** An amount of work done in a time, as part of one workout. */
export interface Sample {
  readonly workout: WorkoutFigures
  readonly kind: SampleKind
  /** Index of its first and last split, from 0. */
  readonly first: number
  readonly last: number
  readonly durationSeconds: number
  readonly workJ: number
  readonly powerW: number
  readonly modality: ModalityMix
}

/**
 * Every sample of a workout: the session over its elapsed time, each split over its active time, and each run of two
 * or more neighbouring splits over their active times plus the rests between them. Session time outside splits and
 * rests counts in the session alone.
 */
export function samplesOf(workout: WorkoutFigures): Sample[] {
  const { session, splits } = workout
  const all = splits.map(({ modality }) => modality).reduce(joined)
  const samples = [sampleOf(workout, 'session', 0, splits.length - 1, session.durationSeconds, session.workJ, all)]
  for (let first = 0; first < splits.length; first++) {
    const seconds = new Sum()
    const joules = new Sum()
    let modality = splits[first]!.modality
    for (let last = first; last < splits.length; last++) {
      const split = splits[last]!
      if (last > first) seconds.add(splits[last - 1]!.restAfterSeconds)
      seconds.add(split.activeSeconds)
      joules.add(split.workJ)
      modality = joined(modality, split.modality)
      const kind = last === first ? 'split' : 'run'
      samples.push(sampleOf(workout, kind, first, last, seconds.value, joules.value, modality))
    }
  }
  return samples
}

/** Whether a sample has enough work to be on an envelope. */
export function hasWork({ workJ }: Sample): boolean {
  return workJ >= LEAST_WORK_J
}

/** Whether two samples count some of the same work. */
export function overlap(one: Sample, other: Sample): boolean {
  return one.workout === other.workout && one.first <= other.last && other.first <= one.last
}

/**
 * A total order of samples by date, workout, kind and place. It depends on the samples alone, so that the order of
 * insertion never decides a tie.
 */
export function compareSamples(one: Sample, other: Sample): number {
  return (
    compareText(one.workout.performedDate, other.workout.performedDate) ||
    compareText(one.workout.workoutId, other.workout.workoutId) ||
    SAMPLE_KINDS.indexOf(one.kind) - SAMPLE_KINDS.indexOf(other.kind) ||
    one.first - other.first ||
    one.last - other.last
  )
}

/** Compares by code unit: a locale's order differs between machines. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function sampleOf(
  workout: WorkoutFigures,
  kind: SampleKind,
  first: number,
  last: number,
  durationSeconds: number,
  workJ: number,
  modality: ModalityMix
): Sample {
  return { workout, kind, first, last, durationSeconds, workJ, powerW: workJ / durationSeconds, modality }
}
