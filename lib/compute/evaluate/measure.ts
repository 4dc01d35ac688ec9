import { type Body, emptySlopes, type Reading, type Slopes } from '../laws/law.ts'
import type { Movement } from '../movements/movement.ts'
import type { Plan, PlanEntry } from '../plan.ts'
import { BODY_MASS_SIGMA_KG, HEIGHT_SIGMA_M, readingSigma, TIME_SIGMA_S } from '../reading.ts'
import { Sum } from '../sum.ts'

/**
 * A figure's first-order dependence on what several lines share, each term already times one sigma: the athlete's
 * height and mass, then the coefficients of each movement, then each bar, vest, box or course that was read. The terms
 * are independent of each other, so that rows add up term by term and a variance is the sum of squares. A row may be
 * shorter than another one: what is missing is 0.
 */
export type Terms = number[]

const HEIGHT_TERM = 0
const MASS_TERM = 1
const BODY_TERMS = 2

export interface LineMeasure {
  readonly workJ: number
  readonly sigmaJ: number
}

/** Some work, with what its uncertainty consists of. */
export interface WorkMeasure {
  workJ: number
  readonly terms: Terms
  /** Variance of what was read for one line alone, such as a console's calories, J2. */
  ownVariance: number
}

export interface SplitMeasure extends WorkMeasure {
  /** What one sigma of the active time changes in the work, J: 0 but for laws that use time. */
  timeTermJ: number
  readonly lines: readonly LineMeasure[]
}

/** All lines of one movement name. */
export interface MovementMeasure extends WorkMeasure {
  readonly movement: Movement
  readonly firstTerm: number
  occurrences: number
  reps: number
  readonly isolated: IsolatedMeasure
}

/** The splits that a movement has to itself. */
export interface IsolatedMeasure extends WorkMeasure {
  seconds: number
  splits: number
  timeTermsJ: number
  timeVariance: number
}

export interface Measurement extends WorkMeasure {
  readonly splits: readonly SplitMeasure[]
  readonly movements: readonly MovementMeasure[]
}

/** The part of a plan that its work depends on. */
export type MeasuredPlan = Pick<Plan, 'heightM' | 'bodyMassKg' | 'movements' | 'splits'>

const measured = new WeakMap<MeasuredPlan, Measurement>()

/** As `measure`, once for each plan: the precheck judges it and the evaluation shows it. */
export function measurementOf(plan: MeasuredPlan): Measurement {
  let measurement = measured.get(plan)
  if (measurement === undefined) {
    measurement = measure(plan)
    measured.set(plan, measurement)
  }
  return measurement
}

/** The joules of a plan, by line, split, movement and session, with what they depend on. */
export function measure(plan: MeasuredPlan): Measurement {
  const body = { heightM: plan.heightM, massKg: plan.bodyMassKg }
  const movements: MovementMeasure[] = []
  let termCount = BODY_TERMS
  for (const movement of plan.movements) {
    movements.push(emptyMovement(movement, termCount))
    termCount += movement.coefficients.length
  }
  const readings = new SharedReadings(termCount)
  const slopes = emptySlopes()
  const total = new Sum()
  const terms = zeros(termCount)
  let ownVariance = 0
  const splits: SplitMeasure[] = []
  for (const split of plan.splits) {
    const measured = { workJ: 0, terms: zeros(termCount), ownVariance: 0, timeTermJ: 0, lines: [] as LineMeasure[] }
    const work = new Sum()
    for (const entry of split.entries) {
      const line = addLine(
        body,
        entry,
        split.durationSeconds,
        slopes,
        readings,
        movements[entry.movementIndex]!,
        measured
      )
      work.add(line.workJ)
      measured.lines.push(line)
    }
    measured.workJ = work.value
    if (split.isolated)
      addIsolated(movements[split.entries[0]!.movementIndex]!.isolated, measured, split.durationSeconds)
    addTerms(terms, measured.terms)
    ownVariance += measured.ownVariance + measured.timeTermJ * measured.timeTermJ
    total.add(measured.workJ)
    splits.push(measured)
  }
  return { workJ: total.value, terms, ownVariance, splits, movements }
}

