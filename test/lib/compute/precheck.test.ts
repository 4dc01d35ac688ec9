import fastJson from 'fast-json-stringify'
import t from 'tap'
import { isCalendarDate, utcDay } from '../../../lib/calendar/day.ts'
import { ALIASES, MOVEMENTS } from '../../../lib/compute/catalogue.ts'
import { catalogueDigest, movementsDocument } from '../../../lib/compute/document.ts'
import * as limits from '../../../lib/compute/limits.ts'
import { UNMEASURED } from '../../../lib/compute/names/unmeasured.ts'
import { powerBoundW, powerFloorW } from '../../../lib/compute/power-bound.ts'
import { precheck, statusOf } from '../../../lib/compute/precheck.ts'
import { ComputePowerAnswer, ComputePowerRequest, computePowerExample } from '../../../schemas/compute-power.ts'
import { MovementsDocument } from '../../../schemas/movements.ts'
import {
  ATHLETE,
  ajv,
  type Json,
  load,
  measured,
  planOf,
  problemsOf,
  request,
  schemaProblems,
  split,
  vectors
} from './helpers.ts'

const squat = { movement: 'air_squat', reps: 1 }
const squats = [split(60, [squat])]
const lines = (...movements: Json[]) => request([split(60, movements)])
const thruster = (more: Json) => lines({ movement: 'thruster', reps: 1, inputs: load(95), ...more })
const user = (more: Json) => request(squats, { user: { ...ATHLETE, ...more } })
const m = (value: number) => ({ value, unit: 'm' })

/** Body, where the problem is, its code, and what else it must say. */
const FIRST = '/splits/0/work/movements/0'
const completed = (date: string) => request(squats, { evaluation_context: 'completed', performed_date: date })
const planned = (date: string) => request(squats, { evaluation_context: 'planned', planned_for_date: date })
const day = (days: number) => utcDay(Date.now(), days)

