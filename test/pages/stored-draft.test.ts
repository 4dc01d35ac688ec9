import fc from 'fast-check'
import t from 'tap'
import { movementsDocument } from '../../lib/compute/document.ts'
import { tryCatalogue } from '../../lib/docs/try-page.ts'
import { type CatalogueDocument, catalogueOf } from '../../pages/try/model/catalogue.ts'
import { type Draft, EMPTY_DRAFT, EXAMPLE_ATHLETE, type Line, REST } from '../../pages/try/model/draft.ts'
import { expand, type Split } from '../../pages/try/model/expand.ts'
import { storedAthlete, storedDraft } from '../../pages/try/model/stored-draft.ts'
import type { StoredRequest } from '../../pages/try/model/stored-request.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'

const { movements } = JSON.parse(tryCatalogue(movementsDocument())) as CatalogueDocument
const CATALOGUE = catalogueOf(movements)

const { athlete_uuid: _, ...example } = computePowerExample

/** What a revision of a stored workout sends, if nothing is changed in the form. */
function again(request: StoredRequest) {
  const draft = storedDraft(request, CATALOGUE)
  if (draft === undefined) throw new Error('the form has no place for it')
  const { workout, problems } = expand(draft, storedAthlete(request), CATALOGUE)
  return { draft, workout, problems }
}

/** Splits as their meaning: the order of the lines of one split has none, 1 rep of a distance and no rest are defaults. */
function meaning(splits: readonly Split[]) {
  return splits.map(({ label = '', duration_seconds, rest_seconds_after = 0, work }) => ({
    label,
    duration_seconds,
    rest_seconds_after,
    lines: work.movements
      .filter(({ reps }) => reps !== 0)
      .map((line) => JSON.stringify([line.movement, line.reps ?? 1, line.inputs ?? {}, line.spec_overrides ?? {}]))
      .sort()
  }))
}

t.test('the published example comes back with its units', async (t) => {
  const { draft, workout } = again({ ...example, title: 'Half of Fran' })
  t.equal(draft.title, 'Half of Fran')
  t.strictSame(
    draft.lines.map(({ movement, reps, inputs }) => [movement, reps, inputs]),
    [
      ['thruster', '21-15', { external_load: { value: '95', unit: 'lb' } }],
      ['pull_up', '21-15', {}]
    ]
  )
  t.strictSame(meaning(workout!.splits), meaning(example.splits))
  t.strictSame(workout!.user, example.user)
  t.equal(workout!.duration_seconds, example.duration_seconds)
})

t.test('feet and inches become inches; an EMOM is an EMOM; a movement of no catalogue has no place', async (t) => {
  t.strictSame(storedAthlete({ ...example, user: { ...example.user, height: { feet: 5, inches: 10 } } }).height, {
    value: '70',
    unit: 'in'
  })
  const interval = {
    duration_seconds: 40,
    rest_seconds_after: 20,
    work: { movements: [{ movement: 'burpee', reps: 10 }] }
  }
  const emom = { ...example, duration_seconds: 180, splits: [interval, interval, interval] }
  t.match(storedDraft(emom, CATALOGUE), { format: 'emom', interval: '1:00', intervals: '3', working: '0:40' })
  const gone = { ...interval, work: { movements: [{ movement: 'no_such_movement', reps: 1 }] } }
  t.equal(storedDraft({ ...emom, splits: [gone] }, CATALOGUE), undefined)
})

const typedLine = (id: number, movement: string, reps: string, more: Partial<Line> = {}): Line => ({
  id,
  movement,
  reps,
  extra: '',
  inputs: {},
  ...more
})
const run = (id: number, metres: string, extra = '') =>
  typedLine(id, 'run', '', { extra, inputs: { travel_distance: { value: metres, unit: 'm' } } })
const CINDY = [typedLine(1, 'pull_up', '5'), typedLine(2, 'push_up', '10'), typedLine(3, 'air_squat', '15')]
const FRAN = [
  typedLine(1, 'thruster', '21-15-9', { inputs: { external_load: { value: '95', unit: 'lb' } } }),
  typedLine(2, 'pull_up', '21-15-9')
]

