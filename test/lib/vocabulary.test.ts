import t from 'tap'
import { EVERYDAY_WORDS } from '../../lib/vocabulary/everyday-words.ts'
import { nearestWords } from '../../lib/vocabulary/nearest-words.ts'

const MASS = ['kg', 'g', 'lb']
const DISTANCE = ['m', 'km', 'mi', 'ft', 'yd']
const HEIGHT = ['m', 'cm', 'in', 'ft']
const CONTEXTS = ['completed', 'planned', 'hypothetical']
const FIELDS = ['athlete_uuid', 'evaluation_context', 'performed_date', 'planned_for_date', 'duration_seconds', 'user']
const USER = ['height', 'body_mass', 'age_years', 'sex']
const INPUTS = ['external_load', 'vest_load', 'assistance_load']

const CASES: [given: string, vocabulary: string[], ...nearest: string[]][] = [
  ['lbs', MASS, 'lb'],
  ['Pounds', MASS, 'lb'],
  ['#', MASS, 'lb'],
  ['KG', MASS, 'kg'],
  ['kilograms', MASS, 'kg'],
  ['stone', MASS],
  ['m', MASS],
  ['lbs', DISTANCE],
  ['metres', DISTANCE, 'm'],
  ['miles', DISTANCE, 'mi'],
  ['min', DISTANCE],
  ['s', DISTANCE],
  ['inches', HEIGHT, 'in'],
  ['"', HEIGHT, 'in'],
  ['feet', HEIGHT, 'ft'],
  ["'", HEIGHT, 'ft'],
  ['cal', ['kcal'], 'kcal'],
  ['joules', ['J', 'kJ', 'kcal', 'ft_lbf'], 'J'],
  ['ft-lbs', ['J', 'kJ', 'kcal', 'ft_lbf'], 'ft_lbf'],
  ['Watts', ['W', 'kW', 'hp'], 'W'],
  ['complete', CONTEXTS, 'completed'],
  ['done', CONTEXTS, 'completed'],
  ['hypotetical', CONTEXTS, 'hypothetical'],
  ['x', CONTEXTS],
  ['m', ['female', 'male'], 'male'],
  ['woman', ['female', 'male'], 'female'],
  ['duration', FIELDS, 'duration_seconds'],
  ['date', FIELDS, 'performed_date', 'planned_for_date'],
  ['athleteUuid', FIELDS, 'athlete_uuid'],
  ['weight', USER, 'body_mass'],
  ['weight', INPUTS, 'external_load', 'vest_load'],
  ['load', INPUTS, 'vest_load', 'external_load', 'assistance_load'],
  ['toString', FIELDS],
  ['__proto__', FIELDS],
  ['', FIELDS],
  ['x'.repeat(1e6), FIELDS]
]

t.test('what a word that is not in a closed vocabulary was meant for', async (t) => {
  for (const [given, vocabulary, ...nearest] of CASES)
    t.strictSame(nearestWords(given, vocabulary), nearest, given.slice(0, 40))
})

t.test('no everyday form is listed twice for a word', async (t) => {
  for (const [word, others] of Object.entries(EVERYDAY_WORDS)) {
    const forms = others.split(', ')
    t.equal(new Set(forms).size, forms.length, word)
    t.notOk(forms.includes(word), word)
  }
})