const CASES: [string, unknown, string, string, Json?][] = [
  [
    'the day after tomorrow',
    completed(day(2)),
    '/performed_date',
    'date_out_of_range',
    { allowed: ['1970-01-01', day(1)] }
  ],
  ['long ago', completed('1969-12-31'), '/performed_date', 'date_out_of_range'],
  [
    'a plan for the past',
    planned(day(-2)),
    '/planned_for_date',
    'date_out_of_range',
    { allowed: [day(-1), '9999-12-31'] }
  ],
  ['a plan of no day', planned('2027-02-29'), '/planned_for_date', 'date_invalid'],
  [
    'minutes typed as seconds',
    request([split(5, [{ movement: 'burpee', reps: 60 }])]),
    '/splits/0',
    'power_implausible',
    { detail: 'The highest accepted average' }
  ],
  [
    'a session of many hard splits',
    request(Array.from({ length: 60 }, () => split(60, [{ movement: 'air_squat', reps: 240 }]))),
    '',
    'power_implausible'
  ],
  [
    'feet and too few inches',
    user({ height: { feet: 3, inches: 11 } }),
    '/user/height/inches',
    'value_out_of_range',
    { allowed: [11.2440944882, 11.99] }
  ],
  [
    'an input that there is not, in a unit that there is not',
    lines({ movement: 'run', inputs: { time: { value: 90, unit: 's' }, travel_distance: m(400) } }),
    `${FIRST}/inputs/time`,
    'input_unknown'
  ],
  ['not an object', [], '', 'type_wrong'],
  [
    'a date is missing',
    request(squats, { evaluation_context: 'completed' }),
    '/performed_date',
    'required_for_context'
  ],
  ['no plan date', request(squats, { evaluation_context: 'planned' }), '/planned_for_date', 'required_for_context'],
  ['a date too many', request(squats, { performed_date: '2026-01-01' }), '/performed_date', 'forbidden_for_context'],
  [
    'a label for what was done',
    request(squats, { evaluation_context: 'completed', performed_date: '2026-01-01', scenario_label: 'x' }),
    '/scenario_label',
    'forbidden_for_context'
  ],
  [
    '30 February',
    request(squats, { evaluation_context: 'completed', performed_date: '2026-02-30' }),
    '/performed_date',
    'date_invalid'
  ],
  ['too tall', user({ height: m(2.31) }), '/user/height/value', 'value_out_of_range', { allowed: [1.2, 2.3] }],
  ['too light', user({ body_mass: { value: 60, unit: 'lb' } }), '/user/body_mass/value', 'value_out_of_range'],
  ['more time than there was', request(squats, { duration_seconds: 59 }), '/duration_seconds', 'times_exceed_duration'],
  [
    'misspelt',
    lines({ movement: 'thrustre', reps: 1 }),
    `${FIRST}/movement`,
    'movement_unknown',
    { given: 'thrustre', nearest: ['thruster'] }
  ],
  [
    'an alias',
    lines({ movement: 'Thrusters', reps: 1 }),
    `${FIRST}/movement`,
    'movement_alias',
    { nearest: ['thruster'] }
  ],
  [
    'a name of two movements',
    lines({ movement: 'clean', reps: 1 }),
    `${FIRST}/movement`,
    'movement_ambiguous',
    { nearest: ['power_clean', 'squat_clean'] }
  ],
  [
    'a hold',
    lines({ movement: 'plank', reps: 1 }),
    `${FIRST}/movement`,
    'movement_unimplemented',
    { detail: 'a hold moves nothing, so it does no work' }
  ],
  [
    'more help than body',
    lines({ movement: 'ring_dip', reps: 1, inputs: { assistance_load: { value: 71, unit: 'kg' } } }),
    `${FIRST}/inputs/assistance_load/value`,
    'assistance_too_large'
  ],
  [
    'help and a load',
    lines({ movement: 'pull_up', reps: 1, inputs: { ...load(20), assistance_load: { value: 9, unit: 'kg' } } }),
    `${FIRST}/inputs`,
    'input_choice_conflict',
    { allowed: ['external_load', 'assistance_load'] }
  ],
  [
    'help where none is given',
    lines({ ...squat, inputs: { assistance_load: { value: 9, unit: 'kg' } } }),
    `${FIRST}/inputs/assistance_load`,
    'input_unknown',
    { allowed: ['vest_load'] }
  ],
  ['neither reps nor a distance', lines({ movement: 'walking_lunge' }), `${FIRST}/reps`, 'reps_required'],
  [
    'a swim beside another movement',
    lines({ movement: 'swim', inputs: { travel_distance: m(50) } }, squat),
    `${FIRST}/movement`,
    'split_of_its_own_required'
  ],
  [
    'a swim too fast',
    lines({ movement: 'swim', inputs: { travel_distance: m(500) } }),
    '/splits/0/duration_seconds',
    'speed_out_of_range'
  ],
  ['a prototype name', lines({ movement: 'constructor', reps: 1 }), `${FIRST}/movement`, 'movement_unknown'],
  ['no reps', lines({ movement: 'air_squat' }), `${FIRST}/reps`, 'reps_required'],
  [
    'a foreign input',
    lines({ ...squat, inputs: { box_height: m(0.5) } }),
    `${FIRST}/inputs/box_height`,
    'input_unknown',
    { allowed: ['vest_load'] }
  ],
  [
    'an inherited input',
    lines({ ...squat, inputs: { toString: m(0.5) } }),
    `${FIRST}/inputs/toString`,
    'input_unknown'
  ],
  ['a strange input', lines({ ...squat, inputs: { 'a/b~\n': m(1) } }), `${FIRST}/inputs/a~1b~0\n`, 'input_unknown'],
  ['no load', thruster({ inputs: {} }), `${FIRST}/inputs/external_load`, 'input_required'],
  ['no inputs at all', thruster({ inputs: undefined }), `${FIRST}/inputs/external_load`, 'input_required'],
  [
    'a load in metres',
    thruster({ inputs: { external_load: m(1) } }),
    `${FIRST}/inputs/external_load/unit`,
    'unit_not_allowed',
    { given: 'm', allowed: ['kg', 'g', 'lb'] }
  ],
  ['a heavy bar', thruster({ inputs: load(501, 'kg') }), `${FIRST}/inputs/external_load/value`, 'value_out_of_range'],
  [
    'no distance',
    lines({ movement: 'run', inputs: { travel_distance: m(0) } }),
    `${FIRST}/inputs/travel_distance/value`,
    'value_out_of_range'
  ],
  ['an idle row', lines({ movement: 'row' }), `${FIRST}/inputs`, 'input_choice_missing'],
  [
    'a row told twice',
    lines({ movement: 'row', inputs: { travel_distance: m(200), calories: { value: 10, unit: 'kcal' } } }),
    `${FIRST}/inputs`,
    'input_choice_conflict',
    { allowed: ['travel_distance', 'calories'] }
  ],
  [
    'a foreign override',
    thruster({ spec_overrides: { jump_height: 1 } }),
    `${FIRST}/spec_overrides/jump_height`,
    'override_unknown',
    { allowed: ['height_coefficient', 'load_height_coefficient', 'load_start_height'] }
  ],
  [
    'a fixed coefficient',
    lines({ movement: 'row', inputs: { travel_distance: m(200) }, spec_overrides: { pace_constant: 3 } }),
    `${FIRST}/spec_overrides/pace_constant`,
    'override_unknown',
    { allowed: ['reference_power_w'] }
  ],
  [
    'an override too far',
    thruster({ spec_overrides: { height_coefficient: 0.7531 } }),
    `${FIRST}/spec_overrides/height_coefficient`,
    'override_out_of_range',
    { allowed: [0, 0.753] }
  ],
  [
    'a falling load',
    thruster({ spec_overrides: { load_height_coefficient: 0.5, load_start_height: 1.2 } }),
    `${FIRST}/spec_overrides`,
    'lift_distance_negative'
  ],
  [
    'a ball from above the target',
    lines({
      movement: 'wall_ball',
      reps: 1,
      inputs: { ...load(20), target_height: m(2) },
      spec_overrides: { load_start_coefficient: 1.62 }
    }),
    `${FIRST}/spec_overrides`,
    'lift_distance_negative'
  ],
  [
    'a row too fast',
    lines({ movement: 'row', inputs: { travel_distance: m(1201) } }),
    '/splits/0/duration_seconds',
    'erg_speed_out_of_range'
  ],
  [
    'a row too slow',
    lines({ movement: 'row', inputs: { travel_distance: m(29) } }),
    '/splits/0/duration_seconds',
    'erg_speed_out_of_range'
  ]
]

