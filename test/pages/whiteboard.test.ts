import t from 'tap'
import { movementsDocument } from '../../lib/compute/document.ts'
import { tryCatalogue } from '../../lib/docs/try-page.ts'
import { type CatalogueDocument, catalogueOf } from '../../pages/try/model/catalogue.ts'
import { type Draft, EMPTY_DRAFT, EXAMPLE_ATHLETE, EXAMPLE_DRAFT } from '../../pages/try/model/draft.ts'
import { expand, fieldAt } from '../../pages/try/model/expand.ts'
import { lineFor } from '../../pages/try/model/line-for.ts'
import { MovementSearch } from '../../pages/try/model/movement-search.ts'
import { clockText, parseTime } from '../../pages/try/model/time.ts'
import { readWhiteboard } from '../../pages/try/model/whiteboard.ts'
import { readLine } from '../../pages/try/model/whiteboard-line.ts'
import { ask, startApp } from '../support/purchase.ts'

const MOVEMENTS = JSON.parse(tryCatalogue(movementsDocument())) as CatalogueDocument
const CATALOGUE = catalogueOf(MOVEMENTS.movements)
const SEARCH = new MovementSearch(MOVEMENTS)

t.test('search: what people write finds what they mean', async (t) => {
  const cases: [string, string][] = [
    ['thrusters', 'thruster'],
    ['T2B', 'toes_to_bar'],
    ['pull-ups', 'pull_up'],
    ['chin up', 'pull_up'],
    ['DU', 'double_under'],
    ['KBS', 'kettlebell_swing'],
    ['wall balls', 'wall_ball'],
    ['C&J', 'clean_and_jerk'],
    ['squats', 'air_squat'],
    ['thru', 'thruster'],
    ['burp', 'burpee']
  ]
  for (const [written, expected] of cases) t.equal(SEARCH.find(written)[0]?.name, expected, written)
  t.strictSame(SEARCH.find('zzz'), [])
})

t.test('a line: repetitions, amounts with their units, and the name that is left', async (t) => {
  const lb = (value: string) => ({ value, unit: 'lb' })
  t.match(readLine('21-15-9 thrusters 95/65 lb'), { name: 'thrusters', reps: '21-15-9', amounts: [lb('95')] })
  t.match(readLine('15 wall balls (20 lb)'), { name: 'wall balls', reps: '15', amounts: [lb('20')] })
  t.match(readLine('400m run'), { name: 'run', reps: '', amounts: [{ value: '400', unit: 'm' }] })
  t.match(readLine('20 cal row'), { name: 'row', reps: '', amounts: [{ value: '20', unit: 'kcal' }] })
  t.match(readLine('30 box jumps 24in'), { name: 'box jumps', reps: '30', amounts: [{ value: '24', unit: 'in' }] })
  t.match(lineFor(CATALOGUE.get('box_jump')!, readLine('30 box jumps 24in'), 1), {
    reps: '30',
    inputs: { box_height: { value: '24', unit: 'in' } }
  })
})

t.test('times', async (t) => {
  const cases: [string, number | undefined][] = [
    ['4:30', 270],
    ['1:02:03', 3723],
    ['270', 270],
    ['20 min', 1200],
    ['90s', 90],
    ['soon', undefined],
    ['', undefined]
  ]
  for (const [text, seconds] of cases) t.equal(parseTime(text), seconds, text)
  t.equal(clockText(270), '4:30')
})

const splitsOf = (draft: Draft) => {
  const { workout, problems } = expand(draft, EXAMPLE_ATHLETE, CATALOGUE)
  if (workout === undefined) throw new Error(JSON.stringify(problems))
  return workout
}
const whiteboard = (text: string): Draft => {
  const { draft, unread } = readWhiteboard(text, SEARCH)
  t.strictSame(unread, [], text)
  return draft
}

t.test('for time: a split for each round that has a time, else one for all of them', async (t) => {
  const { splits, duration_seconds } = splitsOf(EXAMPLE_DRAFT)
  t.strictSame([duration_seconds, ...splits.map((split) => split.duration_seconds)], [260, 110, 90, 60])
  t.strictSame(
    splits.map(({ work }) => work.movements[0]!.reps),
    [21, 15, 9]
  )
  const whole = splitsOf({ ...EXAMPLE_DRAFT, roundTimes: '' })
  t.strictSame(
    whole.splits.map(({ work }) => work.movements.map(({ reps }) => reps)),
    [[45, 45]]
  )
  const rested = splitsOf({ ...whiteboard('5 rounds for time\n400 m run\n15 OHS 95 lb'), time: '20:00', rest: '1:00' })
  t.match(rested.splits, [{ duration_seconds: 960, rest_seconds_after: 240 }])
  t.match(rested.splits[0]!.work.movements, [
    { movement: 'run', reps: 5, inputs: { travel_distance: { value: 400, unit: 'm' } } },
    { movement: 'overhead_squat', reps: 75 }
  ])
})

