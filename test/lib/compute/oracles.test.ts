import t from 'tap'
import { apart, type Json, measured, request, split, vectors } from './helpers.ts'
import { agrees, fran, HEIGHTS_M, oracleRequest, workoutOracles } from './oracle-requests.ts'

t.test('published, analytic and firmware figures come out; wrong ones do not', async (t) => {
  for (const oracle of workoutOracles()) {
    for (const heightM of HEIGHTS_M) {
      const { body, read } = oracleRequest(oracle, heightM)
      const found = read(measured(body).results)
      t.ok(agrees(oracle, found), `${oracle.id}: ${found} for ${oracle.expected} ${oracle.unit}`)
    }
  }
})

t.test('Midtown Fran has the same joules at any height', async (t) => {
  const { inputs } = workoutOracles().find((one) => one.id === 'midtown_fran_95lb')!
  for (const heightM of [1.2, 1.5, 1.778, 2]) {
    const joules = measured(fran(heightM, inputs)).results.session.total_work.value
    t.ok(apart(joules, 52114.3) < 1e-6)
  }
})

const G = 9.80665
const HEIGHT_M = 1.778
const MASS_KG = 81.65
const INCH_M = 0.0254
const joules = (movement: string, inputs: Json = {}, seconds = 60, massKg = MASS_KG) => {
  const user = { height: { value: HEIGHT_M, unit: 'm' }, body_mass: { value: massKg, unit: 'kg' } }
  return measured(request([split(seconds, [{ movement, reps: 1, inputs }])], { user })).results.session.total_work.value
}
const kg = (value: number) => ({ external_load: { value, unit: 'kg' } })
const metres = (value: number) => ({ travel_distance: { value, unit: 'm' } })
/** How far the body's centre of mass, or a load, rises in one rep, m. */
const bodyRiseM = (movement: string, inputs: Json = {}) => joules(movement, inputs) / (G * MASS_KG)
const loadRiseM = (movement: string) => (joules(movement, kg(100)) - joules(movement, kg(0))) / (G * 100)
/** Rise of the shoulders in a push-up, from the segment model. */
const SHOULDERS_M = 0.254 * HEIGHT_M

/** What the defaults give for each published figure, in its unit. */
const OURS: Readonly<Record<string, () => number>> = {
  burpee_rise: () => bodyRiseM('burpee') / HEIGHT_M,
  push_up_share_ebben: () => bodyRiseM('push_up') / SHOULDERS_M,
  push_up_share_suprak: () => bodyRiseM('push_up') / SHOULDERS_M,
  knee_push_up_ratio: () => bodyRiseM('knee_push_up') / bodyRiseM('push_up'),
  back_squat_travel_ratio: () => loadRiseM('back_squat') / (joules('back_squat', kg(MASS_KG)) / (2 * G * MASS_KG)),
  ground_to_overhead_travel: () => loadRiseM('ground_to_overhead') / INCH_M,
  pull_up_travel: () => bodyRiseM('pull_up') / INCH_M,
  thruster_body_travel: () => bodyRiseM('thruster', kg(0)) / INCH_M,
  sumo_travel_ratio: () => loadRiseM('sumo_deadlift') / loadRiseM('deadlift'),
  isabel_efficiency: () => (30 * joules('power_snatch', kg(61.235), 60, 87.9)) / 245_000,
  row_1_35: () => joules('row', metres(500), 95) / 95,
  run_vertical_ratio: () => joules('run', metres(400)) / (G * MASS_KG * 400),
  swim_drag: () => joules('swim', metres(148), 100) / 148,
  ruck_per_kg: () => (joules('ruck', { ...metres(100), ...kg(20) }) - joules('ruck', metres(100))) / 2000
}

t.test('published figures against the defaults: within the tolerance, and as far off as documented', async (t) => {
  const { figures } = vectors('published')
  t.strictSame(figures.map(({ id }: { id: string }) => id).sort(), Object.keys(OURS).sort())
  for (const { id, value, unit, tolerance_rel, differs } of figures) {
    const off = OURS[id]!() / value - 1
    t.ok(Math.abs(off) <= tolerance_rel, `${id}: ${OURS[id]!()} for ${value} ${unit}`)
    t.ok(Math.abs(off - differs) < 0.0125, `${id}: differs by ${off}`)
  }
})