t.test('every code has its case, and is the only problem reported', async (t) => {
  for (const [name, body, pointer, code, says] of CASES) {
    // The schema is left out of the one case that it would tell itself.
    const found = precheck(body, Array.isArray(body) ? [] : schemaProblems(body), Date.now())
    const problems = found.ok ? [] : found.problems
    t.strictSame(
      problems.map((one) => [one.pointer, one.code]),
      [[pointer, code]],
      name
    )
    if (says !== undefined) t.match(problems[0], says, name)
    t.ok(problems[0]?.detail.endsWith('.'), `${name}: ${problems[0]?.detail}`)
    t.equal(statusOf(problems), code.startsWith('movement_') ? 400 : 422, name)
  }
})

t.test('what the schema would report is rejected without it too', async (t) => {
  const broken: Json[] = [
    { athlete_uuid: 'x' },
    { athlete_uuid: `${'1'.repeat(36)}` },
    { evaluation_context: 'done' },
    { scenario_label: '' },
    { title: '' },
    { title: 'x'.repeat(121) },
    { title: 'two\nlines' },
    { duration_seconds: '60' },
    { duration_seconds: Number.NaN },
    { duration_seconds: 1e308 },
    { user: null },
    { user: { ...ATHLETE, height: 1.8 } },
    { user: { ...ATHLETE, age_years: 1.5 } },
    { user: { ...ATHLETE, sex: 'x' } },
    { response_units: { work: 'cal' } },
    { response_units: 3 },
    { splits: [] },
    { splits: [null] },
    { splits: [{ duration_seconds: 60 }] },
    { splits: [split(60, [], {})] },
    { splits: [split(60, [null] as never)] },
    { splits: [split(60, [squat], { label: 5 })] },
    { splits: [split(60, [squat], { rest_seconds_after: -1 })] },
    { splits: [split(60, [{ movement: 5 }])] },
    { splits: [split(60, [{ ...squat, reps: 1e308 }])] },
    { splits: [split(60, [{ ...squat, reps: 1.5 }])] },
    { splits: [split(60, [{ ...squat, reps: '3' }])] },
    { splits: [split(60, [{ ...squat, inputs: [] }])] },
    { splits: [split(60, [{ ...squat, spec_overrides: 'x' }])] },
    { splits: [split(60, [{ ...squat, spec_overrides: { height_coefficient: '0.2' } }])] }
  ]
  for (const more of broken) {
    const body = request(squats, more)
    t.ok(schemaProblems(body).length > 0, `schema: ${JSON.stringify(more)}`)
    t.equal(precheck(body, [], Date.now()).ok, false, `precheck: ${JSON.stringify(more)}`)
  }
  t.ok(schemaProblems({ ...request(squats), version: 1 }).length === 1, 'an unknown field')
})

