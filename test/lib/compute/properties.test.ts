import fc from 'fast-check'
import t from 'tap'
import { MOVEMENTS } from '../../../lib/compute/catalogue.ts'
import { evaluate } from '../../../lib/compute/evaluate.ts'
import { type Body, emptySlopes, type Slopes } from '../../../lib/compute/laws/law.ts'
import type { PlanEntry } from '../../../lib/compute/plan.ts'
import { precheck } from '../../../lib/compute/precheck.ts'
import { computePowerExample } from '../../../schemas/compute-power.ts'
import { apart, type Json, measured, planOf, request, schemaProblems, split } from './helpers.ts'

const RUNS = { numRuns: 300 }

/** A line of a movement with inputs and overrides anywhere within their bounds. */
const anyLine = fc.constantFrom(...MOVEMENTS.values()).chain((movement) => {
  const inputs = movement.inputs.map(({ name, siUnit, minSi, maxSi, aboveMin, required }) => {
    const value = fc.double({ min: minSi, max: maxSi, minExcluded: aboveMin, noNaN: true })
    const given = value.map((si) => [name, { value: si, unit: siUnit }] as const)
    return required ? given : fc.option(given, { nil: undefined })
  })
  const overrides = movement.overrideNames.map((name) => {
    const { min, max } = movement.coefficients[movement.overrideSlots.get(name)!]!
    return fc.option(
      fc.double({ min, max, noNaN: true }).map((value) => [name, value] as const),
      { nil: undefined, freq: 3 }
    )
  })
  const reps = fc.integer({ min: 0, max: 12 })
  return fc.tuple(reps, fc.tuple(...inputs), fc.tuple(...overrides)).map(([count, given, set]): Json => {
    const pairs = given.filter((pair) => pair !== undefined)
    const chosen = movement.law.oneOf === undefined ? pairs : pairs.slice(0, 1)
    return {
      movement: movement.name,
      reps: count,
      inputs: Object.fromEntries(chosen),
      spec_overrides: Object.fromEntries(set.filter((pair) => pair !== undefined))
    }
  })
})

const anySplit = fc
  .tuple(fc.double({ min: 1, max: 500_000, noNaN: true }), fc.array(anyLine, { minLength: 1, maxLength: 4 }))
  .map(([seconds, movements]) => split(seconds, movements))

const anyWorkout = fc.array(anySplit, { minLength: 1, maxLength: 5 }).map((splits) => request(splits))

/** Every number of an answer, with where it is. */
function* numbersOf(value: unknown, path = ''): Generator<[string, number]> {
  if (typeof value === 'number') yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) yield* numbersOf(one, `${path}/${key}`)
}

t.test('work next to none is none: its shares are finite', async (t) => {
  const nearly = (coefficient: number) =>
    split(0.001, [
      {
        movement: 'squat_clean',
        reps: 1,
        inputs: { external_load: { value: 0, unit: 'kg' } },
        spec_overrides: { height_coefficient: coefficient }
      }
    ])
  const idle = split(60, [{ movement: 'bench_press', reps: 1, inputs: { external_load: { value: 0, unit: 'kg' } } }])
  for (const coefficient of [0, Number.MIN_VALUE, 1e-300, 1e-20, 1e-11, 1e-6]) {
    const { results, notes } = evaluate(planOf(request([nearly(coefficient), idle])))
    for (const [path, number] of numbersOf(results))
      t.ok(Number.isFinite(number), `${coefficient}: ${path} is ${number}`)
    const isNone = notes.some(({ code }) => code === 'zero_power_summary')
    t.equal(isNone, results.session.total_work.value < 1e-9, `${coefficient}: and it is said`)
  }
})