/** Every format that the form has, with what can be filled in or left out of it. */
const KINDS: readonly (readonly [name: string, draft: Partial<Draft>])[] = [
  ['a chipper', { time: '18:00', rounds: '1', lines: CINDY }],
  ['rounds', { time: '20:00', rounds: '5', lines: [run(1, '400'), typedLine(2, 'burpee', '15')] }],
  ['rounds with rests', { time: '25:00', rounds: '5', rest: '1:00', lines: [run(1, '400')] }],
  ['a scheme', { time: '4:20', rounds: '3', lines: FRAN }],
  ['a scheme and a run in each round', { time: '9:20', rounds: '3', lines: [...FRAN, run(3, '200')] }],
  ['times of rounds', { time: '4:20', rounds: '3', roundTimes: '1:50 1:30 1:00', lines: FRAN }],
  ['an AMRAP', { format: 'amrap', time: '20:00', rounds: '18', lines: CINDY }],
  [
    'an AMRAP with a part of a round',
    {
      format: 'amrap',
      time: '20:00',
      rounds: '5',
      lines: [{ ...CINDY[0]!, extra: '5' }, { ...CINDY[1]!, extra: '7' }, run(3, '200')]
    }
  ],
  [
    'an AMRAP with a part of a run',
    { format: 'amrap', time: '12:00', rounds: '4', lines: [{ ...CINDY[0]!, extra: '5' }, run(2, '200', '50')] }
  ],
  [
    'an AMRAP with the times of its rounds',
    {
      format: 'amrap',
      time: '8:00',
      rounds: '2',
      roundTimes: '3:00 3:30',
      lines: [{ ...CINDY[0]!, extra: '5' }, CINDY[1]!]
    }
  ],
  [
    'an AMRAP in whole rounds of known times',
    { format: 'amrap', time: '8:00', rounds: '2', roundTimes: '3:00 5:00', lines: CINDY }
  ],
  ['an EMOM', { format: 'emom', interval: '1:00', intervals: '10', working: '0:40', lines: CINDY }],
  ['intervals without a rest', { format: 'emom', interval: '3:00', intervals: '5', working: '3:00', lines: CINDY }],
  [
    'Tabata',
    { format: 'emom', interval: '0:30', intervals: '8', working: '0:20', lines: [typedLine(1, 'burpee', '7')] }
  ],
  ['an EMOM by turns', { format: 'emom', interval: '1:00', intervals: '12', isAlternating: true, lines: CINDY }],
  [
    'an EMOM by turns with one of rest',
    {
      format: 'emom',
      interval: '1:00',
      intervals: '16',
      isAlternating: true,
      lines: [...CINDY, typedLine(4, REST, '')]
    }
  ]
]

t.test('a stored workout opens in the format that it was written in', async (t) => {
  for (const [name, parts] of KINDS) {
    const draft = { ...EMPTY_DRAFT, title: name, ...parts }
    const { workout, problems } = expand(draft, EXAMPLE_ATHLETE, CATALOGUE)
    t.strictSame(problems, [], name)
    const opened = storedDraft({ ...workout!, title: name }, CATALOGUE)
    // Controls of other formats, and the rounds beside a scheme, are not shown.
    const shown = ({ format, time, rounds, roundTimes, rest, interval, intervals, working, ...rest_ }: Draft) =>
      format === 'emom'
        ? { format, interval, intervals, working, ...rest_ }
        : { format, time, rounds, roundTimes, rest, ...rest_ }
    t.strictSame(shown(opened!), shown(draft), name)
  }
})

t.test('a revision of another number of rounds has no label of the old ones', async (t) => {
  const draft: Draft = { ...EMPTY_DRAFT, format: 'amrap', time: '20:00', rounds: '18', lines: CINDY }
  const { workout } = expand(draft, EXAMPLE_ATHLETE, CATALOGUE)
  t.equal(workout!.splits[0]!.label, 'AMRAP: 18 rounds')
  const opened = storedDraft(workout!, CATALOGUE)!
  t.equal(expand({ ...opened, rounds: '17' }, EXAMPLE_ATHLETE, CATALOGUE).workout!.splits[0]!.label, 'AMRAP: 17 rounds')
})

const seconds = fc.oneof(
  fc.integer({ min: 1, max: 4000 }),
  fc.integer({ min: 1, max: 9999 }).map((tenths) => tenths / 10)
)
const line = fc.oneof(
  fc.record({ movement: fc.constantFrom('pull_up', 'burpee'), reps: fc.integer({ min: 1, max: 50 }) }),
  fc.record({
    movement: fc.constantFrom('thruster', 'deadlift'),
    reps: fc.integer({ min: 1, max: 50 }),
    inputs: fc.record({
      external_load: fc.record({ value: fc.constantFrom(43.5, 95, 135), unit: fc.constantFrom('kg', 'lb') })
    })
  }),
  fc.record(
    {
      movement: fc.constantFrom('run', 'row'),
      reps: fc.integer({ min: 1, max: 3 }),
      inputs: fc.record({ travel_distance: fc.record({ value: fc.constantFrom(200, 400), unit: fc.constant('m') }) })
    },
    { requiredKeys: ['movement', 'inputs'] }
  ),
  fc.record({
    movement: fc.constant('thruster'),
    reps: fc.integer({ min: 1, max: 9 }),
    inputs: fc.constant({ external_load: { value: 20, unit: 'kg' } }),
    spec_overrides: fc.constant({ height_coefficient: 0.4 })
  })
)
const split = fc.record(
  {
    label: fc.constantFrom(
      'Round 1',
      'Heavy',
      'Sprint',
      '2 rounds',
      'AMRAP: 2 rounds and a part',
      'Interval 1',
      'Interval 2'
    ),
    duration_seconds: seconds,
    rest_seconds_after: fc.constantFrom(0, 30, 90.5),
    work: fc.record({ movements: fc.array(line, { minLength: 1, maxLength: 4 }) })
  },
  { requiredKeys: ['duration_seconds', 'work'] }
)

t.test('any stored workout expands into what was stored', async (t) => {
  fc.assert(
    fc.property(fc.array(split, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 60 }), (splits, spare) => {
      const total = splits.reduce((sum, one) => sum + one.duration_seconds + (one.rest_seconds_after ?? 0), spare)
      const { workout, problems } = again({ ...example, duration_seconds: total, splits: splits as Split[] })
      t.strictSame(problems, [])
      const isSame = JSON.stringify(meaning(workout!.splits)) === JSON.stringify(meaning(splits as Split[]))
      return isSame && workout!.duration_seconds === total
    }),
    { numRuns: 300 }
  )
})