t.test('all problems at once, none twice', async (t) => {
  const body: Json = lines(
    { movement: 'thrustr', reps: 'five', inputs: load(95) },
    { movement: 'row', inputs: { travel_distance: { value: 'x', unit: 'm' } } },
    { movement: 'pull_up', inputs: { vest_load: { value: 101, unit: 'kg' } }, spec_overrides: { x: 1 } }
  )
  delete body.user
  const problems = problemsOf(body)
  t.strictSame(problems.map((one) => `${one.pointer} ${one.code}`).sort(), [
    '/splits/0/work/movements/0/movement movement_unknown',
    '/splits/0/work/movements/0/reps schema',
    '/splits/0/work/movements/1/inputs/travel_distance/value schema',
    '/splits/0/work/movements/2/inputs/vest_load/value value_out_of_range',
    '/splits/0/work/movements/2/reps reps_required',
    '/splits/0/work/movements/2/spec_overrides/x override_unknown',
    '/user schema'
  ])
  t.equal(statusOf(problems), 422)
  const names = problemsOf(lines({ movement: 'x', reps: 1 }, { movement: 'du', reps: 1 }))
  t.equal(statusOf(names), 400)
  t.strictSame(
    problemsOf([]).map((one) => one.code),
    ['schema']
  )
})

t.test('a long list is cut, and says so', async (t) => {
  const unknown = Array.from({ length: 50 }, (_, index) => ({ movement: `thruste${index}`, reps: 1 }))
  const problems = problemsOf(request(Array.from({ length: 200 }, () => split(1, unknown))))
  t.equal(problems.length, 100)
  t.match(problems[99], { code: 'problems_truncated', detail: '9901 more' })
  t.equal(statusOf(problems), 400)
  t.equal(problems.filter((one) => (one.nearest?.length ?? 0) > 0).length, 40, '20 names are searched for, once')
  t.equal(problemsOf(lines({ movement: 'x'.repeat(101), reps: 1 })).length, 1)
})

t.test('borders are inside', async (t) => {
  const fine: Json[] = [
    user({ height: { value: 230, unit: 'cm' } }),
    user({ height: m(1.2) }),
    user({ body_mass: { value: 250, unit: 'kg' } }),
    request(squats, { duration_seconds: 60 * (1 - 1e-10) }),
    thruster({ inputs: load(500, 'kg'), spec_overrides: { height_coefficient: 0.753, load_start_height: 0 } }),
    thruster({ spec_overrides: { load_height_coefficient: 0.5, load_start_height: 0.889 } }),
    thruster({ inputs: load(0) }),
    request(squats, { athlete_uuid: 'ABCDEF01-2345-6789-ABCD-EF0123456789' }),
    request(squats, { evaluation_context: 'planned', planned_for_date: '2428-02-29', scenario_label: '🏋'.repeat(120) })
  ]
  for (const body of fine) t.strictSame(problemsOf(body), [])
  const found = precheck(fine[7], [], Date.now())
  t.equal(found.ok && found.plan.athleteUuid, 'abcdef01-2345-6789-abcd-ef0123456789')
  t.strictSame(
    ['2026-02-28', '2024-02-29', '2025-02-29', '2026-13-01', '2026-00-10', '0000-01-01'].map(isCalendarDate),
    [true, true, false, false, false, true]
  )
  // Every day that may be written, against the language's own calendar; it moves 30 February into March.
  for (const year of ['0000', '1900', '2000', '2023', '2024', '9999'])
    for (let month = 0; month < 14; month++)
      for (let day = 0; day < 33; day++) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
        const date = new Date(`${text}T00:00:00Z`)
        const isDay = !Number.isNaN(date.getTime()) && date.getUTCDate() === day
        if (isCalendarDate(text) !== isDay) t.fail(`${text} is ${isDay ? 'a day' : 'no day'}`)
      }
  for (const text of ['', '2026-1-01', '2026-01-01T', ' 2026-01-01', '２026-01-01', '+026-01-01'])
    t.equal(isCalendarDate(text), false, text)
})

