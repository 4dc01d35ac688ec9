import t from 'tap'
import { computePowerAnswerExample, computePowerExample, noteCodes } from '../../../schemas/compute-power.ts'
import { apart, type Json, load, measured, request, split, vectors } from './helpers.ts'

const FOOT_POUND_J = 1.3558179483
const work = (body: Json) => measured(body).results.session.total_work

t.test('every movement gives its worked number', async (t) => {
  const { examples } = vectors('movement-examples')
  t.equal(examples.length, 64)
  for (const { movement, inputs, split_seconds: seconds = 60, joules, u_joules } of examples) {
    const { value, uncertainty } = work(request([split(seconds, [{ movement, reps: 1, inputs }])]))
    // The vectors have two decimals and loads of three.
    t.ok(Math.abs(value - joules) <= 0.006 + 1e-5 * joules, `${movement}: ${value} for ${joules} J`)
    t.ok(Math.abs(uncertainty - u_joules) <= 0.006 + 1e-4 * u_joules, `${movement}: sigma ${uncertainty}`)
  }
})

t.test('inputs, vests and overrides of every movement, against formulas evaluated apart', async (t) => {
  for (const one of vectors('random-cases').cases) {
    const { movement, height_m, body_mass_kg, reps, inputs, spec_overrides, joules, u_joules } = one
    const user = { height: { value: height_m, unit: 'm' }, body_mass: { value: body_mass_kg, unit: 'kg' } }
    // The squat only makes the split a grouped one, so that ergometers have no time of their own.
    const lines = [
      { movement, reps, inputs, spec_overrides },
      { movement: 'air_squat', reps: 1 }
    ]
    const { work } = measured(request([split(60, lines)], { user })).results.splits[0]!.movements[0]!
    t.ok(apart(work.value, joules) < 1e-9, `${movement}: ${work.value} for ${joules} J`)
    t.ok(Math.abs(work.uncertainty - u_joules) <= 1e-5 * u_joules, `${movement}: ${work.uncertainty} for ${u_joules}`)
  }
})

t.test('the table of workouts', async (t) => {
  for (const { name, joules, sigma_percent, joules_5, joules_95, splits } of vectors('workouts').workouts) {
    const body = request(splits.map((one: { seconds: number; movements: Json[] }) => split(one.seconds, one.movements)))
    const { value, uncertainty } = work(body)
    t.ok(apart(value, joules) < 1e-3, `${name}: ${value} for ${joules} J`)
    // The table's bands were simulated: their own scatter is some percent (Angie's closed form is 5.38 %, not 5.6 %).
    t.ok(apart((100 * uncertainty) / value, sigma_percent) < 0.05, `${name}: ${(100 * uncertainty) / value} %`)
    const ninety = (2 * 1.6449 * uncertainty) / (joules_95 - joules_5)
    t.ok(Math.abs(ninety - 1) < 0.05, `${name}: 90 % band is ${ninety} of the simulated one`)
  }
})

t.test('the first hosted example: relations that hold for any coefficients', async (t) => {
  const { results } = measured(computePowerExample)
  const { session, summary } = results
  t.equal(session.active_duration_seconds, 132)
  t.equal(session.unattributed_duration_seconds, 48)
  const [first, second] = results.splits.map((one) => one.average_power.value)
  const relations: [string, number, number][] = [
    ['split powers', first! / second!, 63 / 65],
    ['elapsed / active', session.average_power_elapsed.value / session.average_power_active.value, 132 / 180],
    ['mean / elapsed', summary.mean.value / session.average_power_elapsed.value, 160 / 117],
    ['dropoff', summary.dropoff.value, 2 / 65],
    ['CV', 1 - summary.consistency.value, 1 / 64]
  ]
  for (const [name, found, wanted] of relations) t.ok(apart(found, wanted) < 1e-12, `${name} ${found}`)
  t.equal(summary.strongest_split_index, 1)
  t.equal(summary.weakest_split_index, 0)
  // Both splits have the same reps of each, so the coefficients cancel in every comparison.
  t.ok(summary.dropoff.uncertainty < 1e-12 && summary.consistency.uncertainty < 1e-12)
  t.strictSame(rounded(measured(computePowerExample).results), computePowerAnswerExample.results, 'schema example')
  t.strictSame(measured(computePowerExample).notes, computePowerAnswerExample.notes)
})

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(6))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one)]))
}