t.test('AMRAP: whole rounds, and what was done of one', async (t) => {
  const draft = { ...whiteboard('AMRAP 20 min\n5 pull-ups\n10 push-ups\n200 m run'), rounds: '7' }
  t.equal(draft.time, '20:00')
  const lines = draft.lines.with(0, { ...draft.lines[0]!, extra: '3' }).with(2, { ...draft.lines[2]!, extra: '50' })
  const { splits } = splitsOf({ ...draft, lines })
  t.strictSame(splits.length, 1)
  t.match(splits[0]!.work.movements, [
    { movement: 'pull_up', reps: 35 },
    { movement: 'push_up', reps: 70 },
    { movement: 'run', reps: 7, inputs: { travel_distance: { value: 200 } } },
    { movement: 'pull_up', reps: 3 },
    { movement: 'run', inputs: { travel_distance: { value: 50 } } }
  ])
})

t.test('EMOM: a split and a rest for each interval, by turns where they alternate', async (t) => {
  const draft = { ...whiteboard('EMOM 10\n12 kb swings 24 kg\n10 burpees'), working: '0:35' }
  const all = splitsOf(draft)
  t.strictSame([all.duration_seconds, all.splits.length, all.splits[0]!.rest_seconds_after], [600, 10, 25])
  const turns = splitsOf({ ...draft, isAlternating: true })
  t.strictSame(
    turns.splits.slice(0, 3).map(({ work }) => work.movements.map(({ movement }) => movement)),
    [['kettlebell_swing'], ['burpee'], ['kettlebell_swing']]
  )
})

t.test('what is missing is said at its control', async (t) => {
  const fields = (draft: Draft) => expand(draft, EXAMPLE_ATHLETE, CATALOGUE).problems.map(({ field }) => field)
  t.strictSame(fields(EMPTY_DRAFT), ['add', 'time'])
  t.strictSame(fields({ ...EXAMPLE_DRAFT, roundTimes: '1:00 2:00' }), ['roundTimes'])
  t.strictSame(
    fields({ ...EXAMPLE_DRAFT, lines: [{ ...EXAMPLE_DRAFT.lines[0]!, reps: 'many' }] }).includes('line:1:reps'),
    true
  )
  const { places } = expand(EXAMPLE_DRAFT, EXAMPLE_ATHLETE, CATALOGUE)
  t.equal(fieldAt(places, '/splits/2/work/movements/0/inputs/external_load/value'), 'line:1:external_load')
  t.equal(fieldAt(places, '/splits/1/work/movements/1'), 'line:2')
  t.equal(fieldAt(places, '/user/height'), 'height')
})

t.test('every input of every movement has its control for a problem', async (t) => {
  for (const { name: movement, inputs } of CATALOGUE.values()) {
    const lines = [{ id: 7, movement, reps: '5', extra: '', inputs: {} }]
    const { places } = expand({ ...EMPTY_DRAFT, time: '5:00', lines }, EXAMPLE_ATHLETE, CATALOGUE)
    for (const { name } of inputs)
      t.equal(
        fieldAt(places, `/splits/0/work/movements/0/inputs/${name}/value`),
        `line:7:${name}`,
        `${movement} ${name}`
      )
  }
})

t.test('what the form makes is what the service computes', async (t) => {
  const app = await startApp(t)
  const drafts = [
    EXAMPLE_DRAFT,
    { ...whiteboard('AMRAP 12\n5 pull-ups\n10 push-ups\n15 squats'), rounds: '8' },
    { ...whiteboard('EMOM 10\n12 kb swings 24 kg\n10 burpees'), isAlternating: true }
  ]
  for (const draft of drafts) {
    const body = { athlete_uuid: crypto.randomUUID(), evaluation_context: 'hypothetical', ...splitsOf(draft) }
    const answer = await ask(app, body)
    t.equal(answer.statusCode, 402, answer.body.slice(0, 300))
  }
})