t.test('the precheck is total, and what it passes has a finite answer', async (t) => {
  let planned = 0
  const check = (body: unknown, checked = schemaProblems(body)) => {
    const found = precheck(body, checked, Date.now())
    if (!found.ok) return found.problems.length > 0 && found.problems.length <= 100
    planned++
    for (const [path, number] of numbersOf(evaluate(found.plan))) {
      // Scatter may pass the mean; then the consistency is below zero, by its definition.
      // More help than load leaves a total load below zero.
      const signed = path.endsWith('/consistency/value') || path.endsWith('/total_load/value')
      if (!Number.isFinite(number) || (number < 0 && !signed)) throw new Error(`${path} is ${number}`)
    }
    return true
  }
  fc.assert(
    fc.property(anyWorkout, (body) => check(body)),
    { numRuns: 1000 }
  )
  t.ok(planned > 300, `${planned} valid workouts`)
  fc.assert(
    fc.property(fc.jsonValue(), (body) => check(body) && check(body, [])),
    RUNS
  )
  t.pass('arbitrary JSON')

  const places = [...placesOf(computePowerExample)]
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('__proto__', 'constructor', 'toString', 1e308, -1, 0, '', Number.POSITIVE_INFINITY, 'row', 'm'),
    fc.constant(undefined)
  )
  const key = fc.constantFrom('__proto__', 'constructor', 'toString', 'x', 'movement', 'inputs', 'height_coefficient')
  fc.assert(
    fc.property(fc.constantFrom(...places), odd, fc.option(key), (place, value, extra) => {
      const body = JSON.parse(JSON.stringify(computePowerExample))
      const holder = place.slice(0, -1).reduce((at, step) => at[step], body)
      const name = extra ?? place.at(-1)!
      Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
      return check(body) && check(body, [])
    }),
    { numRuns: 2000 }
  )
  t.equal(Object.keys(Object.prototype).length, 0)
})

function* placesOf(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) yield* placesOf(one, [...path, key])
}

t.test('work adds up, whatever the order', async (t) => {
  fc.assert(
    fc.property(anyWorkout, fc.infiniteStream(fc.nat()), (body, order) => {
      const checked = precheck(body, [], Date.now())
      if (!checked.ok) return true
      const shuffled = (body.splits as Json[])
        .map((one) => [order.next().value ?? 0, one] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, one]) => one)
      const first = evaluate(checked.plan).results
      const second = measured({ ...body, splits: shuffled }).results
      const bySplit = first.splits.reduce((sum, one) => sum + one.total_work.value, 0)
      const byMovement = first.movement_rollups.reduce((sum, one) => sum + one.work.value, 0)
      const total = first.session.total_work
      return (
        apart(second.session.total_work.value, total.value) < 1e-12 &&
        apart(second.session.total_work.uncertainty, total.uncertainty) < 1e-9 &&
        apart(bySplit, total.value) < 1e-12 &&
        apart(byMovement, total.value) < 1e-12
      )
    }),
    RUNS
  )
  t.pass()
})

/** Long enough that hardly any work is refused. */
const SECONDS = 200_000

t.test('scaling: reps and time for every law, body size for a lift', async (t) => {
  const size = fc.double({ min: 1, max: 1.4, noNaN: true })
  fc.assert(
    fc.property(anyLine, fc.integer({ min: 2, max: 9 }), (line, times) => {
      // A grouped split, so that an ergometer has no time that its work would depend on.
      const of = (reps: number, seconds: number) =>
        request([
          split(seconds, [
            { ...line, reps },
            { movement: 'air_squat', reps }
          ])
        ])
      if (!precheck(of(times, SECONDS), [], Date.now()).ok || !precheck(of(1, SECONDS), [], Date.now()).ok) return true
      const one = measured(of(1, SECONDS)).results.session
      const many = measured(of(times, SECONDS)).results.session
      const slow = measured(of(1, SECONDS * times)).results.session
      return (
        apart(many.total_work.value, times * one.total_work.value) < 1e-12 &&
        apart(many.total_work.uncertainty, times * one.total_work.uncertainty) < 1e-12 &&
        apart(slow.average_power_active.value * times, one.average_power_active.value) < 1e-12
      )
    }),
    RUNS
  )
  fc.assert(
    fc.property(size, size, (taller, heavier) => {
      const of = (height: number, mass: number) =>
        request(
          [split(60, [{ movement: 'thruster', reps: 3, inputs: { external_load: { value: mass / 2, unit: 'kg' } } }])],
          {
            user: { height: { value: height, unit: 'm' }, body_mass: { value: mass, unit: 'kg' } }
          }
        )
      const ratio =
        measured(of(1.5 * taller, 80 * heavier)).results.session.total_work.value /
        measured(of(1.5, 80)).results.session.total_work.value
      return apart(ratio, taller * heavier) < 1e-12
    }),
    RUNS
  )
  t.pass()
})

