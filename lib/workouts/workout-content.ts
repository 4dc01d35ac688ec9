import type { ComputePowerRequest } from '../../schemas/compute-power.ts'
import { MOVEMENTS } from '../compute/catalogue.ts'
import { factorToSi } from '../compute/units.ts'

/** The part of a request that describes the work. */
export type WorkoutContent = Pick<ComputePowerRequest, 'duration_seconds' | 'splits'>
type Split = WorkoutContent['splits'][number]
type Line = Split['work']['movements'][number]
type Figures = Readonly<Record<string, number>>

/** A workout whose duplicate is sought among the stored ones. */
export interface SoughtWorkout {
  readonly athleteKey: Buffer
  /** YYYY-MM-DD */
  readonly performedDate: string
  /** As a row stores them. */
  readonly movements: string
  readonly content: WorkoutContent
  /** The request as a row stores it, if it is known. */
  readonly requestJson?: string
  /** A workout that is being revised is no duplicate of itself. */
  readonly exceptWorkoutId?: string
}

/** Digits of a figure in SI: 95 lb and 43.0912752 kg are the same bar. */
const DIGITS = 8

/**
 * Compares the content of two workouts: times, movements, reps and inputs in SI. Title, labels, units, the athlete's
 * figures and inputs at their default do not distinguish workouts.
 */
function isSameContent(one: WorkoutContent, other: WorkoutContent): boolean {
  return one.duration_seconds === other.duration_seconds && areSame(one.splits, other.splits, isSameSplit)
}

/** Compares with a stored request; false if this version does not know its form. */
export function isContentOfStored({ content, requestJson }: SoughtWorkout, storedJson: string): boolean {
  // A workout that is sent again has the same text; comparing texts costs a tenth of parsing one.
  if (requestJson !== undefined && upToUser(requestJson) === upToUser(storedJson)) return true
  try {
    return isSameContent(content, JSON.parse(storedJson))
  } catch {
    return false
  }
}

/** A request in RFC 8785 form without its last member, the athlete's figures. */
function upToUser(requestJson: string): string {
  return requestJson.slice(0, requestJson.lastIndexOf('"user":'))
}

function isSameSplit(one: Split, other: Split): boolean {
  return (
    one.duration_seconds === other.duration_seconds &&
    (one.rest_seconds_after ?? 0) === (other.rest_seconds_after ?? 0) &&
    areSame(one.work.movements, other.work.movements, isSameLine)
  )
}

function isSameLine(one: Line, other: Line): boolean {
  return (
    one.movement === other.movement &&
    (one.reps ?? 1) === (other.reps ?? 1) &&
    haveSameInputs(one, other) &&
    haveSameFigures(one.spec_overrides ?? {}, other.spec_overrides ?? {})
  )
}

function haveSameInputs({ movement, inputs = {} }: Line, { inputs: others = {} }: Line): boolean {
  return (MOVEMENTS.get(movement)?.inputs ?? []).every(({ name, defaultSi }) => {
    const [one, other] = [inputs[name], others[name]]
    const isWordForWord = one?.value === other?.value && one?.unit === other?.unit
    return isWordForWord || rounded(inSi(one, defaultSi)) === rounded(inSi(other, defaultSi))
  })
}

function haveSameFigures(one: Figures, other: Figures): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

function areSame<T>(some: readonly T[], others: readonly T[], isSame: (one: T, other: T) => boolean): boolean {
  return some.length === others.length && some.every((one, index) => isSame(one, others[index]!))
}

function inSi(input: NonNullable<Line['inputs']>[string] | undefined, defaultSi: number): number {
  return input === undefined ? defaultSi : input.value * factorToSi(input.unit)!
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