t.test('sigma: reps and splits of a movement are one uncertainty, movements are independent', async (t) => {
  const squats = { movement: 'air_squat', reps: 10 }
  const dips = { movement: 'ring_dip', reps: 10 }
  const one = work(request([split(60, [squats])]))
  const two = work(request([split(60, [squats]), split(30, [squats])]))
  t.ok(apart(two.uncertainty, 2 * one.uncertainty) < 1e-12)
  const dip = work(request([split(60, [dips])]))
  const both = work(request([split(60, [squats, dips])]))
  t.ok(apart(both.uncertainty, Math.hypot(one.uncertainty, dip.uncertainty)) < 1e-12)
  const set = work(request([split(60, [{ ...squats, spec_overrides: { height_coefficient: 0.24 } }])]))
  t.equal(set.value, one.value)
  t.equal(set.uncertainty, 0)
  const mixed = { ...squats, spec_overrides: { height_coefficient: 0.24 } }
  t.ok(apart(work(request([split(60, [squats, mixed])])).uncertainty, one.uncertainty) < 1e-12)
})

t.test('sigma of ratios agrees with a finite difference over the coefficients', async (t) => {
  const lines = (scale: { squat: number; dip: number }) =>
    [
      [12, 3],
      [4, 9]
    ].map(([squats, dips]) =>
      split(30, [
        { movement: 'air_squat', reps: squats, spec_overrides: { height_coefficient: 0.24 + scale.squat } },
        { movement: 'ring_dip', reps: dips, spec_overrides: { height_coefficient: 0.162 + scale.dip } }
      ])
    )
  const plain = measured(
    request(
      lines({ squat: 0, dip: 0 }).map((one) =>
        JSON.parse(JSON.stringify(one, (key, value) => (key === 'spec_overrides' ? undefined : value)))
      )
    )
  ).results
  const figures = (body: Json) => {
    const { summary, movement_rollups } = measured(body).results
    return [summary.dropoff.value, summary.consistency.value, summary.mean.value, movement_rollups[0]!.work_share.value]
  }
  const step = 1e-6
  const base = figures(request(lines({ squat: 0, dip: 0 })))
  const bySquat = figures(request(lines({ squat: step, dip: 0 })))
  const byDip = figures(request(lines({ squat: 0, dip: step })))
  const { dropoff, consistency, mean } = plain.summary
  const found = [dropoff, consistency, mean, plain.movement_rollups[0]!.work_share]
  found.forEach(({ uncertainty }, index) => {
    const slopes = [bySquat[index]! - base[index]!, byDip[index]! - base[index]!]
    const wanted = Math.hypot((0.02 * slopes[0]!) / step, (0.02 * slopes[1]!) / step)
    t.ok(apart(uncertainty, wanted) < 1e-4, `${index}: ${uncertainty} for ${wanted}`)
  })
})

t.test('equal powers of unlike splits: consistency is uncertain even where its slope is not defined', async (t) => {
  const line = (movement: string) => ({ movement, reps: 1 })
  // The two muscle-ups have the same coefficients, and are independent movements.
  const { summary } = measured(
    request([split(10, [line('bar_muscle_up')]), split(10, [line('ring_muscle_up')])])
  ).results
  t.equal(summary.consistency.value, 1)
  t.ok(apart(summary.consistency.uncertainty, 0.04 / 0.724 / Math.SQRT2) < 1e-9)
  t.equal(summary.strongest_split_index, 0)
  t.equal(summary.weakest_split_index, 0)
})

t.test('ergometers', async (t) => {
  const row = (inputs: Json, more: Json = {}) => ({ movement: 'row', inputs, ...more })
  const metres = (value: number) => ({ travel_distance: { value, unit: 'm' } })
  const calories = (value: number) => ({ calories: { value, unit: 'kcal' } })
  const whole = measured(request([split(120, [row(metres(500))])]))
  const parts = measured(request([split(120, [row(metres(200)), row(metres(100), { reps: 3 })])]))
  t.equal(whole.results.splits[0]!.movements[0]!.confidence, 'A')
  t.ok(apart(parts.results.session.total_work.value, whole.results.session.total_work.value) < 1e-12)
  t.ok(apart(parts.results.splits[0]!.movements[0]!.work.value, 0.4 * whole.results.session.total_work.value) < 1e-12)
  t.equal(parts.results.session.total_work.uncertainty, 0)
  const byCalories = work(request([split(120, [row(calories(30))])]))
  t.ok(apart(byCalories.value, (3600 * 30 - 300 * 120) / 3.4416) < 1e-12)

  const grouped = measured(request([split(120, [row(metres(500)), { movement: 'air_squat', reps: 1 }])]))
  const line = grouped.results.splits[0]!.movements[0]!
  t.ok(apart(line.work.value, 500 * Math.cbrt(2.8 * 200 * 200)) < 1e-12)
  t.ok(apart(line.work.uncertainty, (line.work.value * 2 * 60) / (3 * 200)) < 1e-12)
  t.equal(line.confidence, 'D')
  t.notOk(line.average_power)
  const mixed = measured(request([split(120, [row(metres(200)), row(calories(10))])]))
  t.equal(mixed.results.splits[0]!.attribution, 'isolated')
  const perCalorie = (3600 * 200) / (3.4416 * 200 + 300)
  t.ok(apart(mixed.results.splits[0]!.movements[1]!.work.value, 10 * perCalorie) < 1e-12)
  const idle = { spec_overrides: { reference_power_w: 0 } }
  t.equal(work(request([split(120, [row(metres(200), idle), row(calories(10), idle)])])).value, 0)

  const codes = (answer: typeof whole) => answer.notes.map((note) => note.code)
  t.strictSame(codes(whole), ['power_denominators', 'proxy_flywheel'])
  t.ok(codes(grouped).includes('erg_reference_power_used') && codes(mixed).includes('erg_reference_power_used'))
  const unused = measured(request([split(120, [row(metres(500), { spec_overrides: { reference_power_w: 150 } })])]))
  t.ok(codes(unused).includes('override_not_used') && !codes(unused).includes('overrides_used'))
})

