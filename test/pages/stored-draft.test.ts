import fc from 'fast-check'
import t from 'tap'
import { movementsDocument } from '../../lib/compute/document.ts'
import { tryCatalogue } from '../../lib/docs/try-page.ts'
import { type CatalogueMovement, catalogueOf } from '../../pages/try/model/catalogue.ts'
import { expand, type Split } from '../../pages/try/model/expand.ts'
import { type StoredRequest, storedAthlete, storedDraft } from '../../pages/try/model/stored-draft.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'

const CATALOGUE = catalogueOf(JSON.parse(tryCatalogue(movementsDocument())) as CatalogueMovement[])

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
    label: fc.constantFrom('Round 1', 'Heavy', 'Sprint'),
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