t.test('the slopes of every law are those of its work', async (t) => {
  fc.assert(
    fc.property(anyWorkout, (body) => {
      const checked = precheck(body, [], Date.now())
      if (!checked.ok) return true
      const { heightM, bodyMassKg, splits } = checked.plan
      const athlete = { heightM, massKg: bodyMassKg }
      for (const entry of splits.flatMap((one) => one.entries)) {
        const { movement, inputs, coefficients } = entry
        const slopes = emptySlopes()
        const work = movement.law.work(athlete, inputs, coefficients, slopes, entry.secondsPerRep)
        // A rope at reach and a load at its start have a corner there.
        // Work far below a joule's billionth loses digits to underflow.
        const isCorner = work < 1e-30 || Math.abs(movement.law.loadRiseM?.(athlete, inputs, coefficients) ?? 1) < 1e-4
        if (isCorner) continue
        for (const { value, slope, workWith } of figuresOf(entry, athlete, slopes)) {
          const step = 1e-6 * Math.max(1e-3, value)
          // A step must be small beside what it is taken from, where a law divides by it.
          if (value < 1000 * step) continue
          const found = (workWith(value + step) - workWith(value - step)) / (2 * step)
          if (Math.abs(found - slope) > 1e-4 * Math.abs(found) + (1e-7 * work) / step + 1e-250) return false
        }
      }
      return true
    }),
    RUNS
  )
  t.ok(planOf(computePowerExample))
})

interface Figure {
  readonly value: number
  readonly slope: number
  readonly workWith: (value: number) => number
}

/** Every figure that the work of a line depends on, with its slope. */
function figuresOf(entry: PlanEntry, body: Body, slopes: Slopes): Figure[] {
  const { inputs, coefficients, secondsPerRep } = entry
  const { law } = entry.movement
  const work = (athlete: Body, values: readonly number[], factors: readonly number[], seconds: number) =>
    law.work(athlete, values, factors, emptySlopes(), seconds)
  const figures: Figure[] = [
    {
      value: body.heightM,
      slope: slopes.heightM,
      workWith: (heightM) => work({ ...body, heightM }, inputs, coefficients, secondsPerRep)
    },
    {
      value: body.massKg,
      slope: slopes.massKg,
      workWith: (massKg) => work({ ...body, massKg }, inputs, coefficients, secondsPerRep)
    }
  ]
  coefficients.forEach((value, slot) => {
    const workWith = (other: number) => work(body, inputs, coefficients.with(slot, other), secondsPerRep)
    figures.push({ value, slope: slopes.coefficients[slot]!, workWith })
  })
  inputs.forEach((value, slot) => {
    const workWith = (other: number) => work(body, inputs.with(slot, other), coefficients, secondsPerRep)
    figures.push({ value, slope: slopes.inputs[slot]!, workWith })
  })
  if (secondsPerRep > 0) {
    const workWith = (seconds: number) => work(body, inputs, coefficients, seconds)
    figures.push({ value: secondsPerRep, slope: slopes.secondsPerRep, workWith })
  }
  return figures
}
