import { RESTING_CALORIES_PER_HOUR } from '../laws/erg.ts'
import type { Movement } from '../movements/movement.ts'
import type { ReadEntry } from './entry.ts'
import type { Problems } from './problems.ts'
import { shownBound } from './quantity.ts'

/** What the entries of one timed movement cover together: the input slot (0 distance, 1 calories) and the total. */
export interface Covered {
  readonly slot: 0 | 1
  readonly total: number
}

/** The total of an isolated split; undefined when distance and calories are mixed, since time can not be shared. */
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

/** Whether the split's time is one that the distance can have been covered in. */
export function checkSpeed(
  problems: Problems,
  base: string,
  { name, law }: Movement,
  distanceM: number,
  activeSeconds: number
): boolean {
  const { min, max } = law.speeds!
  // The bounds that are shown are dear to make, and only matter close to them.
  if (distanceM > WELL_INSIDE * min * activeSeconds && WELL_INSIDE * distanceM < max * activeSeconds) return true
  const shortest = shownBound(distanceM / max, 'up')
  const longest = shownBound(distanceM / min, 'down')
  if (activeSeconds >= shortest && activeSeconds <= longest) return true
  const speed = distanceM / activeSeconds
  const detail = `${name}: ${distanceM} m in ${activeSeconds} s is ${speed.toPrecision(4)} m/s; it must be from ${min} to ${max} m/s.`
  const code = law.basis === 'flywheel' ? 'erg_speed_out_of_range' : 'speed_out_of_range'
  problems.add(`${base}/duration_seconds`, code, detail, activeSeconds, { allowed: [shortest, longest] })
  return false
}

/** Whether the display shows no more than it adds at rest: the law then gives its limit, no work at all. */
export function isAtRest(calories: number, activeSeconds: number): boolean {
  return 3600 * calories <= RESTING_CALORIES_PER_HOUR * activeSeconds
}
