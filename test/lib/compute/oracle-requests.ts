import type { Evaluation } from '../../../schemas/compute-power.ts'
import { apart, type Json, request, split, vectors } from './helpers.ts'

/*
 * Published calculations, sent as requests: distances become overrides, "distance / body height". Any height serves,
 * since the height cancels; two are used to show it.
 */

export interface Oracle {
  id: string
  kind: 'published' | 'analytic' | 'firmware' | 'wrong' | 'inputs_only'
  inputs: Record<string, number>
  expected: number | null
  unit: string
  tolerance_rel: number
}

const FOOT_POUND_J = 1.3558179483
export const HEIGHTS_M = [1.778, 1.6]
const inch = (inches: number, heightM: number) => (inches * 0.0254) / heightM

/** A request of one split by an athlete of the given mass. */
function by(heightM: number, massLb: number, seconds: number, movements: Json[]): Json {
  const user = { height: { value: heightM, unit: 'm' }, body_mass: { value: massLb, unit: 'lb' } }
  return request([split(seconds, movements)], { user })
}

function line(movement: string, reps: number, overrides: Json, loadLb?: number): Json {
  const inputs = loadLb === undefined ? {} : { external_load: { value: loadLb, unit: 'lb' } }
  return { movement, reps, inputs, spec_overrides: overrides }
}

export function fran(h: number, i: Record<string, number>): Json {
  return by(h, i.bw_lb!, i.t!, [
    line(
      'thruster',
      i.reps!,
      { height_coefficient: inch(i.squat_in ?? 0, h), load_height_coefficient: inch(i.bar_in!, h) },
      i.bar_lb
    ),
    line('pull_up', i.reps!, { height_coefficient: inch(i.pull_in!, h) })
  ])
}

/** A body rise in inches, as pull-ups or as the squat of an unloaded thruster. */
const pullUps = (h: number, lb: number, inches: number, reps = 1, seconds = 60) =>
  by(h, lb, seconds, [line('pull_up', reps, { height_coefficient: inch(inches, h) })])

/** A load raised and no body, by an athlete whose mass does not matter. */
const press = (h: number, lb: number, inches: number, reps: number, seconds: number) =>
  by(h, 180, seconds, [
    line('shoulder_press', reps, { height_coefficient: 0, load_height_coefficient: inch(inches, h) }, lb)
  ])

const burpees = (h: number, lb: number, feet: number, reps: number) =>
  by(h, lb, 60, [line('burpee', reps, { height_coefficient: inch(12 * feet, h), jump_height: 0 })])

const squats = (h: number, i: Record<string, number>) => {
  const rise = inch(12 * i.d_ft!, h)
  const overrides = { height_coefficient: rise, load_height_coefficient: rise }
  return by(h, i.body_part_lb!, i.t!, [line('back_squat', i.reps!, overrides, i.plates_lb! + i.bar_lb!)])
}

const grace = (h: number, i: Record<string, number>) =>
  by(h, 180, 600, [
    line(
      'clean_and_jerk',
      i.reps!,
      { height_coefficient: 0, load_height_coefficient: inch(i.d_in!, h), load_start_height: 0 },
      i.w_lb ?? 100
    )
  ])

/** 500 m at a pace, in the seconds per 500 m that the monitor shows. */
const erg = (movement: string, pace500: number) =>
  request([split(pace500, [{ movement, inputs: { travel_distance: { value: 500, unit: 'm' } } }])])

/** A request, and how to read the oracle's figure, in its unit, off the results. */
export interface OracleRequest {
  readonly body: Json
  readonly read: (results: Results) => number
}
type Results = Evaluation['results']

const work = (body: Json, unit = 1): OracleRequest => ({
  body,
  read: ({ session }) => session.total_work.value / unit
})
const power = (body: Json, unit = 1): OracleRequest => ({
  body,
  read: ({ session }) => session.average_power_elapsed.value / unit
})
const footPounds = (body: Json) => work(body, FOOT_POUND_J)
const footPoundsPerSecond = (body: Json) => power(body, FOOT_POUND_J)

