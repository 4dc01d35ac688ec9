import type { Evaluation } from '../../schemas/compute-power.ts'
import type { Movement } from './movements/movement.ts'
import type { PowerUnit, WorkUnit } from './units.ts'

/** Something that a reader of the figures must know. */
export type PlanNote = Evaluation['notes'][number]

export type EvaluationContext = 'completed' | 'planned' | 'hypothetical'
export type Sex = 'female' | 'male'

/** One movement line of a split, in SI, with the coefficients that apply to it. */
export interface PlanEntry {
  readonly movement: Movement
  /** Place of the movement in the plan's `movements`. */
  readonly movementIndex: number
  readonly reps: number
  /** In the law's order, kg, m or kcal; what was not given has its default. */
  readonly inputs: readonly number[]
  /** In the law's order; overridden ones have sigma 0, since they are the client's own statement. */
  readonly coefficients: readonly number[]
  readonly sigmas: readonly number[]
  readonly overridden: readonly string[]
  /** Time of one rep where the split gives it to a law that uses time, else 0. */
  readonly secondsPerRep: number
}

export interface PlanSplit {
  readonly label: string | undefined
  readonly durationSeconds: number
  readonly restSeconds: number
  /** One movement name in the whole split, so that its time belongs to that movement. */
  readonly isolated: boolean
  readonly entries: readonly PlanEntry[]
}

/** A request that was understood completely. Evaluating it can not fail. */
export interface Plan {
  readonly athleteUuid: string
  readonly context: EvaluationContext
  /** Day of the workout: performed for `completed`, planned for `planned`, none for `hypothetical`. */
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
  /** What was taken though it is unusual. */
  readonly notes: readonly PlanNote[]
  readonly workUnit: WorkUnit
  readonly powerUnit: PowerUnit
}