t.test('the schema states the limits of the plan', async (t) => {
  const { properties } = ComputePowerRequest
  const line = properties.splits.items.properties.work.properties.movements.items.properties
  const stated = [
    [properties.duration_seconds.minimum, properties.duration_seconds.maximum, limits.DURATION_SECONDS],
    [0, properties.splits.items.properties.rest_seconds_after.maximum, limits.REST_SECONDS],
    [line.reps.minimum, line.reps.maximum, limits.REPS],
    [0, properties.user.properties.age_years.maximum, limits.AGE_YEARS],
    [properties.splits.minItems, properties.splits.maxItems, limits.SPLITS],
    [0, properties.splits.items.properties.label.maxLength, limits.SPLIT_LABEL_LENGTH],
    [properties.scenario_label.minLength, properties.scenario_label.maxLength, limits.SCENARIO_LABEL_LENGTH],
    [properties.title.minLength, properties.title.maxLength, limits.TITLE_LENGTH]
  ]
  for (const [min, max, limit] of stated) t.strictSame({ min, max }, limit)
})

t.test('the registry: names, aliases and the public document', async (t) => {
  t.equal(MOVEMENTS.size, vectors('catalogue').movements.length)
  for (const [alias, name] of ALIASES) {
    t.notOk(MOVEMENTS.has(alias) || UNMEASURED.has(alias), alias)
    t.ok(MOVEMENTS.has(name))
  }
  for (const name of UNMEASURED.keys()) t.notOk(MOVEMENTS.has(name), name)
  const document = movementsDocument()
  const validate = ajv.compile(MovementsDocument)
  t.ok(validate(document), JSON.stringify(validate.errors))
  t.strictSame(MovementsDocument.examples[0].stair_climb, document.stair_climb)
  t.match(document.row, { exactly_one_of: ['travel_distance', 'calories'], per: 'distance_or_calorie' })
  t.strictSame(Object.keys(document.row!.supported_overrides), ['reference_power_w'])
  t.match(catalogueDigest(), /^[0-9a-f]{64}$/)
  for (const entry of Object.values(document)) {
    for (const [name, bounds] of Object.entries(entry.supported_overrides)) {
      t.ok(bounds.minimum <= bounds.default && bounds.default < bounds.maximum, name)
    }
  }
})

t.test('every hold is refused, because it does no work', async (t) => {
  const holds = 'plank side_plank hollow_hold arch_hold l_sit wall_sit dead_hang handstand_hold'
  for (const movement of holds.split(' ')) {
    const [problem, ...more] = problemsOf(lines({ movement, reps: 1 }))
    t.equal(more.length, 0)
    t.match(
      problem,
      { code: 'movement_unimplemented', detail: /a hold moves nothing, so it does no work\.$/ },
      movement
    )
  }
})

t.test('one set of units for every distance and load, and limits above the records', async (t) => {
  for (const { name, inputs } of MOVEMENTS.values()) {
    for (const input of inputs) {
      if (input.siUnit === 'kg') t.strictSame([...input.units].sort(), ['g', 'kg', 'lb'], name)
      if (input.name === 'travel_distance') t.strictSame([...input.units].sort(), ['ft', 'km', 'm', 'mi', 'yd'], name)
    }
  }
  // Movement, input and what has been done: the heaviest, the highest, the farthest, the most.
  const records: [string, string, number, string][] = [
    ['deadlift', 'external_load', 510, 'kg'],
    ['back_squat', 'external_load', 595, 'kg'],
    ['bench_press', 'external_load', 636, 'kg'],
    ['farmers_carry', 'external_load', 710, 'kg'],
    ['box_jump', 'box_height', 70.5, 'in'],
    ['rope_climb', 'climb_height', 20, 'm'],
    ['stair_climb', 'elevation_gain', 8849, 'm'],
    ['run', 'travel_distance', 1000, 'mi'],
    ['bike_erg', 'travel_distance', 1000, 'km'],
    ['row', 'calories', 28000, 'kcal']
  ]
  for (const [movement, name, value, unit] of records) {
    const inputs: Json = { [name]: { value, unit } }
    if (movement === 'farmers_carry') inputs.travel_distance = m(1)
    // Several movements in the split, so that no speed is judged.
    const body = request([split(2e6, [{ movement, reps: 1, inputs }, squat])])
    t.strictSame(problemsOf(body), [], `${movement}: ${value} ${unit}`)
  }
  t.strictSame(
    problemsOf(request([split(86400, [{ movement: 'single_under', reps: 168394 }])])),
    [],
    '24 h of skipping'
  )
})

