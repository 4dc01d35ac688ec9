/** Whiteboards as they hang in a gym, read whole: the form that they fill, and that the service computes it. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { movementsDocument } from '../../lib/compute/document.ts'
import { tryCatalogue } from '../../lib/docs/try-page.ts'
import { type CatalogueDocument, catalogueOf } from '../../pages/try/model/catalogue.ts'
import { type Draft, EMPTY_DRAFT, EXAMPLE_ATHLETE, type Line } from '../../pages/try/model/draft.ts'
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
  t.ok(BOARDS.length >= 100, `${BOARDS.length} whiteboards`)
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
  t.ok(bought >= 80)
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
