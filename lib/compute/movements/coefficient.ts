import type { SourceId } from '../sources.ts'
import type { Coefficient } from './movement.ts'

/** An override may be from 0 to this many times the default. */
const OVERRIDE_FACTOR = 3
/** Explicit ranges for defaults of 0, where a multiple is no range. */
const ZERO_DEFAULT_MAX_H = 1
const ZERO_DEFAULT_MAX_M = 1.5

function overridable(
  unit: string,
  value: number,
  sigma: number,
  sources: readonly SourceId[],
  zeroDefaultMax: number,
  note?: string
): Coefficient {
  // Rounded, so that the published bound is a short decimal number.
  const max = value === 0 ? zeroDefaultMax : Number((OVERRIDE_FACTOR * value).toPrecision(12))
  return { value, unit, sigma, sources, overridable: true, min: 0, max, ...(note === undefined ? {} : { note }) }
}

/** A length as a fraction of body height. */
export function ofHeight(value: number, sigma: number, sources: readonly SourceId[], note?: string): Coefficient {
  return overridable('H', value, sigma, sources, ZERO_DEFAULT_MAX_H, note)
}

/** A length in metres that does not grow with the lifter. */
export function metres(value: number, sigma: number, sources: readonly SourceId[], note?: string): Coefficient {
  return overridable('m', value, sigma, sources, ZERO_DEFAULT_MAX_M, note)
}

/** A length used as a divisor of a distance: an override must not make it much shorter. */
export function stride(coefficient: Coefficient): Coefficient {
  return { ...coefficient, min: Number((coefficient.value / OVERRIDE_FACTOR).toPrecision(12)) }
}

/** Any other number with a default above 0. */
export function number(
  value: number,
  sigma: number,
  unit: string,
  sources: readonly SourceId[],
  note?: string
): Coefficient {
  return overridable(unit, value, sigma, sources, value, note)
}

/** A machine constant that cannot be overridden. */
export function fixed(value: number, unit: string, sources: readonly SourceId[]): Coefficient {
  return { value, unit, sigma: 0, sources, overridable: false, min: value, max: value }
}

/** A 450 mm competition plate holds the bar's centre 0.225 m above the floor. */
export const BAR_ON_FLOOR = metres(0.225, 0.01, ['PLATE'])

export const DUMBBELL_ON_FLOOR = metres(0.1, 0.02, ['EST'], 'dumbbell centre when its head touches the floor')

/** load_height_coefficient is the travel itself, so no start height is subtracted. */
export const START_INCLUDED = metres(0, 0, [], 'start height is already inside load_height_coefficient')

/** From the rack at the bottom of a front squat to lockout. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: a measured ratio, not the root of a half
export const SQUAT_TO_OVERHEAD = ofHeight(0.707, 0.035, ['COM', 'ANSUR'])
