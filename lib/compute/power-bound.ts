import type { Basis } from './laws/law.ts'

/**
 * Mean power per kilogram of body mass that nobody has reached, by duration: [s, W/kg]. Between two points log power is
 * linear in log time; outside the range it is constant. The bound is a third or more above the best efforts on record
 * (Coggan's power profile, Concept2 world records, sprint and hour records): it finds typing errors and does not judge
 * athletes.
 */
const KNOTS: readonly (readonly [seconds: number, wattsPerKg: number])[] = [
  [0.2, 90],
  [1, 50],
  [5, 36],
  [15, 28],
  [30, 25],
  [60, 20],
  [120, 14.5],
  [300, 11],
  [1200, 9.5],
  [3600, 8.5],
  [14400, 7],
  [86400, 4.8],
  [2678400, 2.5]
]
const LOG_KNOTS = KNOTS.map(([seconds, wattsPerKg]) => [Math.log(seconds), Math.log(wattsPerKg)] as const)

/** Body masses are clamped to this range, kg. */
const LIGHTEST_KG = 45
const HEAVIEST_KG = 130

/**
 * The highest accepted mean power for work against gravity or on a Concept2 machine, W.
 * @param seconds the averaging time: the active time of a split, the elapsed time of a session
 * @param bodyMassKg of the athlete alone
 */
export function powerBoundW(seconds: number, bodyMassKg: number): number {
  return wattsPerKgAt(seconds) * boundedMass(bodyMassKg)
}

/** A lower limit of the bound, computed without a logarithm: the bound falls with the duration. */
export function powerFloorW(seconds: number, bodyMassKg: number): number {
  let knot = 0
  while (knot < KNOTS.length - 1 && KNOTS[knot]![0] < seconds) knot++
  return KNOTS[knot]![1] * boundedMass(bodyMassKg)
}

function boundedMass(bodyMassKg: number): number {
  return Math.min(Math.max(bodyMassKg, LIGHTEST_KG), HEAVIEST_KG)
}

/**
 * The factor by which the bound is higher for less certain work. For a mix the work-weighted mean applies.
 * @param relativeSigma one standard deviation of the work over the work; 0 for zero work
 */
export function boundFactor(basis: Basis, relativeSigma: number): number {
  switch (basis) {
    case 'gravity':
    case 'flywheel':
      return 1
    case 'air_bike':
      return 1.5
    default:
      return 1 + 2 * relativeSigma
  }
}

function wattsPerKgAt(seconds: number): number {
  const wanted = Math.log(seconds)
  const after = LOG_KNOTS.findIndex(([knot]) => knot >= wanted)
  if (after === 0) return KNOTS[0]![1]
  if (after === -1) return KNOTS.at(-1)![1]
  const [left, lower] = LOG_KNOTS[after - 1]!
  const [right, upper] = LOG_KNOTS[after]!
  return Math.exp(lower + ((upper - lower) * (wanted - left)) / (right - left))
}
