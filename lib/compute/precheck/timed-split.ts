import { RESTING_CALORIES_PER_HOUR } from '../laws/erg.ts'
import type { Movement } from '../movements/movement.ts'
import type { ReadEntry } from './entry.ts'
import type { Problems } from './problems.ts'
import { roundedBound } from './quantity.ts'

/** The total of the entries of one timed movement, and its input slot (0 distance, 1 calories). */
export interface Covered {
  readonly slot: 0 | 1
  readonly total: number
}

/**
 * The total of an isolated split; undefined if distance and calories are mixed, because time cannot be shared between
 * them.
 */
export function coveredBy(entries: readonly ReadEntry[]): Covered | undefined {
  let distanceM = 0
  let calories = 0
  for (const { reps, inputs } of entries) {
    distanceM += reps * inputs[0]!
    calories += reps * (inputs[1] ?? 0)
  }
  if (distanceM > 0 && calories > 0) return undefined
  return distanceM > 0 ? { slot: 0, total: distanceM } : { slot: 1, total: calories }
}

const WELL_INSIDE = 1.001

/** Whether the distance is plausible in the split's time. */
export function checkSpeed(
  problems: Problems,
  base: string,
  { name, law }: Movement,
  distanceM: number,
  activeSeconds: number
): boolean {
  const { min, max } = law.speeds!
  // The displayed bounds are expensive to compute and matter only close to them.
  if (distanceM > WELL_INSIDE * min * activeSeconds && WELL_INSIDE * distanceM < max * activeSeconds) return true
  const shortest = roundedBound(distanceM / max, 'up')
  const longest = roundedBound(distanceM / min, 'down')
  if (activeSeconds >= shortest && activeSeconds <= longest) return true
  const speed = distanceM / activeSeconds
  const detail = `${name}: ${distanceM} m in ${activeSeconds} s is ${speed.toPrecision(4)} m/s; it must be from ${min} to ${max} m/s.`
  const code = law.basis === 'flywheel' ? 'erg_speed_out_of_range' : 'speed_out_of_range'
  problems.add(`${base}/duration_seconds`, code, detail, activeSeconds, { allowed: [shortest, longest] })
  return false
}

/** Whether the display shows no more than the resting calories: the law then returns its limit, zero work. */
export function isAtRest(calories: number, activeSeconds: number): boolean {
  return 3600 * calories <= RESTING_CALORIES_PER_HOUR * activeSeconds
}
