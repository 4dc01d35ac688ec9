import type { ComputePowerRequest } from '../../schemas/compute-power.ts'
import { MOVEMENTS } from '../compute/catalogue.ts'
import { factorToSi } from '../compute/units.ts'

/** The part of a request that describes the work. */
export type WorkoutContent = Pick<ComputePowerRequest, 'duration_seconds' | 'splits'>
type Line = WorkoutContent['splits'][number]['work']['movements'][number]

/** Digits of a figure in SI: 95 lb and 43.0912752 kg are the same bar. */
const DIGITS = 8

/**
 * The content of a workout as comparable text: times, movements, reps and inputs in SI. Title, labels, units, the
 * athlete's figures and inputs at their default do not distinguish workouts.
 */
export function contentOf({ duration_seconds: seconds, splits }: WorkoutContent): string {
  return JSON.stringify([
    seconds,
    splits.map(({ duration_seconds: active, rest_seconds_after: rest = 0, work }) => [
      active,
      rest,
      work.movements.map(contentOfLine)
    ])
  ])
}

function contentOfLine({ movement: name, reps = 1, inputs = {}, spec_overrides: overrides = {} }: Line): unknown[] {
  const figures: Record<string, number> = {}
  for (const { name: input, defaultSi } of MOVEMENTS.get(name)?.inputs ?? []) figures[input] = rounded(defaultSi)
  for (const [input, { value, unit }] of Object.entries(inputs)) figures[input] = rounded(value * factorToSi(unit)!)
  return [name, reps, sorted(figures), sorted(overrides)]
}

function sorted(figures: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(figures).sort(([one], [other]) => (one < other ? -1 : 1))
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS))
}

/** The content of a stored request; undefined if this version does not know its form. */
export function contentOfStored(requestJson: string): string | undefined {
  try {
    return contentOf(JSON.parse(requestJson))
  } catch {
    return undefined
  }
}

/** The movements of a request as a row stores them: each once, in the order of first appearance, between spaces. */
export function movementsIn({ splits }: WorkoutContent): string {
  const names = new Set(splits.flatMap(({ work }) => work.movements.map(({ movement }) => movement)))
  return ` ${[...names].join(' ')} `
}
