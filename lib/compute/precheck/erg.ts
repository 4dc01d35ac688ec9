import { RESTING_CALORIES_PER_HOUR } from '../laws/erg.ts'
import type { ReadEntry } from './entry.ts'
import type { Problems } from './problems.ts'

/** Monitor readings outside these are typing errors, metres per second. */
const SLOWEST = 0.5
const FASTEST = 20

/** What the entries of one ergometer cover together: the input slot (0 distance, 1 calories) and the total. */
export interface ErgTotals {
  readonly slot: 0 | 1
  readonly total: number
}

/** The total of an isolated erg split; undefined when distance and calories are mixed, since time can not be shared. */
export function ergTotals(entries: readonly ReadEntry[]): ErgTotals | undefined {
  let distanceM = 0
  let calories = 0
  for (const { reps, inputs } of entries) {
    distanceM += reps * inputs[0]!
    calories += reps * inputs[1]!
  }
  if (distanceM > 0 && calories > 0) return undefined
  return distanceM > 0 ? { slot: 0, total: distanceM } : { slot: 1, total: calories }
}

/** The pace or calorie rate must be one that the machine can show and the law can turn into work. */
export function checkErgSplit(
  problems: Problems,
  base: string,
  name: string,
  erg: ErgTotals,
  activeSeconds: number
): boolean {
  if (erg.slot === 0) {
    const speed = erg.total / activeSeconds
    if (speed > SLOWEST && speed < FASTEST) return true
    const detail = `${name}: ${erg.total} m in ${activeSeconds} s is ${speed.toPrecision(4)} m/s; it must be between ${SLOWEST} and ${FASTEST}.`
    problems.add(`${base}/duration_seconds`, 'erg_speed_out_of_range', detail, activeSeconds, {
      allowed: [erg.total / FASTEST, erg.total / SLOWEST]
    })
    return false
  }
  const perHour = (3600 * erg.total) / activeSeconds
  if (perHour > RESTING_CALORIES_PER_HOUR) return true
  const detail = `${name}: ${erg.total} cal in ${activeSeconds} s is ${perHour.toPrecision(4)} cal/h; the display adds ${RESTING_CALORIES_PER_HOUR} at rest, so no work is left.`
  problems.add(`${base}/duration_seconds`, 'erg_calorie_rate_too_low', detail, activeSeconds, {
    allowed: [0, (3600 * erg.total) / RESTING_CALORIES_PER_HOUR]
  })
  return false
}