/** Work and standard uncertainty of one line, on its own or added to its split and its movement. */
function addLine(
  body: Body,
  entry: PlanEntry,
  durationSeconds: number,
  slopes: Slopes,
  readings: SharedReadings,
  movement: MovementMeasure,
  split: SplitMeasure
): LineMeasure {
  const { reps, inputs, coefficients, sigmas, secondsPerRep } = entry
  const { law, inputs: specs } = entry.movement
  const workJ = reps * law.work(body, inputs, coefficients, slopes, secondsPerRep)
  let variance = 0
  let ownVariance = 0
  const add = (index: number, term: number) => {
    if (term === 0) return
    variance += term * term
    addTerm(split.terms, index, term)
    addTerm(movement.terms, index, term)
  }
  add(HEIGHT_TERM, reps * slopes.heightM * HEIGHT_SIGMA_M)
  add(MASS_TERM, reps * slopes.massKg * BODY_MASS_SIGMA_KG)
  for (let slot = 0; slot < sigmas.length; slot++) {
    add(movement.firstTerm + slot, reps * slopes.coefficients[slot]! * sigmas[slot]!)
  }
  for (let slot = 0; slot < inputs.length; slot++) {
    const value = inputs[slot]!
    if (value === 0) continue
    const { reading } = specs[slot]!
    const term = reps * slopes.inputs[slot]! * readingSigma(reading, value)
    if (reading.isShared) add(readings.termOf(reading, value), term)
    else ownVariance += term * term
  }
  variance += ownVariance
  if (secondsPerRep > 0) {
    // The line has its share of the split's time, and of the error in it.
    const timeTermJ = (reps * slopes.secondsPerRep * secondsPerRep * TIME_SIGMA_S) / durationSeconds
    variance += timeTermJ * timeTermJ
    split.timeTermJ += timeTermJ
  }
  split.ownVariance += ownVariance
  movement.ownVariance += ownVariance
  movement.occurrences++
  movement.reps += reps
  movement.workJ += workJ
  return { workJ, sigmaJ: Math.sqrt(variance) }
}

function addIsolated(isolated: IsolatedMeasure, split: SplitMeasure, seconds: number): void {
  isolated.workJ += split.workJ
  isolated.seconds += seconds
  isolated.splits++
  isolated.ownVariance += split.ownVariance
  isolated.timeTermsJ += split.timeTermJ
  isolated.timeVariance += split.timeTermJ * split.timeTermJ
  addTerms(isolated.terms, split.terms)
}

/** Where the error of a bar, vest, box or course stands in a row: the same figure is the same thing. */
class SharedReadings {
  #next: number
  readonly #terms = new Map<Reading, Map<number, number>>()

  constructor(firstTerm: number) {
    this.#next = firstTerm
  }

  termOf(reading: Reading, value: number): number {
    const ofKind = this.#terms.get(reading) ?? new Map<number, number>()
    const known = ofKind.get(value)
    if (known !== undefined) return known
    const term = this.#next++
    ofKind.set(value, term)
    this.#terms.set(reading, ofKind)
    return term
  }
}

const LEAST_WORK_J = 1e-9

/**
 * Whether nothing was done that shares could be taken of. Only coefficients set to next to nothing give less than a
 * nanojoule, and what is divided by so little has no finite sigma.
 */
export function isIdle({ workJ }: Pick<Measurement, 'workJ'>): boolean {
  return workJ < LEAST_WORK_J
}

/** Sum of squares of a row. */
export function varianceOf(terms: Terms): number {
  let variance = 0
  for (let index = 0; index < terms.length; index++) variance += terms[index]! * terms[index]!
  return variance
}

/** One sigma of some work over a time, W: `timeTermJ` and the time itself are one reading. */
export function powerSigmaW({ workJ, terms, ownVariance }: WorkMeasure, timeTermJ: number, seconds: number): number {
  const byTimeJ = timeTermJ - (workJ * TIME_SIGMA_S) / seconds
  return Math.sqrt(varianceOf(terms) + ownVariance + byTimeJ * byTimeJ) / seconds
}

function emptyMovement(movement: Movement, firstTerm: number): MovementMeasure {
  const isolated = { workJ: 0, terms: [], ownVariance: 0, seconds: 0, splits: 0, timeTermsJ: 0, timeVariance: 0 }
  return { movement, firstTerm, workJ: 0, terms: [], ownVariance: 0, occurrences: 0, reps: 0, isolated }
}

function addTerms(row: Terms, more: Terms): void {
  for (let index = 0; index < more.length; index++) addTerm(row, index, more[index]!)
}

function addTerm(row: Terms, index: number, term: number): void {
  while (row.length <= index) row.push(0)
  row[index]! += term
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0)
}
