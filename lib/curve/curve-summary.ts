import { MODALITIES } from '../../schemas/curve.ts'
import type { WorkoutFigures } from './figures.ts'
import { byModality } from './modality.ts'
import { frontOf, mergeFronts, type ParetoFront } from './pareto-front.ts'
import { compareSamples, hasWork, type Sample, samplesOf } from './sample.ts'
import { byDomain, type TimeDomain, timeDomainOf } from './time-domains.ts'

/** The samples of a curve: all of them, or those of one modality. */
export const CURVES = ['all', ...MODALITIES] as const
export type CurveName = (typeof CURVES)[number]

/** The samples of one curve in one time domain. */
export interface Cell {
  readonly workouts: number
  /** The sample with the highest mean power. */
  readonly best: Sample | undefined
  readonly lastPerformedDate: string
}

export interface CurvePart {
  readonly front: ParetoFront
  readonly workouts: number
  readonly cells: Readonly<Record<TimeDomain, Cell>>
}

/** Everything a curve answer needs about a set of workouts. Summaries of disjoint sets combine in any order. */
export interface CurveSummary {
  readonly workouts: number
  readonly samples: number
  /** Samples on their own workout's envelope. */
  readonly ownSamples: number
  readonly curves: Readonly<Record<CurveName, CurvePart>>
}

const NO_CELL: Cell = { workouts: 0, best: undefined, lastPerformedDate: '' }
const NO_PART: CurvePart = { front: [], workouts: 0, cells: byDomain(() => NO_CELL) }
/** The summary of no workouts. */
export const NO_WORKOUTS: CurveSummary = { workouts: 0, samples: 0, ownSamples: 0, curves: byCurve(() => NO_PART) }

/** The summary of one workout. Only samples on its own envelope can be on a larger one. */
export function summaryOf(workout: WorkoutFigures): CurveSummary {
  const samples = samplesOf(workout)
  const curves = byCurve((curve) =>
    partOf(curve === 'all' ? samples : samples.filter(({ modality }) => modality === curve))
  )
  return { workouts: 1, samples: samples.length, ownSamples: curves.all.front.length, curves }
}

/** The summary of two disjoint sets of workouts together. */
export function combine(one: CurveSummary, other: CurveSummary): CurveSummary {
  if (one.workouts === 0) return other
  if (other.workouts === 0) return one
  return {
    workouts: one.workouts + other.workouts,
    samples: one.samples + other.samples,
    ownSamples: one.ownSamples + other.ownSamples,
    curves: byCurve((curve) => combineParts(one.curves[curve], other.curves[curve]))
  }
}

function partOf(samples: readonly Sample[]): CurvePart {
  const front = frontOf(samples)
  if (front.length === 0) return NO_PART
  const best: Partial<Record<TimeDomain, Sample>> = {}
  for (const sample of samples) {
    if (!hasWork(sample)) continue
    const domain = timeDomainOf(sample.durationSeconds)
    best[domain] = better(best[domain], sample)
  }
  const lastPerformedDate = front[0]!.workout.performedDate
  const cellOf = (sample: Sample | undefined) =>
    sample === undefined ? NO_CELL : { workouts: 1, best: sample, lastPerformedDate }
  return { front, workouts: 1, cells: byDomain((domain) => cellOf(best[domain])) }
}

function combineParts(one: CurvePart, other: CurvePart): CurvePart {
  if (one.workouts === 0) return other
  if (other.workouts === 0) return one
  return {
    front: mergeFronts(one.front, other.front),
    workouts: one.workouts + other.workouts,
    cells: byDomain((domain) => combineCells(one.cells[domain], other.cells[domain]))
  }
}

function combineCells(one: Cell, other: Cell): Cell {
  if (one.workouts === 0) return other
  if (other.workouts === 0) return one
  return {
    workouts: one.workouts + other.workouts,
    best: better(one.best, other.best!),
    lastPerformedDate: one.lastPerformedDate > other.lastPerformedDate ? one.lastPerformedDate : other.lastPerformedDate
  }
}

function better(one: Sample | undefined, other: Sample): Sample {
  if (one === undefined || other.powerW > one.powerW) return other
  if (one.powerW > other.powerW) return one
  return compareSamples(one, other) <= 0 ? one : other
}

function byCurve<T>(make: (curve: CurveName) => T): Record<CurveName, T> {
  return { all: make('all'), ...byModality(make) }
}
