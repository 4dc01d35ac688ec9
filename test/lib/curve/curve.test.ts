import { Ajv } from 'ajv'
import fastJsonStringify from 'fast-json-stringify'
import t from 'tap'
import { fitCriticalPower } from '../../../lib/curve/critical-power.ts'
import { curveAnswer, POINTS_LIMIT } from '../../../lib/curve/curve-answer.ts'
import { curveQueryProblems } from '../../../lib/curve/curve-query.ts'
import { figuresOf } from '../../../lib/curve/figures.ts'
import { modalityOf } from '../../../lib/curve/modality.ts'
import { samplesOf } from '../../../lib/curve/sample.ts'
import { powerSigmaOf } from '../../../lib/curve/sigma-sum.ts'
import { computePowerExample } from '../../../schemas/compute-power.ts'
import { CurveAnswer, CurveQuery, curveNoteCodes } from '../../../schemas/curve.ts'
import { curveAnswerExample } from '../../../schemas/curve-example.ts'
import { NAMING_KEYWORDS } from '../../../schemas/naming.ts'
import { load, measured, request, split as requestSplit } from '../compute/helpers.ts'
import { answerTo, apart, effort, frontOfAll, historyOf, isAnswer, QUERY, split, TODAY, workout } from './helpers.ts'

t.test('samples are the session, each split and each run with its rests', async (t) => {
  const figures = workout(
    'w',
    [split(10, 1000, 'gymnastics', 5), split(20, 3000, 'gymnastics', 7), split(30, 6000, 'cardiovascular', 9)],
    '2026-06-01',
    100
  )
  t.same(
    samplesOf(figures).map(({ kind, first, last, durationSeconds, workJ, powerW, modality }) => [
      kind,
      first,
      last,
      durationSeconds,
      workJ,
      powerW,
      modality
    ]),
    [
      ['session', 0, 2, 181, 10000, 10000 / 181, 'mixed'],
      ['split', 0, 0, 10, 1000, 100, 'gymnastics'],
      ['run', 0, 1, 35, 4000, 4000 / 35, 'gymnastics'],
      ['run', 0, 2, 72, 10000, 10000 / 72, 'mixed'],
      ['split', 1, 1, 20, 3000, 150, 'gymnastics'],
      ['run', 1, 2, 57, 9000, 9000 / 57, 'mixed'],
      ['split', 2, 2, 30, 6000, 200, 'cardiovascular']
    ]
  )
  t.equal(samplesOf(workout('w', Array(200).fill(split(1, 1)))).length, 200 + 19_900 + 1)
})

t.test('movements have a modality, and a mix has none', async (t) => {
  t.equal(modalityOf(['thruster', 'sled_push', 'goblet_squat']), 'weightlifting')
  t.equal(modalityOf(['pull_up', 'burpee']), 'gymnastics')
  t.equal(modalityOf(['row', 'double_under', 'run']), 'cardiovascular')
  t.equal(modalityOf(['thruster', 'pull_up']), 'mixed')
  t.equal(modalityOf(['no_such_movement']), 'mixed')
})

t.test('figures come from an answer in any units, and sigmas agree with the engine', async (t) => {
  const thrusters = (reps: number) => ({ movement: 'thruster', reps, inputs: load(95) })
  const splits = [
    requestSplit(60, [thrusters(21), { movement: 'pull_up', reps: 21 }], { rest_seconds_after: 30 }),
    requestSplit(45, [thrusters(15)]),
    requestSplit(40, [{ movement: 'row', inputs: { calories: { value: 15, unit: 'kcal' } } }, thrusters(9)])
  ]
  const body = (some: typeof splits, more = {}) => request(some, { duration_seconds: 300, ...more })
  const figures = figuresOf('w', '2026-06-01', measured(body(splits)))
  t.equal(figures.session.durationSeconds, 300)
  t.same(
    figures.splits.map(({ activeSeconds, restAfterSeconds, modality }) => [activeSeconds, restAfterSeconds, modality]),
    [
      [60, 30, 'mixed'],
      [45, 0, 'weightlifting'],
      [40, 0, 'mixed']
    ]
  )
  t.same(JSON.parse(JSON.stringify(figures)), figures, 'they are plain JSON')
  for (const sample of samplesOf(figures)) {
    // The engine's own result for some splits: a session of those alone.
    const { session } = measured(body(splits.slice(sample.first, sample.last + 1))).results
    t.ok(apart(sample.workJ, session.total_work.value) < 1e-12)
    // Splits share the athlete's height and mass: over several of them a sum by movement is close, not exact.
    const tolerance = sample.kind === 'run' ? 0.01 : 1e-12
    t.ok(apart(powerSigmaOf(sample) * sample.durationSeconds, session.total_work.uncertainty) < tolerance)
  }
  const other = figuresOf('w', '2026-06-01', measured(body(splits, { response_units: { work: 'kcal', power: 'hp' } })))
  t.ok(apart(other.session.workJ, figures.session.workJ) < 1e-12)
  t.ok(apart(other.splits[2]!.sigmasJ.row!, figures.splits[2]!.sigmasJ.row!) < 1e-12)
})

