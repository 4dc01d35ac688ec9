/** The units that an input may be sent in. */
export type InputUnit = 'kg' | 'g' | 'lb' | 'm' | 'cm' | 'in' | 'ft' | 'km' | 'mi' | 'kcal'

/** The two body figures that every law may use. */
export interface Body {
  readonly heightM: number
  readonly massKg: number
}

/** An input as a client gives it, and the range it may have in the SI unit of its kind. */
export interface InputSpec {
  readonly name: string
  readonly siUnit: 'kg' | 'm' | 'kcal'
  readonly units: readonly InputUnit[]
  readonly required: boolean
  readonly defaultSi: number
  readonly minSi: number
  readonly maxSi: number
  /** Zero distance or zero calories is no effort at all: such inputs must be above their minimum. */
  readonly aboveMin: boolean
  readonly description: string
}

/**
 * What kind of work a law gives. `gravity` raises a mass; `gait` raises it by a ratio per metre; the others are
 * machine or ground work, which is told in the answer's notes and never mixed up with work against gravity.
 */
export type Basis = 'gravity' | 'gait' | 'flywheel' | 'air_bike' | 'friction'

/**
 * A work law: the joules of one rep, and how they change with each coefficient.
 *
 * `inputs` and `coefficients` fix the order of the arrays handed to `work`. `work` writes d(joules)/d(coefficient)
 * into `slopes` (same order) and returns joules, finite and not negative for every plan that passed the precheck.
 * `secondsPerRep` is 0 where the time of one rep is not known; only laws with `usesTime` read it.
 */
export interface Law<C extends string = string> {
  readonly formula: string
  readonly basis: Basis
  readonly inputs: readonly InputSpec[]
  readonly coefficients: readonly C[]
  /** Names of inputs of which exactly one must be given. */
  readonly oneOf?: readonly string[]
  readonly usesTime?: boolean
  /** The distance that overrides could turn negative, m; the precheck refuses that. */
  loadRiseM?(body: Body, inputs: readonly number[], coefficients: readonly number[]): number
  work(
    body: Body,
    inputs: readonly number[],
    coefficients: readonly number[],
    slopes: number[],
    secondsPerRep: number
  ): number
}
