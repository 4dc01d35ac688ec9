import { Ajv } from 'ajv'
import t, { type Test } from 'tap'
import { canonicalJson } from '../../lib/json/canonical-json.ts'
import { ComputePowerAnswer } from '../../schemas/compute-power.ts'
import { NAMING_KEYWORDS } from '../../schemas/naming.ts'
import { ATHLETE, apart, load, request, split } from '../lib/compute/helpers.ts'
import { agrees, HEIGHTS_M, oracleRequest, workoutOracles } from '../lib/compute/oracle-requests.ts'
import { sha256 } from '../support/macaroon.ts'
import { type Answer, buy, hypothetical, startApp, workout } from '../support/purchase.ts'

const ajv = new Ajv({ allErrors: true, strict: true, keywords: NAMING_KEYWORDS })
const isAnswer = ajv.compile(ComputePowerAnswer)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** The answer, held to its schema; every quantity in it has its uncertainty. */
function read(t: Test, answer: Answer): ComputePowerAnswer {
  const body = answer.json()
  t.ok(isAnswer(body), ajv.errorsText(isAnswer.errors))
  for (const quantity of quantitiesOf(body)) t.ok(Number(quantity.uncertainty) >= 0, JSON.stringify(quantity))
  return body
}

function* quantitiesOf(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  if ('unit' in value) yield value as Record<string, unknown>
  for (const member of Object.values(value)) yield* quantitiesOf(member)
}

const near = (t: Test, found: number, wanted: number, name: string) =>
  t.ok(apart(found, wanted) < 1e-12, `${name}: ${found} for ${wanted}`)

t.test('the exact relations of the published example', async (t) => {
  const app = await startApp(t)
  const { workout_id, revision_id, results, notes, model } = read(t, await buy(app, workout()))
  const { session, splits, summary, movement_rollups: rollups } = results
  t.match(workout_id, UUID)
  t.match(revision_id, UUID)
  t.not(workout_id, revision_id)
  t.match(session, {
    duration_seconds: 180,
    active_duration_seconds: 132,
    rest_duration_seconds: 0,
    unattributed_duration_seconds: 48
  })
  const [first, second] = splits.map((one) => one.average_power.value) as [number, number]
  near(t, first / second, 63 / 65, 'power of the splits')
  near(t, session.average_power_elapsed.value / session.average_power_active.value, 132 / 180, 'elapsed to active')
  near(t, summary.mean.value / session.average_power_elapsed.value, 160 / 117, 'mean split to elapsed')
  near(t, summary.dropoff.value, 2 / 65, 'dropoff')
  near(t, 1 - summary.consistency.value, 1 / 64, 'coefficient of variation')
  near(t, session.total_work.value / 180, session.average_power_elapsed.value, 'work over time')
  near(t, splits[0]!.total_work.value / splits[1]!.total_work.value, 21 / 15, 'work goes with the reps')
  t.strictSame([summary.strongest_split_index, summary.weakest_split_index], [1, 0])
  t.strictSame([summary.peak.value, summary.minimum.value], [second, first])
  for (const one of splits) {
    t.equal(one.attribution, 'grouped')
    t.notOk(
      one.movements.some((line) => 'average_power' in line),
      'no power in a grouped split'
    )
    near(
      t,
      one.movements.reduce((sum, { work }) => sum + work.value, 0),
      one.total_work.value,
      'lines of a split'
    )
  }
  t.strictSame(
    rollups.map(({ movement, occurrences, reps }) => [movement, occurrences, reps]),
    [
      ['thruster', 2, 36],
      ['pull_up', 2, 36]
    ]
  )
  near(
    t,
    rollups.reduce((sum, { work_share }) => sum + work_share.value, 0),
    1,
    'shares'
  )
  t.strictSame(
    notes.map(({ code }) => code),
    ['power_denominators', 'unattributed_time']
  )
  const registry = (await app.inject('/v1/movements')).json()
  const digest = sha256(Buffer.from(canonicalJson(registry))).toString('hex')
  t.strictSame(model, { version: '1.1.0', catalogue_digest: digest })
})

t.test('ids for what was done only', async (t) => {
  const app = await startApp(t)
  const { performed_date: _, ...thought } = workout()
  const plan = { ...thought, evaluation_context: 'planned', planned_for_date: '2027-02-28', scenario_label: 'next' }
  const { evaluation_context, performed_date, ...same } = workout()
  const done = read(t, await buy(app, { ...same, evaluation_context, performed_date }))
  for (const body of [plan, hypothetical()]) {
    const answer = read(t, await buy(app, body))
    t.notOk('workout_id' in answer || 'revision_id' in answer, String(body.evaluation_context))
    t.strictSame(answer.results, done.results, 'the same figures')
  }
  const again = read(t, await buy(app, { ...same, evaluation_context, performed_date }))
  t.not(again.workout_id, done.workout_id, 'two purchases, two workouts')
  t.strictSame(again.results, done.results)
})

