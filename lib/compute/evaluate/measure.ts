import { type Body, emptySlopes, type Reading, type Slopes } from '../laws/law.ts'
import type { Movement } from '../movements/movement.ts'
import type { Plan, PlanEntry } from '../plan.ts'
import { Sum } from '../sum.ts'
import { BODY_MASS_SIGMA_KG, HEIGHT_SIGMA_M, readingSigma, TIME_SIGMA_S } from '../uncertainty.ts'

/**
 * A figure's first-order dependence on inputs shared by several lines, each term multiplied by one sigma: the athlete's
 * height and mass, the coefficients of each movement, and each bar, vest, box or course reading. The terms are
 * independent: rows add term by term, and a variance is the sum of squares.
 */
export type Terms = number[]

const HEIGHT_TERM = 0
const MASS_TERM = 1
const BODY_TERMS = 2

export interface LineMeasure {
  readonly workJ: number
  readonly sigmaJ: number
}

/** An amount of work with the components of its uncertainty. */
export interface WorkMeasure {
  workJ: number
  terms: Terms
  /** Variance from readings of a single line, such as a console's calories, J2. */
  ownVariance: number
}

export interface SplitMeasure extends WorkMeasure {
  /** Change of the work per sigma of the active time, J; 0 unless the law uses time. */
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

/** The splits that contain only this movement. */
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

/** The part of a plan that determines its work. */
export type MeasuredPlan = Pick<Plan, 'heightM' | 'bodyMassKg' | 'movements' | 'splits'>

/** The work of a plan by line, split, movement and session, with its dependencies. */
export function measure(plan: MeasuredPlan): Measurement {
  const body = { heightM: plan.heightM, massKg: plan.bodyMassKg }
  let firstReading = BODY_TERMS
  for (const movement of plan.movements) firstReading += movement.coefficients.length
  const readings = sharedReadings(plan, firstReading)
  const { termCount } = readings
  const movements: MovementMeasure[] = []
  let firstTerm = BODY_TERMS
  for (const movement of plan.movements) {
    movements.push(emptyMovement(movement, firstTerm, termCount))
    firstTerm += movement.coefficients.length
  }
  const slopes = emptySlopes()
  const total = new Sum()
  const terms = zeros(termCount)
  let ownVariance = 0
  let nextReading = 0
  const splits: SplitMeasure[] = []
  for (const split of plan.splits) {
    const lines: LineMeasure[] = []
    const measured = { workJ: 0, terms: zeros(termCount), ownVariance: 0, timeTermJ: 0, lines }
    const work = new Sum()
    for (const entry of split.entries) {
      const movement = movements[entry.movementIndex]!
      const line = addLine(body, entry, split.durationSeconds, slopes, readings.terms, nextReading, movement, measured)
      nextReading += entry.inputs.length
      work.add(line.workJ)
      lines.push(line)
    }
    measured.workJ = work.value
    if (split.isolated) addIsolated(movements[split.entries[0]!.movementIndex]!, measured, split.durationSeconds)
    addTerms(terms, measured.terms)
    ownVariance += measured.ownVariance + measured.timeTermJ * measured.timeTermJ
    total.add(measured.workJ)
    splits.push(measured)
  }
  return { workJ: total.value, terms, ownVariance, splits, movements }
}

/**
 * Adds one line to its split and its movement.
 * @param readingTerms indices of the shared readings' errors in a row; those of the line begin at `firstReading`
 */
function addLine(
  body: Body,
  entry: PlanEntry,
  durationSeconds: number,
  slopes: Slopes,
  readingTerms: readonly number[],
  firstReading: number,
  movement: MovementMeasure,
  split: SplitMeasure
): LineMeasure {
  const { reps, inputs, coefficients, sigmas, secondsPerRep } = entry
  const { law, inputs: specs } = entry.movement
  const workJ = reps * law.work(body, inputs, coefficients, slopes, secondsPerRep)
  const heightTerm = reps * slopes.heightM * HEIGHT_SIGMA_M
  const massTerm = reps * slopes.massKg * BODY_MASS_SIGMA_KG
  split.terms[HEIGHT_TERM]! += heightTerm
  split.terms[MASS_TERM]! += massTerm
  movement.terms[HEIGHT_TERM]! += heightTerm
  movement.terms[MASS_TERM]! += massTerm
  let variance = heightTerm * heightTerm + massTerm * massTerm
  for (let slot = 0; slot < sigmas.length; slot++) {
    const term = reps * slopes.coefficients[slot]! * sigmas[slot]!
    split.terms[movement.firstTerm + slot]! += term
    movement.terms[movement.firstTerm + slot]! += term
    variance += term * term
  }
  let ownVariance = 0
  for (let slot = 0; slot < inputs.length; slot++) {
    const value = inputs[slot]!
    if (value === 0) continue
    const term = reps * slopes.inputs[slot]! * readingSigma(specs[slot]!.reading, value)
    const index = readingTerms[firstReading + slot]!
    if (index === OWN_READING) ownVariance += term * term
    else {
      split.terms[index]! += term
      movement.terms[index]! += term
      variance += term * term
    }
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

function addIsolated({ isolated, terms }: MovementMeasure, split: SplitMeasure, seconds: number): void {
  isolated.workJ += split.workJ
  isolated.seconds += seconds
  isolated.splits++
  isolated.ownVariance += split.ownVariance
  isolated.timeTermsJ += split.timeTermJ
  isolated.timeVariance += split.timeTermJ * split.timeTermJ
  if (isolated.terms.length === 0) isolated.terms = zeros(terms.length)
  addTerms(isolated.terms, split.terms)
}

/** Used instead of an index: the reading belongs to a single line. */
const OWN_READING = -1

/**
 * The index in a row of the error of each input of each line, in the order of the plan. Equal figures are the same bar,
 * vest, box or course and share one error.
 */
function sharedReadings(plan: MeasuredPlan, firstTerm: number): { terms: readonly number[]; termCount: number } {
  const terms: number[] = []
  let termCount = firstTerm
  let known: Map<Reading, Map<number, number>> | undefined
  for (const { entries } of plan.splits) {
    for (const { inputs, movement } of entries) {
      for (let slot = 0; slot < inputs.length; slot++) {
        const value = inputs[slot]!
        const { reading } = movement.inputs[slot]!
        if (value === 0 || !reading.isShared) {
          terms.push(OWN_READING)
          continue
        }
        known ??= new Map()
        let ofKind = known.get(reading)
        if (ofKind === undefined) {
          ofKind = new Map()
          known.set(reading, ofKind)
        }
        let term = ofKind.get(value)
        if (term === undefined) {
          term = termCount++
          ofKind.set(value, term)
        }
        terms.push(term)
      }
    }
  }
  return { terms, termCount }
}

const LEAST_WORK_J = 1e-9

/**
 * Whether the work is too small to compute shares. Only coefficients overridden to almost zero give less than a
 * nanojoule, and a quotient by it has no finite sigma.
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

/** One sigma of a mean power, W; `timeTermJ` and the time itself are the same reading. */
export function powerSigmaW({ workJ, terms, ownVariance }: WorkMeasure, timeTermJ: number, seconds: number): number {
  const byTimeJ = timeTermJ - (workJ * TIME_SIGMA_S) / seconds
  return Math.sqrt(varianceOf(terms) + ownVariance + byTimeJ * byTimeJ) / seconds
}

function emptyMovement(movement: Movement, firstTerm: number, termCount: number): MovementMeasure {
  const isolated = { workJ: 0, terms: [], ownVariance: 0, seconds: 0, splits: 0, timeTermsJ: 0, timeVariance: 0 }
  return { movement, firstTerm, workJ: 0, terms: zeros(termCount), ownVariance: 0, occurrences: 0, reps: 0, isolated }
}

function addTerms(row: Terms, more: Terms): void {
  for (let index = 0; index < more.length; index++) row[index]! += more[index]!
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0)
}
