import type { Range } from '../limits.ts'
import type { InputUnit } from '../units.ts'

/** The two body figures that every law may use. */
export interface Body {
  readonly heightM: number
  readonly massKg: number
}

/**
 * How well a figure is read off a scale, a plate, a console or a tape: one standard deviation is the larger of both
 * parts. A figure of 0 is exact: nothing was carried or covered.
 */
export interface Reading {
  readonly absoluteSi: number
  readonly relative: number
  /** The same figure in several lines is the same bar, vest or box, with one error; else each line was read by itself. */
  readonly isShared: boolean
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
  readonly reading: Reading
  readonly description: string
}

/**
 * What kind of work a law gives. `gravity` raises a mass; `gait` raises it by a ratio per metre; the others are work on
 * a machine, the ground or water. All but `gravity` are proxies: the answer flags them and never mixes them up with
 * work against gravity.
 */
export type Basis = 'gravity' | 'gait' | 'flywheel' | 'air_bike' | 'friction' | 'drag'

/** How the joules of one rep change with each figure that they depend on: d(joules)/d(figure), in SI. */
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

/** Slopes large enough for any law. One object serves many lines: each law writes all of its own. */
export function emptySlopes(): Slopes {
  return { heightM: 0, massKg: 0, secondsPerRep: 0, coefficients: [0, 0, 0], inputs: [0, 0, 0, 0] }
}

/**
 * A work law: the joules of one rep, and how they change with each figure.
 *
 * `inputs` and `coefficients` fix the order of the arrays handed to `work`. `work` writes `slopes` and returns joules,
 * finite and not negative for every plan that passed the precheck.
 * `secondsPerRep` is 0 where the time of one rep is not known; only laws with `usesTime` read it.
 */
export interface Law<C extends string = string> {
  readonly formula: string
  readonly basis: Basis
  readonly inputs: readonly InputSpec[]
  readonly coefficients: readonly C[]
  /** Names of inputs of which exactly one must be given. */
  readonly oneOf?: readonly string[]
  /** An optional input that replaces counting reps: without it reps are required. */
  readonly insteadOfReps?: string
  readonly usesTime?: boolean
  /** Without the time there is no figure at all, so the split may hold no other movement. */
  readonly needsTime?: boolean
  /** Mean speeds outside these are typing errors, m/s. */
  readonly speeds?: Range
  /** The distance that overrides could turn negative, m; the precheck refuses that. */
  loadRiseM?(body: Body, inputs: readonly number[], coefficients: readonly number[]): number
  /** The most that a machine or band may take off, kg; the precheck refuses more. */
  greatestAssistanceKg?(body: Body, inputs: readonly number[], coefficients: readonly number[]): number
  work(
    body: Body,
    inputs: readonly number[],
    coefficients: readonly number[],
    slopes: Slopes,
    secondsPerRep: number
  ): number
}