t.test('for different loads of one movement, sigma is an upper bound', async (t) => {
  const at = (pounds: number) => requestSplit(60, [{ movement: 'deadlift', reps: 10, inputs: load(pounds) }])
  const evaluation = measured(request([at(45), at(405)]))
  const run = samplesOf(figuresOf('w', '2026-06-01', evaluation)).find(({ kind }) => kind === 'run')!
  const exact = evaluation.results.session.total_work.uncertainty
  const found = powerSigmaOf(run) * run.durationSeconds
  t.ok(found > exact && found < 1.1 * exact, `${found} for ${exact}`)
})

t.test('critical power: line, standard errors, uncertainty', async (t) => {
  // 250 W and 10 kJ; residuals of 100, -200 and 100 J are orthogonal to the line.
  const three = [effort(200, 60_100 / 200), effort(400, 109_800 / 400), effort(600, 160_100 / 600)]
  const { critical_power: fit, critical_power_reason } = answerTo(three)
  t.equal(critical_power_reason, null)
  t.ok(apart(fit!.cp.value, 250) < 1e-12 && apart(fit!.w_prime.value, 10_000) < 1e-12)
  t.ok(apart(fit!.cp.standard_error!, Math.sqrt(60_000 / 80_000)) < 1e-9)
  t.ok(apart(fit!.w_prime.standard_error!, Math.sqrt(60_000 * (1 / 3 + 400 ** 2 / 80_000))) < 1e-9)
  t.ok(apart(fit!.cp.uncertainty, 10) < 1e-9 && apart(fit!.w_prime.uncertainty, 400) < 1e-9, '4 % of one movement')
  t.equal(fit!.effort_count, 3)
  t.same(fit!.warnings, [])

  const two = answerTo([effort(180, 300, 'gymnastics'), effort(400, 250, 'cardiovascular')]).critical_power!
  t.equal(two.cp.standard_error, null)
  t.same(
    two.warnings.map(({ code }) => code),
    ['two_efforts', 'mixed_modality', 'no_long_effort']
  )
})

t.test('critical power is null with a reason if there is no fit', async (t) => {
  const reasonOf = (...workouts: ReturnType<typeof effort>[]) => {
    const { critical_power, critical_power_reason } = answerTo(workouts)
    return critical_power === null ? critical_power_reason?.code : 'fitted'
  }
  t.equal(reasonOf(), 'too_few_efforts')
  t.equal(reasonOf(effort(300, 300)), 'too_few_efforts')
  t.equal(reasonOf(effort(119, 400), effort(900, 300)), 'too_few_efforts', 'one is shorter than two minutes')
  t.equal(reasonOf(effort(120, 400), effort(1801, 300)), 'too_few_efforts', 'one is longer than thirty minutes')
  t.equal(reasonOf(effort(120, 400), effort(1800, 300)), 'fitted', 'both bounds are included')
  t.equal(reasonOf(effort(300, 300), effort(599, 280)), 'efforts_too_alike')
  t.equal(reasonOf(effort(300, 300), effort(600, 280)), 'fitted')
  t.equal(reasonOf(effort(300, 300), effort(600, 150)), 'too_few_efforts', 'one is under the envelope')
  const rounds = workout('w', Array(10).fill(split(100, 30_000, 'gymnastics', 60)))
  t.equal(reasonOf(rounds), 'too_few_efforts', 'runs of the same rounds are no separate efforts')
  const test = workout('w', [split(180, 63_000, 'gymnastics', 1800), split(720, 200_000, 'gymnastics')])
  t.equal(reasonOf(test), 'fitted', 'two splits of one workout are')
  const within = workout('w', [split(150, 60_000), split(450, 130_000)])
  t.same(
    answerTo([within, effort(1500, 200)]).critical_power!.efforts.map(({ duration_seconds }) => duration_seconds),
    [600, 1500],
    'of two that overlap, the one that holds the envelope longer'
  )
  const found = fitCriticalPower(frontOfAll([effort(150, 400), effort(160, 398), effort(1000, 300)]))
  t.equal(found.ok && found.fit.efforts.length, 3)
})

