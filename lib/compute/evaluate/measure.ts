import type { Movement } from '../movements/movement.ts'
import type { Plan } from '../plan.ts'
import { Sum } from '../sum.ts'

/**
 * A figure's first-order dependence on the model's coefficients: one term per (movement, coefficient), already
 * times the coefficient's sigma. The terms are independent of each other and shared by every rep and split, so that
 * rows add up term by term and a sigma is the root of the sum of squares.
 */
export type Terms = readonly number[]

export interface EntryMeasure {
  readonly workJ: number
  readonly sigmaJ: number
}

export interface SplitMeasure {
  readonly workJ: number
  readonly terms: Terms
  readonly entries: readonly EntryMeasure[]
}

/** All lines of one movement name. `firstTerm` is where its terms begin in a row. */
export interface MovementMeasure {
  readonly movement: Movement
  readonly firstTerm: number
  occurrences: number
  reps: number
  workJ: number
  isolatedWorkJ: number
  isolatedSeconds: number
  readonly isolatedTerms: number[]
}

export interface Measurement {
  readonly workJ: number
  readonly terms: Terms
  readonly splits: readonly SplitMeasure[]
  readonly movements: readonly MovementMeasure[]
}

/** The joules of a plan, by line, split, movement and session, with what they depend on. */
export function measure(plan: Plan): Measurement {
  const body = { heightM: plan.heightM, massKg: plan.bodyMassKg }
  const movements: MovementMeasure[] = []
  let termCount = 0
  for (const movement of plan.movements) {
    const coefficients = movement.coefficients.length
    movements.push({
      movement,
      firstTerm: termCount,
      occurrences: 0,
      reps: 0,
      workJ: 0,
      isolatedWorkJ: 0,
      isolatedSeconds: 0,
      isolatedTerms: zeros(coefficients)
    })
    termCount += coefficients
  }
  const total = new Sum()
  const terms = zeros(termCount)
  const slopes = [0, 0, 0]
  const splits: SplitMeasure[] = []
  for (const split of plan.splits) {
    const splitTerms = zeros(termCount)
    const splitWork = new Sum()
    const entries: EntryMeasure[] = []
    for (const entry of split.entries) {
      const rollup = movements[entry.movementIndex]!
      const { law } = entry.movement
      const workJ = entry.reps * law.work(body, entry.inputs, entry.coefficients, slopes, entry.secondsPerRep)
      let variance = 0
      for (let slot = 0; slot < entry.sigmas.length; slot++) {
        const term = entry.reps * slopes[slot]! * entry.sigmas[slot]!
        variance += term * term
        splitTerms[rollup.firstTerm + slot]! += term
      }
      rollup.occurrences++
      rollup.reps += entry.reps
      rollup.workJ += workJ
      splitWork.add(workJ)
      entries.push({ workJ, sigmaJ: Math.sqrt(variance) })
    }
    const workJ = splitWork.value
    if (split.isolated) {
      const rollup = movements[split.entries[0]!.movementIndex]!
      rollup.isolatedWorkJ += workJ
      rollup.isolatedSeconds += split.durationSeconds
      for (let slot = 0; slot < rollup.isolatedTerms.length; slot++) {
        rollup.isolatedTerms[slot]! += splitTerms[rollup.firstTerm + slot]!
      }
    }
    for (let term = 0; term < termCount; term++) terms[term]! += splitTerms[term]!
    total.add(workJ)
    splits.push({ workJ, terms: splitTerms, entries })
  }
  return { workJ: total.value, terms, splits, movements }
}

const LEAST_WORK_J = 1e-9

/**
 * Whether nothing was done that shares could be taken of. Only coefficients set to next to nothing give less than a
 * nanojoule, and what is divided by so little has no finite sigma.
 */
export function isIdle({ workJ }: Pick<Measurement, 'workJ'>): boolean {
  return workJ < LEAST_WORK_J
}

/** One sigma of a row, or of a part of it. */
export function sigmaOf(terms: Terms, from = 0, to = terms.length): number {
  let variance = 0
  for (let index = from; index < to; index++) variance += terms[index]! * terms[index]!
  return Math.sqrt(variance)
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0)
}