t.test('units of the answer', async (t) => {
  const plain = measured(computePowerExample).results.session
  for (const [unit, joules] of [
    ['kJ', 1000],
    ['kcal', 4184],
    ['ft_lbf', FOOT_POUND_J]
  ] as const) {
    const { total_work } = measured({ ...computePowerExample, response_units: { work: unit } }).results.session
    t.equal(total_work.unit, unit)
    t.ok(apart(total_work.value * joules, plain.total_work.value) < 1e-9)
    t.ok(apart(total_work.uncertainty * joules, plain.total_work.uncertainty) < 1e-9)
  }
  for (const [unit, watts] of [
    ['kW', 1000],
    ['hp', 745.6998715823],
    ['ft_lbf_per_s', FOOT_POUND_J]
  ] as const) {
    const session = measured({ ...computePowerExample, response_units: { power: unit } }).results.session
    t.equal(session.total_work.unit, 'J')
    t.equal(session.average_power_active.unit, unit)
    t.ok(apart(session.average_power_active.value * watts, plain.average_power_active.value) < 1e-9)
  }
})

t.test('rollups, labels and rests', async (t) => {
  const { results } = measured(
    request(
      [
        split(
          60,
          [
            { movement: 'burpee', reps: 10 },
            { movement: 'burpee', reps: 5 }
          ],
          { label: 'a', rest_seconds_after: 30 }
        ),
        split(60, [
          { movement: 'burpee', reps: 5 },
          { movement: 'air_squat', reps: 20 }
        ])
      ],
      { duration_seconds: 150.00000001 }
    )
  )
  t.equal(results.session.unattributed_duration_seconds, 0, 'rounding is no time')
  t.equal(results.session.rest_duration_seconds, 30)
  t.equal(results.splits[0]!.label, 'a')
  t.notOk('label' in results.splits[1]!)
  t.strictSame(results.splits[0]!.movements[1]!.average_power, results.splits[0]!.average_power)
  const [burpees, squats] = results.movement_rollups
  t.match(burpees, { movement: 'burpee', occurrences: 3, reps: 20, isolated_duration_seconds: 60 })
  t.ok(apart(burpees!.average_power!.value, results.splits[0]!.average_power.value) < 1e-12)
  t.ok(apart(burpees!.average_power!.uncertainty, results.splits[0]!.average_power.uncertainty) < 1e-12)
  t.notOk(squats!.average_power)
  t.ok(apart(burpees!.work_share.value + squats!.work_share.value, 1) < 1e-12)
})

t.test('every note has its case', async (t) => {
  const carry = { movement: 'farmers_carry', inputs: { ...load(50), travel_distance: { value: 10, unit: 'm' } } }
  const sled = { movement: 'sled_push', inputs: { ...load(50), travel_distance: { value: 10, unit: 'm' } } }
  const bike = { movement: 'echo_bike', inputs: { calories: { value: 10, unit: 'kcal' } } }
  const erg = { movement: 'row', inputs: { calories: { value: 10, unit: 'kcal' } } }
  const rope = { movement: 'rope_climb', reps: 1, inputs: { climb_height: { value: 2, unit: 'm' } } }
  const squat = { movement: 'air_squat', reps: 1, spec_overrides: { height_coefficient: 0 } }
  const all = measured(request([split(60, [carry, sled, bike, erg, rope, squat])], { duration_seconds: 61 }))
  const none = measured(request([split(60, [squat])]))
  const unused = measured(request([split(20, [{ ...erg, spec_overrides: { reference_power_w: 1 } }])]))
  const codes = [all, none, unused].flatMap(({ notes }) => notes.map((note) => note.code))
  t.strictSame([...new Set(codes)].sort(), [...noteCodes].sort())
  t.strictSame(
    [none.results.summary.dropoff.value, none.results.summary.consistency.value],
    [0, 1],
    'no work has no drop-off and no scatter'
  )
  t.equal(none.results.movement_rollups[0]!.work_share.value, 0)
})
