import { SAMPLE_KINDS } from '../../schemas/curve.ts'
import { Sum } from '../compute/sum.ts'
import type { WorkoutFigures } from './figures.ts'
import { joined, type ModalityMix } from './modality.ts'

export type SampleKind = (typeof SAMPLE_KINDS)[number]

/** Less work than this is none: a power near the least of all numbers could not be divided by. */
const LEAST_WORK_J = 1e-9

/** Some work done in some time, as a part of one workout. */
export interface Sample {
  readonly workout: WorkoutFigures
  readonly kind: SampleKind
  /** First and last split in it, from 0. */
  readonly first: number
  readonly last: number
  readonly durationSeconds: number
  readonly workJ: number
  readonly powerW: number
  readonly modality: ModalityMix
}

/**
 * Every sample of a workout: the session over its elapsed time, each split over its active time, and each run of two
 * or more neighbouring splits over their active times with the rests between them. Time that the session has and no
 * split or rest claims is counted in the session alone.
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

export function hasWork({ workJ }: Sample): boolean {
  return workJ >= LEAST_WORK_J
}

/** Whether two samples count some of the same work. */
export function overlap(one: Sample, other: Sample): boolean {
  return one.workout === other.workout && one.first <= other.last && other.first <= one.last
}

/**
 * A total order of samples that depends on nothing but themselves, so that no tie is decided by the order of insertion:
 * by date, workout, kind and place.
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

/** By code unit: a locale's order would differ from machine to machine. */
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
