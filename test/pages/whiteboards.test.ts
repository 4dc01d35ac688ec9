/** Whiteboards as they hang in a gym, read whole: the form that they fill, and that the service computes it. */
import t from 'tap'
import { movementsDocument } from '../../lib/compute/document.ts'
import { tryCatalogue } from '../../lib/docs/try-page.ts'
import { type CatalogueMovement, catalogueOf } from '../../pages/try/model/catalogue.ts'
import { type Draft, EXAMPLE_ATHLETE, type Line } from '../../pages/try/model/draft.ts'
import { expand } from '../../pages/try/model/expand.ts'
import { MovementSearch } from '../../pages/try/model/movement-search.ts'
import { readWhiteboard } from '../../pages/try/model/whiteboard.ts'
import { ask, startApp } from '../support/purchase.ts'

const CATALOGUE = catalogueOf(JSON.parse(tryCatalogue(movementsDocument())) as CatalogueMovement[])
const SEARCH = new MovementSearch(CATALOGUE)

/** `21-15-9 thruster 95 lb +3`: reps, movement, amounts, what was done of an unfinished round. */
function lineText({ reps, movement, inputs, extra }: Line): string {
  const amounts = Object.values(inputs).map(({ value, unit }) => `${value} ${unit}`)
  return [reps, movement, ...amounts, extra && `+${extra}`].filter(Boolean).join(' ')
}

type Board = readonly [text: string, draft: Partial<Draft>, lines: readonly string[]]

const FRAN = ['21-15-9 thruster 95 lb', '21-15-9 pull_up']
const CINDY = ['5 pull_up +5', '10 push_up +2', '15 air_squat']

const BOARDS: readonly Board[] = [
  ['Fran\n21-15-9\nThrusters 95/65 lb\nPull-ups\nTime: 4:20', { title: 'Fran', rounds: '3', time: '4:20' }, FRAN],
  ['FRAN\n21-15-9 reps for time of:\nThrusters (95/65)\nPull-ups\n4:20 Rx', { title: 'FRAN', rounds: '3' }, FRAN],
  [
    'Cindy\n20 min AMRAP\n5 pull-ups\n10 push-ups\n15 air squats\nScore: 18 rounds + 7 reps',
    { title: 'Cindy', format: 'amrap', rounds: '18', time: '20:00' },
    CINDY
  ],
  ['AMRAP 20: 5 pull-ups, 10 push-ups, 15 air squats\n18+7', { format: 'amrap', rounds: '18', time: '20:00' }, CINDY],
  [
    'AMRAP in 12 minutes of\n10 cal row\n200m run\n10 KBS (53/35)\n4 + 12',
    { format: 'amrap', rounds: '4', time: '12:00' },
    ['row 10 kcal +10', 'run 200 m +200', '10 kettlebell_swing 53 lb +1']
  ],
  [
    'EMOM 10\n3 power cleans @ 135\n6 burpees',
    { format: 'emom', interval: '1:00', intervals: '10', isAlternating: false },
    ['3 power_clean 135 lb', '6 burpee']
  ],
  [
    'EMOM 12 min\nOdd: 12 cal row\nEven: 10 burpees',
    { format: 'emom', intervals: '12', isAlternating: true },
    ['row 12 kcal', '10 burpee']
  ],
  [
    'Every 2:00 for 10:00\n5 deadlifts 225#\n10 box jumps 24"',
    { format: 'emom', interval: '2:00', intervals: '5' },
    ['5 deadlift 225 lb', '10 box_jump 24 in']
  ],
  [
    'Every 90 s x 8 sets\n2 power snatches 60 kg',
    { format: 'emom', interval: '1:30', intervals: '8' },
    ['2 power_snatch 60 kg']
  ],
  [
    'Back squat 5x5 @ 225 lb\nRest 3:00\nTime 15:00',
    { format: 'for_time', rounds: '5', rest: '3:00', time: '15:00' },
    ['5 back_squat 225 lb']
  ],
  [
    '5 x 5 back squats (225/155)\nrest 2 min between sets\n14:00',
    { rounds: '5', rest: '2:00', time: '14:00' },
    ['5 back_squat 225 lb']
  ],
  ['3 rounds for time\n500 m row\n400 m run\n12:30', { rounds: '3', time: '12:30' }, ['row 500 m', 'run 400 m']],
  [
    'Murph\n1 mile run\n100 pull-ups\n200 push-ups\n300 squats\n1 mile run\n20 lb vest\n42:00',
    { title: 'Murph', time: '42:00' },
    ['run 1 mi 20 lb', '100 pull_up 20 lb', '200 push_up 20 lb', '300 air_squat 20 lb', 'run 1 mi 20 lb']
  ],
  ['Grace\n30 clean and jerks for time 135 lb\n2:45', { title: 'Grace' }, ['30 clean_and_jerk 135 lb']]
]

t.test('whiteboards are read whole, and can be bought as they are', async (t) => {
  const app = await startApp(t)
  for (const [text, expected, lines] of BOARDS) {
    const { draft, unread } = readWhiteboard(text, SEARCH)
    t.strictSame(unread, [], text)
    t.match(draft, expected, text)
    t.strictSame(draft.lines.map(lineText), lines, text)
    const { workout, problems } = expand(draft, EXAMPLE_ATHLETE, CATALOGUE)
    t.strictSame(problems, [], text)
    const body = { athlete_uuid: crypto.randomUUID(), evaluation_context: 'hypothetical', ...workout }
    const answer = await ask(app, body)
    t.equal(answer.statusCode, 402, `${text}: ${answer.body.slice(0, 300)}`)
  }
})

t.test('what cannot be read comes back as it was written', async (t) => {
  const { draft, unread } = readWhiteboard('10 burpees\n12 flying pigs\nthen have lunch', SEARCH)
  t.strictSame(draft.lines.map(lineText), ['10 burpee'])
  t.strictSame(unread, ['12 flying pigs', 'then have lunch'])
})
