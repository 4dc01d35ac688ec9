import { MOVEMENTS } from '../../../lib/compute/catalogue.ts'
import type { Movement } from '../../../lib/compute/movements/movement.ts'
import { type Json, request, split } from './helpers.ts'

/** A workout in SI, as test/vectors/physics/recompute.py reads it. */
export interface PlainWorkout {
  readonly height_m: number
  readonly body_mass_kg: number
  readonly seconds: number
  readonly splits: readonly PlainSplit[]
}
export interface PlainSplit {
  readonly seconds: number
  readonly lines: readonly PlainLine[]
}
export interface PlainLine {
  readonly movement: string
  readonly reps: number
  readonly inputs: Readonly<Record<string, number>>
  readonly overrides: Readonly<Record<string, number>>
}

/** The same numbers for the same seed (mulberry32). */
export function randomNumbers(seed: number): (min: number, max: number) => number {
  let state = seed
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const share = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    return Number((min + share * (max - min)).toPrecision(6))
  }
}
type Random = ReturnType<typeof randomNumbers>

/** Figures that people send, by input. */
const USUAL: Readonly<Record<string, readonly [min: number, max: number]>> = {
  external_load: [1, 120],
  vest_load: [2, 30],
  assistance_load: [1, 15],
  target_height: [2.5, 3.5],
  box_height: [0.3, 0.8],
  deficit_height: [0.05, 0.3],
  climb_height: [3, 8],
  elevation_gain: [1, 20],
  travel_distance: [10, 500],
  calories: [5, 60]
}

/** A line of a movement with some of its inputs and overrides. */
export function randomLine(random: Random, movement: Movement): PlainLine {
  const { law } = movement
  const inputs: Record<string, number> = {}
  const chosen = law.oneOf?.[random(0, 1) < 0.5 ? 0 : 1]
  for (const { name, required } of movement.inputs) {
    const [min, max] = USUAL[name]!
    const value = random(min, max)
    if (law.oneOf === undefined ? required || random(0, 1) < 0.5 : name === chosen) inputs[name] = value
  }
  if (inputs.external_load !== undefined) delete inputs.assistance_load
  const overrides: Record<string, number> = {}
  for (const name of movement.overrideNames) {
    const { value } = movement.coefficients[movement.overrideSlots.get(name)!]!
    const set = random(0.8, 1.2)
    if (random(0, 1) < 0.2) overrides[name] = Number((value * set).toPrecision(6))
  }
  return { movement: movement.name, reps: Math.round(random(1, 40)), inputs, overrides }
}

/** Seconds that a split of such lines may take: a law that uses time wants a speed or rate of its machine. */
function randomSeconds(random: Random, lines: readonly PlainLine[]): number {
  const { law } = MOVEMENTS.get(lines[0]!.movement)!
  const sum = (name: string) => lines.reduce((total, { reps, inputs }) => total + reps * (inputs[name] ?? 0), 0)
  if (law.basis === 'drag') return Number((sum('travel_distance') / random(0.5, 1.5)).toPrecision(8))
  // Long enough for a light body to have done so much.
  if (law.basis !== 'flywheel') return random(30000, 90000)
  const distanceM = sum('travel_distance')
  return Number(
    (distanceM > 0 ? distanceM / random(2, 4) : (3600 * sum('calories')) / random(500, 1000)).toPrecision(8)
  )
}

/** A workout with isolated and grouped splits that share movements, loads and boxes. */
export function randomWorkout(random: Random): PlainWorkout {
  const all = [...MOVEMENTS.values()]
  const grouped = all.filter(({ law }) => law.needsTime !== true)
  const pick = (from: readonly Movement[]) => from[Math.floor(random(0, from.length - 1e-6))]!
  const used = [pick(all), pick(grouped), pick(grouped)]
  const splits = Array.from({ length: Math.round(random(1, 4)) }, (): PlainSplit => {
    const isIsolated = random(0, 1) < 0.5
    const movements = isIsolated ? [pick(used)] : used.filter(({ law }) => law.needsTime !== true)
    const lines = movements.map((movement) => randomLine(random, movement))
    const again = lines[0]!
    // The same load once more: one bar, vest or box.
    lines.push({ ...again, reps: again.reps + 1 })
    return { seconds: randomSeconds(random, lines), lines }
  })
  const isWhole = random(0, 1) < 0.3
  const seconds = splits.reduce((sum, one) => sum + one.seconds, 0) + (isWhole ? 0 : random(1, 100))
  return { height_m: random(1.4, 2.1), body_mass_kg: random(45, 130), seconds, splits }
}

/** A workout of one line; a second movement in the split leaves no time to an ergometer. */
export function workoutOf(random: Random, line: PlainLine, isTimed: boolean): PlainWorkout {
  const lines = isTimed ? [line] : [line, { movement: 'air_squat', reps: 1, inputs: {}, overrides: {} }]
  const seconds = randomSeconds(random, [line])
  return { height_m: random(1.4, 2.1), body_mass_kg: random(45, 130), seconds, splits: [{ seconds, lines }] }
}

/** The request that says the same. */
export function requestOf({ height_m, body_mass_kg, seconds, splits }: PlainWorkout): Json {
  const user = { height: { value: height_m, unit: 'm' }, body_mass: { value: body_mass_kg, unit: 'kg' } }
  const parts = splits.map((one) =>
    split(
      one.seconds,
      one.lines.map(({ movement, reps, inputs, overrides }) => {
        const units = new Map(MOVEMENTS.get(movement)!.inputs.map(({ name, siUnit }) => [name, siUnit]))
        const given = Object.entries(inputs).map(([name, value]) => [name, { value, unit: units.get(name) }])
        return { movement, reps, inputs: Object.fromEntries(given), spec_overrides: overrides }
      })
    )
  )
  return request(parts, { user, duration_seconds: seconds })
}
