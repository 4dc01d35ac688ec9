import type { Evaluation } from '../../schemas/compute-power.ts'
import type { Movement } from './movements/movement.ts'
import type { PowerUnit, WorkUnit } from './units.ts'

/** A note about the figures. */
export type PlanNote = Evaluation['notes'][number]

export type EvaluationContext = 'completed' | 'planned' | 'hypothetical'
export type Sex = 'female' | 'male'

/** One movement line of a split, in SI, with the coefficients that apply to it. */
export interface PlanEntry {
  readonly movement: Movement
  /** Index of the movement in the plan's `movements`. */
  readonly movementIndex: number
  readonly reps: number
  /** In the law's order, kg, m or kcal; missing inputs have their defaults. */
  readonly inputs: readonly number[]
  /** In the law's order; overridden ones have sigma 0, because the client states them. */
  readonly coefficients: readonly number[]
  readonly sigmas: readonly number[]
  readonly overridden: readonly string[]
  /** Time of one rep if the split determines it and the law uses time, otherwise 0. */
  readonly secondsPerRep: number
}

export interface PlanSplit {
  readonly label: string | undefined
  readonly durationSeconds: number
  readonly restSeconds: number
  /** True if the split has a single movement name, so that its time belongs to that movement. */
  readonly isolated: boolean
  readonly entries: readonly PlanEntry[]
}

/** A completely parsed request. Evaluating it cannot fail. */
export interface Plan {
  readonly athleteUuid: string
  readonly context: EvaluationContext
  /** Date of the workout: performed for `completed`, planned for `planned`, none for `hypothetical`. */
  readonly date: string | undefined
  readonly scenarioLabel: string | undefined
  /** Of a `completed` workout. */
  readonly title: string | undefined
  readonly heightM: number
  readonly bodyMassKg: number
  readonly ageYears: number | undefined
  readonly sex: Sex | undefined
  readonly durationSeconds: number
  readonly splits: readonly PlanSplit[]
  /** Each movement of the plan once, in the order of first appearance. */
  readonly movements: readonly Movement[]
  /** Notes about accepted but unusual values. */
  readonly notes: readonly PlanNote[]
  readonly workUnit: WorkUnit
  readonly powerUnit: PowerUnit
}
