/** Whiteboards as they hang in a gym, read whole: the form that they fill, and that the service computes it. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { movementsDocument } from '../../lib/compute/document.ts'
import { tryCatalogue } from '../../lib/docs/try-page.ts'
import { type CatalogueDocument, catalogueOf } from '../../pages/try/model/catalogue.ts'
import { type Draft, EMPTY_DRAFT, EXAMPLE_ATHLETE, type Line, REST } from '../../pages/try/model/draft.ts'
import { expand } from '../../pages/try/model/expand.ts'
import { MovementSearch } from '../../pages/try/model/movement-search.ts'
import { readWhiteboard } from '../../pages/try/model/whiteboard.ts'
import { ask, startApp } from '../support/purchase.ts'

const MOVEMENTS = JSON.parse(tryCatalogue(movementsDocument())) as CatalogueDocument
const CATALOGUE = catalogueOf(MOVEMENTS.movements)
const SEARCH = new MovementSearch(MOVEMENTS)

/** `21-15-9 thruster 95 lb +3`: reps, movement, amounts, what was done of an unfinished round. */
function lineText({ reps, movement, inputs, extra }: Line): string {
  const amounts = Object.entries(inputs).map(([name, { value, unit }]) =>
    [USUAL.has(name) ? '' : `${name} `, value, ' ', unit].join('')
  )
  return [reps, movement, ...amounts, extra && `+${extra}`].filter(Boolean).join(' ')
}

const USUAL = new Set(['external_load', 'travel_distance', 'calories'])

interface Board {
  readonly text: readonly string[]
  readonly draft: Partial<Draft>
  readonly lines: readonly string[]
  readonly remarks?: readonly string[]
  readonly unread?: readonly string[]
}

const BOARDS: readonly Board[] = JSON.parse(
  readFileSync(new URL('../vectors/whiteboards.json', import.meta.url), 'utf8')
)

t.test('benchmarks and gym whiteboards are read whole, or say at the line why not', async (t) => {
  const app = await startApp(t)
  t.ok(BOARDS.length >= 130, `${BOARDS.length} whiteboards`)
  let bought = 0
  for (const { text, draft: expected, lines, remarks = [], unread: reasons = [] } of BOARDS) {
    const name = text.join(' | ')
    const { draft, unread } = readWhiteboard(text.join('\n'), SEARCH, EXAMPLE_ATHLETE.bodyMass)
    t.match(draft, { ...EMPTY_DRAFT, ...expected }, name)
    t.strictSame(draft.lines.map(lineText), lines, name)
    t.strictSame(
      draft.lines.flatMap(({ remark }) => remark ?? []),
      remarks,
      name
    )
    t.strictSame(
      unread.map(({ row, reason }) => `${row}: ${reason}`),
      reasons,
      name
    )
    const { workout } = expand(draft, EXAMPLE_ATHLETE, CATALOGUE)
    if (workout === undefined) continue
    const body = { athlete_uuid: crypto.randomUUID(), evaluation_context: 'hypothetical', ...workout }
    const answer = await ask(app, body)
    if (answer.statusCode === 402) bought++
    else
      t.match(
        answer.json().errors[0],
        { code: /^(?:reps_required|input_required|inputs_exactly_one|split_of_its_own)/ },
        `${name}: ${answer.body.slice(0, 300)}`
      )
  }
  t.comment(`${bought} of ${BOARDS.length} whiteboards can be bought as they are read`)
  t.ok(bought >= 110)
})

t.test('what cannot be read comes back as it was written', async (t) => {
  const { draft, unread } = readWhiteboard('10 burpees\n12 flying pigs\nthen have lunch', SEARCH)
  t.strictSame(draft.lines.map(lineText), ['10 burpee'])
  const reason = 'no movement has this name.'
  t.strictSame(unread, [
    { row: '12 flying pigs', reason },
    { row: 'have lunch', reason }
  ])
})

t.test('a row without an end comes back, and the others are read', async (t) => {
  const { draft, unread } = readWhiteboard(`${'12, '.repeat(1000)}\n10 burpees`, SEARCH)
  t.strictSame(draft.lines.map(lineText), ['10 burpee'])
  t.match(unread, [{ reason: 'it is too long: write a line for each movement.' }])
})

t.test('any text is read without an error, and every line has a movement and an id of its own', async () => {
  const words = fc.constantFrom(
    ...['21-15-9', '5x5', '@', '24/20', '(95/65)', 'lb', 'kg', '"', "'", 'amrap', 'emom', 'E2MOM', 'tabata', 'rest'],
    ...[
      '1:30',
      'every',
      '3 rounds',
      'for time',
      '+',
      ',',
      '/',
      '&',
      'and',
      'run',
      '400m',
      'squats',
      'c2b',
      'BW',
      '1.5x'
    ],
    ...[
      'buy in',
      'cash out',
      'then',
      '2x24kg',
      '1 min',
      'on',
      'off',
      '100-110-120 kg',
      '8/8',
      'each side',
      '%',
      ':',
      '-'
    ],
    ...['18+7', '185 reps', 'vest', 'plank', 'bike', 'max', '0', '99999999999999999999']
  )
  const row = fc.array(fc.oneof({ weight: 9, arbitrary: words }, fc.string({ unit: 'grapheme' })), { maxLength: 9 })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 9 }), (rows) => {
      const text = rows.map((parts) => parts.join(' ')).join('\n')
      const { draft, unread } = readWhiteboard(text, SEARCH, EXAMPLE_ATHLETE.bodyMass)
      const ids = draft.lines.map(({ id }) => id)
      expand(draft, EXAMPLE_ATHLETE, CATALOGUE)
      return (
        new Set(ids).size === ids.length &&
        draft.lines.every(({ movement }) => movement === REST || CATALOGUE.has(movement)) &&
        unread.every(({ row, reason }) => row !== '' && reason.endsWith('.'))
      )
    }),
    { numRuns: 1000 }
  )
})