t.test('each modality has its own curve, and the score needs all three', async (t) => {
  const lift = effort(100, 300, 'weightlifting')
  const pull = effort(200, 200, 'gymnastics')
  const row = effort(1000, 250, 'cardiovascular')
  const mixed = effort(100, 1000, 'mixed')
  const few = answerTo([lift, pull, mixed])
  t.equal(few.fitness_score, null)
  t.equal(few.modality_curves.cardiovascular.workout_count, 0)
  t.equal(few.modality_curves.cardiovascular.work_capacity_auc.value, 0)
  t.equal(few.envelope_points[0]!.average_power.value, 1000)
  t.equal(few.modality_curves.weightlifting.envelope_points[0]!.average_power.value, 300)

  const { modality_curves: curves, fitness_score: score } = answerTo([lift, pull, row, mixed])
  const areas = Object.values(curves).map((curve) => curve.work_capacity_auc)
  const product = areas.reduce((so, { value }) => so * value, 1)
  t.ok(apart(score!.value, Math.cbrt(product)) < 1e-12)
  t.same([score!.unit, score!.from_seconds, score!.to_seconds], ['J', 10, 3600])
  // Three independent movements of 4 % each.
  t.ok(apart(score!.uncertainty, (0.04 * score!.value) / Math.sqrt(3)) < 1e-9)
  for (const { value, uncertainty } of areas) t.ok(apart(uncertainty, 0.04 * value) < 1e-9)

  const session = workout('w', [split(50, 100, 'gymnastics'), split(50, 100, 'gymnastics')])
  t.equal(answerTo([session]).modality_curves.gymnastics.envelope_points.at(-1)!.kind, 'session')
})

t.test('the coverage matrix counts workouts and shows the best', async (t) => {
  const answer = answerTo([
    effort(119, 300, 'gymnastics', '2026-05-01'),
    effort(60, 310, 'gymnastics', '2026-03-01'),
    effort(120, 300, 'gymnastics', '2026-04-01'),
    effort(900, 100, 'gymnastics', '2026-04-02'),
    effort(60, 0, 'cardiovascular'),
    effort(60, 500, 'mixed')
  ])
  const { short, medium, long } = answer.coverage_matrix.gymnastics
  t.same([short.workout_count, medium.workout_count, long.workout_count], [2, 1, 1])
  t.same(
    [short.best!.duration_seconds, short.best!.average_power.value, short.last_performed_date],
    [60, 310, '2026-05-01']
  )
  t.equal(medium.best!.duration_seconds, 120)
  t.same(answer.coverage_matrix.cardiovascular.short, { workout_count: 0, best: null, last_performed_date: null })
})

t.test('trends compare the last 90 days with the 90 before', async (t) => {
  const { domain_trends } = answerTo([])
  t.same(domain_trends.recent, { from: '2026-04-02', to: '2026-07-01' })
  t.same(domain_trends.previous, { from: '2026-01-02', to: '2026-04-01' })
  const trendOf = (workouts: ReturnType<typeof effort>[], modality = 'all', query = {}) =>
    answerTo(workouts, query).domain_trends.trends.find(
      (trend) => trend.modality === modality && trend.time_domain === 'short'
    )!
  const days = ['2026-01-01', '2026-01-02', '2026-04-01', '2026-04-02', '2026-07-01', '2026-07-02']
  const on = (day: string) => [effort(60, 100, 'gymnastics', day)]
  t.same(
    days.map((day) => [trendOf(on(day)).previous !== null, trendOf(on(day)).recent !== null]),
    [
      [false, false],
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [false, false]
    ]
  )
  const both = [effort(60, 100, 'gymnastics', '2026-03-01'), effort(60, 110, 'gymnastics', '2026-06-01')]
  for (const modality of ['all', 'gymnastics']) {
    const { recent, previous, change } = trendOf(both, modality, { performed_to: '2026-05-01' })
    t.same([recent!.best.average_power.value, previous!.best.average_power.value], [110, 100])
    t.ok(apart(change!.value, 0.1) < 1e-9)
    t.ok(change!.uncertainty < 1e-12, 'one movement in both: its error cancels')
  }
  t.equal(trendOf(both, 'cardiovascular').change, null)
  // A sprint of higher power does not raise the short domain.
  const sprint = [effort(110, 300, 'gymnastics', '2026-03-01'), effort(20, 400, 'gymnastics', '2026-06-01')]
  t.ok(trendOf(sprint).change!.value < 0)
})

