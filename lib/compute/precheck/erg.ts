import { RESTING_CALORIES_PER_HOUR } from '../laws/erg.ts'
import type { Movement } from '../movements/movement.ts'
import type { ReadEntry } from './entry.ts'
import type { Problems } from './problems.ts'

/** What the entries of one timed movement cover together: the input slot (0 distance, 1 calories) and the total. */
export interface ErgTotals {
  readonly slot: 0 | 1
  readonly total: number
}

/** The total of an isolated split; undefined when distance and calories are mixed, since time can not be shared. */
export function ergTotals(entries: readonly ReadEntry[]): ErgTotals | undefined {
  let distanceM = 0
  let calories = 0
  for (const { reps, inputs } of entries) {
    distanceM += reps * inputs[0]!
    calories += reps * (inputs[1] ?? 0)
  }
  if (distanceM > 0 && calories > 0) return undefined
  return distanceM > 0 ? { slot: 0, total: distanceM } : { slot: 1, total: calories }
}

/** The pace or calorie rate must be one that the machine can show and the law can turn into work. */
export function checkErgSplit(
  problems: Problems,
  base: string,
  { name, law }: Movement,
  erg: ErgTotals,
  activeSeconds: number
): boolean {
  if (erg.slot === 0) {
    const { min, max } = law.speeds!
    const speed = erg.total / activeSeconds
    if (speed > min && speed < max) return true
    const detail = `${name}: ${erg.total} m in ${activeSeconds} s is ${speed.toPrecision(4)} m/s; it must be between ${min} and ${max}.`
    const code = law.basis === 'flywheel' ? 'erg_speed_out_of_range' : 'speed_out_of_range'
    problems.add(`${base}/duration_seconds`, code, detail, activeSeconds, {
      allowed: [erg.total / max, erg.total / min]
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