t.test('the schemas take and give their examples', async (t) => {
  t.strictSame(schemaProblems(computePowerExample), [])
  const answer = { workout_id: 'w', revision_id: 'r', ...measured(computePowerExample) }
  const validate = ajv.compile(ComputePowerAnswer)
  t.ok(validate(answer), JSON.stringify(validate.errors))
  t.ok(validate(ComputePowerAnswer.examples[0]), JSON.stringify(validate.errors))
  const text = fastJson(ComputePowerAnswer)(answer)
  t.strictSame(JSON.parse(text), answer)
  t.notOk(/\$ref|anyOf|oneOf/.test(JSON.stringify(ComputePowerAnswer)))
})

t.test('what the bounds say is taken, and the next value outside is not: every input in every unit', async (t) => {
  let sent = 0
  const isRefused = (body: unknown, pointer: string) => problemsOf(body).some((one) => one.pointer === pointer)
  const check = (name: string, pointer: string, bodyOf: (value: number) => unknown) => {
    for (const far of [0, 1e9]) {
      const [problem] = problemsOf(bodyOf(far)).filter((one) => one.pointer === pointer)
      if (problem === undefined) {
        t.equal(far, 0, `${name}: nothing is without end`)
        continue
      }
      const [min, max] = problem.allowed as [number, number]
      const [bound, outside] = far === 0 ? [min, below(min)] : [max, above(max)]
      const isOpen = far === 0 && problem.minimum_is_allowed === false
      t.equal(isRefused(bodyOf(bound), pointer), isOpen, `${name}: ${bound}`)
      t.ok(isRefused(bodyOf(outside), pointer) || outside < 0, `${name}: ${outside}`)
      t.equal(isRefused(bodyOf(isOpen ? above(min) : bound), pointer), false, `${name}: just inside`)
      sent++
    }
  }
  for (const unit of ['m', 'cm', 'in', 'ft'])
    check(`height in ${unit}`, '/user/height/value', (value) => user({ height: { value, unit } }))
  for (const unit of ['kg', 'lb'])
    check(`body mass in ${unit}`, '/user/body_mass/value', (value) => user({ body_mass: { value, unit } }))
  for (const movement of MOVEMENTS.values())
    for (const input of movement.inputs.filter(({ name }) => name !== 'assistance_load'))
      for (const unit of input.units)
        check(`${movement.name}.${input.name} in ${unit}`, `${FIRST}/inputs/${input.name}/value`, (value) => {
          const needed = movement.inputs
            .filter((one) => one.required && one !== input)
            .map((one) => [one.name, { value: Math.max(one.minSi, 1), unit: one.siUnit }])
          const inputs = { ...Object.fromEntries(needed), [input.name]: { value, unit } }
          return request([split(2e6, [{ movement: movement.name, reps: 1, inputs }])])
        })
  t.comment(`${sent} bounds sent back`)
  t.ok(sent > 500)
})

const view = new DataView(new ArrayBuffer(8))
/** The next number of double precision. */
function above(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n))
  return view.getFloat64(0)
}
const below = (value: number) => -above(-value)

t.test('power is judged whatever else is wrong', async (t) => {
  const found = (body: unknown) => problemsOf(body).map((one) => `${one.pointer} ${one.code}`)
  const tooFast = split(5, [{ movement: 'burpee', reps: 60 }])
  const implausible = '/splits/1 power_implausible'
  const misnamed = split(60, [{ movement: 'thrusters', reps: 1 }])
  t.strictSame(found(request([misnamed, tooFast])), ['/splits/0/work/movements/0/movement movement_alias', implausible])
  t.strictSame(found(request([split(60, [squat]), tooFast], { duration_seconds: 9 })), [
    '/duration_seconds times_exceed_duration',
    implausible
  ])
  t.strictSame(found(request([split(60, [squat]), tooFast], { athlete_uuid: 'x', duration_seconds: '65' })), [
    '/athlete_uuid schema',
    '/duration_seconds schema',
    implausible
  ])
  t.strictSame(found(request([split(60, [squat]), tooFast], { evaluation_context: 'completed' })), [
    '/performed_date required_for_context',
    implausible
  ])
  // The session's own time is refused: no power is made of it.
  t.strictSame(found(request([split(60, [squat])], { duration_seconds: 0.01 })), [
    '/duration_seconds times_exceed_duration'
  ])
  // Without the athlete's figures there is no work to judge.
  t.strictSame(found(request([split(60, [squat]), tooFast], { user: { height: m(1.8) } })), ['/user/body_mass schema'])
})