t.test('points are the samples of the envelope, then those of the newest workouts', async (t) => {
  const strongest = effort(60, 1000, 'gymnastics', '2020-01-01')
  const many = Array.from({ length: POINTS_LIMIT + 5 }, (_, index) =>
    effort(60 + index / 1e4, 300, 'gymnastics', `2026-0${1 + Math.floor(index / 200)}-01`)
  )
  const answer = answerTo([strongest, ...many])
  t.equal(answer.points.length, POINTS_LIMIT)
  t.equal(answer.sample_count, 2 * (POINTS_LIMIT + 6))
  t.same(
    answer.points.filter(({ on_envelope }) => on_envelope).map(({ workout_id }) => workout_id),
    [strongest.workoutId]
  )
  t.match(answer.notes.find(({ code }) => code === 'points_left_out')?.message, /^6 samples/)
  const listed = answer.points.map(({ performed_date }) => performed_date)
  t.equal(listed.filter((date) => date === '2026-01-01').length, 194, 'the oldest are left out')

  const one = answerTo([workout('w', [split(60, 6000), split(60, 3000)])])
  t.same(
    one.points.map(({ kind, duration_seconds }) => [kind, duration_seconds]),
    [
      ['split', 60],
      ['session', 120]
    ]
  )
  t.equal(one.sample_count, 4)
})

t.test('parameters: defaults, bounds, and rules beyond the schema', async (t) => {
  const validate = new Ajv({
    coerceTypes: true,
    useDefaults: true,
    allErrors: true,
    formats: { date: true },
    keywords: NAMING_KEYWORDS
  }).compile(CurveQuery)
  const read = (query: Record<string, unknown>) =>
    validate(query) ? curveQueryProblems(query as CurveQuery).map(({ pointer, code }) => [pointer, code]) : 'refused'
  const none: Record<string, unknown> = {}
  t.same(read(none), [])
  t.same(none, { from_seconds: 10, to_seconds: 3600, format: 'json' })
  t.same(read({ from_seconds: '60', to_seconds: '61', performed_from: '2026-01-01', performed_to: '2026-01-01' }), [])
  t.same(read({ from_seconds: '60', to_seconds: '60' }), [['query:from_seconds', 'window_empty']])
  t.same(read({ performed_from: '2026-02-30', performed_to: '2026-13-01', to_seconds: '5' }), [
    ['query:from_seconds', 'window_empty'],
    ['query:performed_from', 'date_invalid'],
    ['query:performed_to', 'date_invalid']
  ])
  t.same(read({ performed_from: '2026-02-02', performed_to: '2026-02-01' }), [
    ['query:performed_from', 'dates_reversed']
  ])
  for (const query of [{ from_seconds: '0.5' }, { to_seconds: '1e9' }, { format: 'png' }, { performed_to: '1' }]) {
    t.equal(read(query), 'refused')
  }
})

t.test('the answer matches its schema, and its example matches the library', async (t) => {
  t.ok(isAnswer(curveAnswerExample), JSON.stringify(isAnswer.errors))
  const body = { ...computePowerExample }
  const id = curveAnswerExample.points[0]!.workout_id
  const history = historyOf([figuresOf(id, body.performed_date, measured(body))])
  const { notes, ...found } = curveAnswer(history, QUERY, '2026-01-20')
  const { notes: someNotes, ...wanted } = curveAnswerExample
  const rounded = JSON.parse(JSON.stringify(found), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value
  )
  t.same(rounded, wanted)
  for (const note of someNotes) t.ok(notes.some((one) => one.code === note.code && one.message === note.message))
  t.ok(notes.every(({ code }) => curveNoteCodes.includes(code)))

  const full = answerTo([effort(100, 300), effort(300, 280, 'gymnastics'), effort(900, 250, 'cardiovascular')])
  t.ok(full.fitness_score !== null && full.critical_power !== null)
  t.ok(isAnswer(full), JSON.stringify(isAnswer.errors))
  t.same(JSON.parse(fastJsonStringify(CurveAnswer)(full)), full, 'the writer made from the schema loses nothing')
})

t.test('a history replaces and removes workouts', async (t) => {
  const history = historyOf([effort(60, 100)])
  const { workoutId } = effort(60, 100)
  history.set({ ...effort(60, 300), workoutId, performedDate: '2024-02-29' })
  t.equal(history.size, 1)
  const { points } = curveAnswer(history, QUERY, TODAY)
  t.same(
    points.map(({ average_power, performed_date }) => [average_power.value, performed_date]),
    [[300, '2024-02-29']]
  )
  t.equal(history.remove(workoutId), true)
  t.equal(history.remove(workoutId), false)
  t.same(curveAnswer(history, QUERY, TODAY), answerTo([]))
})
