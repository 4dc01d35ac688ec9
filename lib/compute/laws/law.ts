import type { Range } from '../limits.ts'
import type { InputUnit } from '../units.ts'

/** The two body figures that every law may use. */
export interface Body {
  readonly heightM: number
  readonly massKg: number
}

/**
 * The reading error of a scale, a plate, a console or a tape: one standard deviation is the larger of the two parts. A
 * figure of 0 is exact: nothing was carried or covered.
 */
export interface Reading {
  readonly absoluteSi: number
  readonly relative: number
  /**
   * True if equal figures in several lines are the same bar, vest or box with one error; otherwise each line is a
   * reading of its own.
   */
  readonly isShared: boolean
}

/** An input and its allowed range in SI. */
export interface InputSpec {
  readonly name: string
  readonly siUnit: 'kg' | 'm' | 'kcal'
  readonly units: readonly InputUnit[]
  readonly required: boolean
  readonly defaultSi: number
  readonly minSi: number
  readonly maxSi: number
  /** Zero distance or calories is not an effort: such inputs must be above their minimum. */
  readonly aboveMin: boolean
  readonly reading: Reading
  readonly description: string
}

/**
 * The kind of work of a law. `gravity` raises a mass; `gait` raises it by a ratio per metre; the others are work on a
 * machine, the ground or water. All but `gravity` are proxies: the answer flags them as such.
 */
export type Basis = 'gravity' | 'gait' | 'flywheel' | 'air_bike' | 'friction' | 'drag'

/** The partial derivatives of the joules of one rep: d(joules)/d(figure), in SI. */
export interface Slopes {
  heightM: number
  massKg: number
  /** Only laws with `usesTime` write it. */
  secondsPerRep: number
  /** In the law's order. */
  readonly coefficients: number[]
  /** In the law's order. */
  readonly inputs: number[]
}

/** Slopes large enough for any law. One object serves many lines: each law overwrites all of its entries. */
export function emptySlopes(): Slopes {
  return { heightM: 0, massKg: 0, secondsPerRep: 0, coefficients: [0, 0, 0], inputs: [0, 0, 0, 0] }
}

/**
 * A work law: the joules of one rep and their slopes.
 *
 * `inputs` and `coefficients` fix the order of the arrays handed to `work`. `work` writes `slopes` and returns joules,
 * finite and not negative for every plan that passed the precheck. `secondsPerRep` is 0 if the time of one rep is
 * unknown; only laws with `usesTime` read it.
 */
export interface Law<C extends string = string> {
  readonly formula: string
  readonly basis: Basis
  readonly inputs: readonly InputSpec[]
  readonly coefficients: readonly C[]
  /** Names of inputs of which exactly one must be given. */
  readonly oneOf?: readonly string[]
  /** An optional input that replaces reps: without it reps are required. */
  readonly insteadOfReps?: string
  readonly usesTime?: boolean
  /** The law needs the active time, so the split must contain no other movement. */
  readonly needsTime?: boolean
  /** Plausible mean speeds, m/s. */
  readonly speeds?: Range
  /** The distance that overrides could make negative, m; the precheck rejects that. */
  loadRiseM?(body: Body, inputs: readonly number[], coefficients: readonly number[]): number
  /** The greatest assistance, kg; the precheck rejects more. */
  greatestAssistanceKg?(body: Body, inputs: readonly number[], coefficients: readonly number[]): number
  work(
    body: Body,
    inputs: readonly number[],
    coefficients: readonly number[],
    slopes: Slopes,
    secondsPerRep: number
  ): number
}