t.test('no bound is below its floor, and few lie far above', async (t) => {
  for (let seconds = 0.001; seconds < 4e6; seconds *= 1.01)
    for (const massKg of [30, 80, 250]) {
      const ratio = powerFloorW(seconds, massKg) / powerBoundW(seconds, massKg)
      if (!(ratio > 0.5 && ratio <= 1)) t.fail(`${seconds} s: ${ratio}`)
    }
})

t.test('times, reps and days at their edges', async (t) => {
  const laps = Array.from({ length: 5 }, () => split(84, [squat]))
  t.strictSame(
    planOf(request(laps, { duration_seconds: 418 })).notes.map(({ code }) => code),
    ['split_times_rounded']
  )
  t.strictSame(planOf(request(laps, { duration_seconds: 420 })).notes, [])
  t.strictSame(problemsOf(request(laps, { duration_seconds: 417.5 })), [])
  t.match(problemsOf(request(laps, { duration_seconds: 417.49 })), [
    { pointer: '/duration_seconds', code: 'times_exceed_duration', allowed: [417.5, 2678400] }
  ])
  const capped = measured(
    request([split(60, [{ movement: 'push_up', reps: 20 }]), split(60, [{ movement: 'ring_muscle_up', reps: 0 }])])
  )
  t.equal(capped.results.splits[1]!.total_work.value, 0)
  t.equal(capped.results.session.active_duration_seconds, 120)
  const idle = measured(lines({ movement: 'row', reps: 0, inputs: { travel_distance: m(200) } }))
  t.equal(idle.results.session.total_work.value, 0)
  t.notOk(idle.notes.some(({ code }) => code === 'erg_reference_power_used'))
  const slow = measured(lines({ movement: 'row', inputs: { calories: { value: 5, unit: 'kcal' } } }))
  t.equal(slow.results.session.total_work.value, 0)
  t.ok(slow.results.session.total_work.uncertainty > 0)
  t.ok(slow.notes.some(({ code }) => code === 'erg_calories_at_rest'))
  for (const body of [
    completed(day(1)),
    completed(day(0)),
    completed('1970-01-01'),
    planned(day(-1)),
    planned('9999-12-31')
  ])
    t.strictSame(problemsOf(body), [])
  const feet = planOf(user({ height: { feet: 5, inches: 10 } }))
  t.ok(Math.abs(feet.heightM - 1.778) < 1e-12)
  t.strictSame(feet.notes, [])
  t.match(planOf(user({ height: { value: 5.1, unit: 'ft' } })).notes, [
    { code: 'height_feet_decimal', message: /5 ft 1.2 in/ }
  ])
  t.strictSame(planOf(user({ height: { value: 6, unit: 'ft' } })).notes, [])
})

t.test('a schema fault inside an object does not hide the rule about it', async (t) => {
  const found = (body: unknown) => problemsOf(body).map((one) => `${one.pointer} ${one.code}`)
  const inputs = (given: Json) => lines({ movement: 'thruster', reps: 1, inputs: { ...load(95), ...given } })
  t.strictSame(found(inputs({ weight: 5 })), [`${FIRST}/inputs/weight input_unknown`])
  t.strictSame(found(inputs({ external_load: { value: 'x', unit: 'm' } })).sort(), [
    `${FIRST}/inputs/external_load/unit unit_not_allowed`,
    `${FIRST}/inputs/external_load/value schema`
  ])
  t.strictSame(found(inputs({ external_load: { value: 9e5, unit: 'kg', x: 1 } })).sort(), [
    `${FIRST}/inputs/external_load/value value_out_of_range`,
    `${FIRST}/inputs/external_load/x schema`
  ])
  t.strictSame(found(thruster({ spec_overrides: { weight: 'x' } })), [
    `${FIRST}/spec_overrides/weight override_unknown`
  ])
  const timed = request([split(60, [squat]), split(60, [squat], { rest_seconds_after: -1 })], { duration_seconds: 50 })
  t.strictSame(found(timed).sort(), ['/duration_seconds times_exceed_duration', '/splits/1/rest_seconds_after schema'])
  const long = request([
    split(
      6000,
      Array.from({ length: 51 }, () => ({ movement: 'thrustre', reps: 1 }))
    )
  ])
  t.equal(found(long).filter((one) => one.endsWith('movement_unknown')).length, 50)
})