/** What to ask for each oracle. */
const REQUESTS: Record<string, (h: number, inputs: Record<string, number>) => OracleRequest> = {
  midtown_fran_95lb: (h, i) => footPoundsPerSecond(fran(h, i)),
  midtown_pullup_rep: (h, i) => footPounds(pullUps(h, i.bw_lb!, i.d_in!)),
  midtown_thruster_body_rep: (h, i) =>
    footPounds(by(h, i.bw_lb!, 60, [line('thruster', 1, { height_coefficient: inch(i.d_in!, h) }, 0)])),
  midtown_thruster_bar_rep_95: (h, i) => footPounds(press(h, i.w_lb!, i.d_in!, 1, 60)),
  verve_fran_wrong: (h, i) => footPoundsPerSecond(fran(h, i)),
  verve_fran_corrected: (h, i) => footPoundsPerSecond(fran(h, i)),
  inflexion_squat_work: (h, i) => footPounds(squats(h, i)),
  inflexion_squat_power: (h, i) => footPoundsPerSecond(squats(h, i)),
  inflexion_squat_watts_wrong: (h, i) => power(squats(h, i)),
  btwb_press_rep: (h, i) => footPounds(press(h, i.w_lb!, 12 * i.d_ft!, 1, 60)),
  btwb_press_50_power: (h, i) => footPoundsPerSecond(press(h, i.w_lb!, 12 * i.d_ft!, i.reps!, i.t!)),
  hubbard_pullups: (h, i) => footPounds(pullUps(h, i.w_lb!, i.d_in!, i.reps!)),
  secondwind_grace_distance: (h, i) => work(grace(h, i), FOOT_POUND_J * 100),
  secondwind_grace_135: (h, i) => footPounds(grace(h, i)),
  secondwind_grace_115: (h, i) => footPounds(grace(h, i)),
  prophets_box_jumps: (h, i) =>
    footPounds(
      by(h, i.w_lb!, 889, [
        { movement: 'box_jump', reps: i.reps!, inputs: { box_height: { value: i.box_in!, unit: 'in' } } }
      ])
    ),
  trident_burpee_minute: (h, i) => power(burpees(h, i.w_lb!, i.d_ft!, i.per_min!), FOOT_POUND_J * 550),
  godin_burpee_kcal: (h, i) => work(burpees(h, i.m! / 0.45359237, i.d! / 0.3048, 1), 4184),
  // The source has g = 9.80.
  openstax_stairs: (h, i) =>
    work(
      by(h, i.m! / 0.45359237, 60, [
        { movement: 'stair_climb', inputs: { elevation_gain: { value: i.h!, unit: 'm' } } }
      ]),
      9.80665 / i.g!
    ),
  c2_125: (_h, i) => power(erg('row', i.pace500!)),
  c2_120: (_h, i) => power(erg('ski_erg', i.pace500!)),
  c2_120_cal: (_h, i) => {
    // The display's calories at these watts, found by asking what work an hour of them is.
    const rounded = (watts: number) => 4 * 0.8604 * watts + 300
    const hour = request([
      split(3600, [{ movement: 'row', inputs: { calories: { value: rounded(i.watts!), unit: 'kcal' } } }])
    ])
    return { body: hour, read: ({ session }) => rounded(session.average_power_elapsed.value) }
  },
  c2_102_old: (_h, i) => power(erg('row', i.pace500!)),
  bikeerg_100: (_h, i) => power(erg('bike_erg', i.pace500!)),
  // 3:40 per 1000 m.
  bikeerg_conflict: (_h, i) => power(erg('bike_erg', i.pace500!)),
  wc_example1_active: (_h, i) => ({ body: example(i), read: ({ session }) => session.active_duration_seconds }),
  wc_example1_unattributed: (_h, i) => ({
    body: example(i),
    read: ({ session }) => session.unattributed_duration_seconds
  })
}

function example(i: Record<string, number>): Json {
  const squat = [{ movement: 'air_squat', reps: 1 }]
  return request([split(i.s1!, squat), split(i.s2!, squat)], { duration_seconds: i.total ?? 180 })
}

/** Oracles about workouts: critical power and areas belong to the curve. */
export function workoutOracles(): Oracle[] {
  return (vectors('oracles').oracles as Oracle[]).filter(({ id }) => !/^(cp_|wprime_|auc_)/.test(id))
}

export function oracleRequest(oracle: Oracle, heightM: number): OracleRequest {
  if (oracle.id.startsWith('c2_table_')) return power(erg('row', oracle.inputs.pace500!))
  return REQUESTS[oracle.id]!(heightM, oracle.inputs)
}

/** The sums that the sources state the parts of, and never print. */
const UNPRINTED: Record<string, number> = {
  verve_fran_corrected: 128.75,
  secondwind_grace_135: 27000,
  secondwind_grace_115: 23000,
  prophets_box_jumps: 27000
}

/** A published figure comes out; a wrong one does not. */
export function agrees(oracle: Oracle, found: number): boolean {
  // bikeerg_conflict has no tolerance of its own: nothing near it may come out.
  if (oracle.kind === 'wrong') return apart(found, oracle.expected!) > 0.01
  if (oracle.expected === null) return apart(found, UNPRINTED[oracle.id]!) < 1e-6
  return apart(found, oracle.expected) <= oracle.tolerance_rel + 1e-9
}