t.test('response units change the spelling of the figures alone', async (t) => {
  const app = await startApp(t)
  const body = hypothetical()
  const { results } = read(t, await buy(app, body))
  const units = [
    ['kJ', 1000, 'kW', 1000],
    ['kcal', 4184, 'hp', 745.6998715822702],
    ['ft_lbf', 1.3558179483, 'ft_lbf_per_s', 1.3558179483],
    ['J', 1, 'hp', 745.6998715822702]
  ] as const
  for (const [work, joules, power, watts] of units) {
    const answer = read(t, await buy(app, { ...body, response_units: { work, power } }))
    const pairs = [...quantitiesOf(answer.results)].map((given, index) => {
      return [given, [...quantitiesOf(results)][index]!] as const
    })
    for (const [given, wanted] of pairs) {
      const factor = wanted.unit === 'J' ? joules : wanted.unit === 'W' ? watts : 1
      t.equal(given.unit, wanted.unit === 'J' ? work : wanted.unit === 'W' ? power : wanted.unit)
      for (const part of ['value', 'uncertainty'])
        t.ok(apart(Number(given[part]) * factor, Number(wanted[part])) < 1e-9, `${work} ${power} ${part}`)
    }
  }
})

t.test('an isolated split has the power of its movement; the times of a session add up', async (t) => {
  const app = await startApp(t)
  const thrusters = { movement: 'thruster', reps: 10, inputs: load(95) }
  const splits = [
    split(40, [thrusters, thrusters], { label: 'one', rest_seconds_after: 20 }),
    split(60, [{ movement: 'row', inputs: { travel_distance: { value: 250, unit: 'm' } } }]),
    split(30.5, [thrusters, { movement: 'pull_up', reps: 5 }])
  ]
  const { results, notes } = read(t, await buy(app, request(splits, { duration_seconds: 200 })))
  const { session, splits: measured, movement_rollups: rollups } = results
  t.strictSame(
    measured.map(({ attribution }) => attribution),
    ['isolated', 'isolated', 'grouped']
  )
  t.strictSame(measured[0]!.movements[0]!.average_power, measured[0]!.average_power)
  t.match(measured[0], { label: 'one', rest_seconds_after: 20 })
  t.equal(session.active_duration_seconds, 130.5)
  t.equal(session.rest_duration_seconds, 20)
  t.equal(session.unattributed_duration_seconds, 49.5)
  t.strictSame(
    rollups.map(({ movement, isolated_duration_seconds: seconds }) => [movement, seconds]),
    [
      ['thruster', 40],
      ['row', 60],
      ['pull_up', 0]
    ]
  )
  t.notOk('average_power' in rollups[2]!)
  t.ok(notes.some(({ code }) => code === 'proxy_flywheel'))
})

t.test('published figures can be bought, and wrong ones cannot', async (t) => {
  const app = await startApp(t)
  const oracles = workoutOracles()
  t.ok(oracles.length >= 35)
  for (const oracle of oracles) {
    const { body, read: figure } = oracleRequest(oracle, HEIGHTS_M[0]!)
    t.equal(body.evaluation_context, 'hypothetical')
    const found = figure(read(t, await buy(app, body)).results)
    t.ok(agrees(oracle, found), `${oracle.id}: ${found} for ${oracle.expected} ${oracle.unit}`)
  }
})

t.test('every movement can be bought', async (t) => {
  const app = await startApp(t)
  const registry = (await app.inject('/v1/movements')).json()
  const middle: Record<string, number> = { kg: 20, m: 10, J: 1 }
  for (const [movement, entry] of Object.entries<Registered>(registry)) {
    const wanted = Object.entries(entry.inputs).filter(([name, { required }]) => {
      return required || entry.exactly_one_of[0] === name
    })
    const inputs = wanted.map(([name, { si_unit, minimum_si, maximum_si }]) => {
      const value = Math.min(Math.max(middle[si_unit] ?? 1, minimum_si), maximum_si)
      return [name, { value, unit: si_unit }] as const
    })
    const line = { movement, reps: 3, inputs: Object.fromEntries(inputs) }
    const squat = { movement: 'air_squat', reps: 1 }
    // The work of a swim depends on its own time.
    const isAlone = movement === 'air_squat' || entry.basis === 'drag'
    const body = request([split(60, isAlone ? [line] : [line, squat])], { user: ATHLETE })
    const { results } = read(t, await buy(app, body))
    t.ok(results.movement_rollups[0]!.work.value > 0, `${movement}: ${results.movement_rollups[0]!.work.value} J`)
  }
})

interface Registered {
  readonly basis: string
  readonly exactly_one_of: string[]
  readonly inputs: Record<string, { required: boolean; si_unit: string; minimum_si: number; maximum_si: number }>
}
