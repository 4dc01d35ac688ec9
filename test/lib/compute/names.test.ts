import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { ALIASES, MOVEMENTS } from '../../../lib/compute/catalogue.ts'
import { AMBIGUOUS_NAMES, EVERYDAY_NAMES } from '../../../lib/compute/names/everyday-names.ts'
import { findName } from '../../../lib/compute/names/find-name.ts'
import { movementProblem } from '../../../lib/compute/names/movement-problem.ts'
import { compactKey, wordsOf } from '../../../lib/compute/names/name-key.ts'
import { UNMEASURED } from '../../../lib/compute/names/unmeasured.ts'

const vectors = JSON.parse(readFileSync(new URL('../../vectors/names.json', import.meta.url), 'utf8'))

/** Every name of the tables with what it belongs to. */
function* tableNames(): Generator<[name: string, owner: string]> {
  for (const name of MOVEMENTS.keys()) yield [name, name]
  for (const [alias, name] of ALIASES) yield [alias, name]
  for (const [name, others] of Object.entries(EVERYDAY_NAMES))
    for (const other of others.split(', ')) yield [other, name]
  for (const [name, { names }] of UNMEASURED) for (const one of [name, ...names]) yield [one, name]
  for (const [others, names] of Object.entries(AMBIGUOUS_NAMES))
    for (const other of others.split(', ')) yield [other, names.join(' or ')]
}

t.test('no name belongs to two movements, as written and in canonical form', async (t) => {
  const forms: [form: string, keyOf: (name: string) => string][] = [
    ['written', compactKey],
    ['by words', (name) => (name.length <= 3 ? compactKey(name) : wordsOf(name).join(''))],
    ['in any order', (name) => (name.length <= 3 ? compactKey(name) : wordsOf(name).sort().join(' '))]
  ]
  for (const [form, keyOf] of forms) {
    const owners = new Map<string, string>()
    for (const [name, owner] of tableNames()) {
      const known = owners.get(keyOf(name))
      // Most people mean the Russian swing by this, so that it is no plural of the registry name.
      if (form !== 'written' && /^kb swings?$/.test(name)) continue
      if (known !== undefined && known !== owner) t.fail(`${form}: ${name} is of ${known} and of ${owner}`)
      owners.set(keyOf(name), owner)
    }
    t.ok(owners.size > 700, `${form}: ${owners.size} names`)
  }
})

t.test('every name belongs to something that there is', async (t) => {
  for (const name of Object.keys(EVERYDAY_NAMES)) t.ok(MOVEMENTS.has(name), name)
  for (const names of Object.values(AMBIGUOUS_NAMES)) for (const name of names) t.ok(MOVEMENTS.has(name), name)
  for (const [name, { reason, nearest }] of UNMEASURED) {
    t.notOk(MOVEMENTS.has(name), name)
    t.not(reason, '', name)
    for (const one of nearest) t.ok(MOVEMENTS.has(one), one)
  }
})

t.test('everyday names', async (t) => {
  for (const [wanted, names] of Object.entries<string[]>(vectors.alias)) {
    for (const name of names) t.match(findName(name), { kind: 'alias', nearest: [wanted] }, name)
  }
  for (const [name, wanted] of Object.entries<string[]>(vectors.ambiguous)) {
    const { kind, nearest } = findName(name)
    t.not(kind, 'alias', name)
    t.strictSame([...nearest].sort(), wanted.slice(0, 3).sort(), name)
  }
  for (const name of vectors.unmeasured) t.equal(findName(name).kind, 'unmeasured', name)
  for (const name of vectors.near_nothing) t.match(findName(name), { kind: 'unknown', nearest: [] }, name)
})

t.test('the share of reported names that find the movement among three', async (t) => {
  const reported = Object.entries<string>(vectors.reported)
  const places = reported.map(([name, wanted]) => findName(name).nearest.indexOf(wanted))
  const share = (found: number[]) => found.length / reported.length
  const among = share(places.filter((place) => place >= 0))
  t.comment(`first: ${share(places.filter((place) => place === 0)).toFixed(3)}, among three: ${among.toFixed(3)}`)
  reported.forEach(([name], index) => {
    if (places[index] === -1) t.comment(`not found: ${name}`)
  })
  t.ok(among >= 0.95, `${among}`)
})

t.test('forms that no table holds', async (t) => {
  const cases: [name: string, ...nearest: string[]][] = [
    ['Pull-Ups', 'pull_up'],
    ['PULL UP', 'pull_up'],
    ['pullups (strict)', 'pull_up'],
    ['kipping pullup', 'pull_up'],
    ['400m run', 'run'],
    ['21 kbs', 'kettlebell_swing'],
    ['15/12 cal row', 'row'],
    ['Row, 500m', 'row'],
    ['24in box jumps', 'box_jump'],
    ['20 lb wall-balls', 'wall_ball'],
    ['press, bench', 'bench_press'],
    ['farmer’s walk', 'farmers_carry'],
    ['C&J', 'clean_and_jerk'],
    ['100 double-unders', 'double_under'],
    ['toes 2 bar', 'toes_to_bar'],
    ['heavy deadlifts', 'deadlift'],
    ['deadlfit', 'deadlift'],
    ['brupee', 'burpee'],
    ['thrustre', 'thruster'],
    ['rwo', 'row'],
    ['kettelbell swings', 'kettlebell_swing'],
    ['dumbell snatches', 'dumbbell_snatch'],
    ['snatch', 'power_snatch', 'squat_snatch'],
    ['clean', 'power_clean', 'squat_clean']
  ]
  for (const [name, ...nearest] of cases) t.strictSame(findName(name).nearest.slice(0, nearest.length), nearest, name)
  t.match(findName('weighted planks'), { kind: 'unmeasured' })
})

t.test('a way to do a movement leaves it the same movement, abbreviated too', async (t) => {
  for (const style of ['butterfly', 'kipping', 'strict', 'heavy', 'unbroken', 'tng'])
    for (const [name, others] of Object.entries(EVERYDAY_NAMES))
      for (const short of others.split(', ').filter(({ length }) => length <= 4)) {
        const own = findName(`${style} ${short}`)
        t.match(own, { kind: 'alias', nearest: [name] }, `${style} ${short}`)
      }
  t.match(findName('butterfly c2b'), { kind: 'alias', nearest: ['chest_to_bar_pull_up'] })
  t.match(findName('kipping butterfly CTBs'), { nearest: ['chest_to_bar_pull_up'] })
  t.match(findName('butterfly'), { nearest: ['pull_up'] })
  t.match(findName('butterfly sit ups'), { nearest: ['ab_mat_sit_up'] }, 'a name of its own')
  t.match(findName('one more t2b'), { kind: 'unknown', nearest: ['toes_to_bar'] })
})

t.test('the problem of each kind of name', async (t) => {
  t.equal(movementProblem('pull_up'), undefined)
  t.match(movementProblem('pullups'), {
    code: 'movement_alias',
    nearest: ['pull_up'],
    detail: /another name of pull_up/
  })
  t.match(movementProblem('snatch'), { code: 'movement_ambiguous', detail: /power_snatch, squat_snatch/ })
  t.match(movementProblem('plank'), { code: 'movement_unimplemented', detail: /no work|work is zero/ })
  t.match(
    movementProblem('stairmaster'),
    { code: 'movement_unknown', nearest: ['stair_climb'] },
    'near, but not the same'
  )
  t.strictSame(movementProblem('yoga')?.nearest, [])
})

t.test('any text: at most three registry names, each once, and the same again', async (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 200 })), (name) => {
      const { nearest } = findName(name)
      const again = findName(name)
      return (
        nearest.length <= 3 &&
        new Set(nearest).size === nearest.length &&
        nearest.every((one) => MOVEMENTS.has(one)) &&
        again.nearest.join() === nearest.join()
      )
    }),
    { numRuns: 1000 }
  )
  t.equal(findName('x'.repeat(1e6)).nearest.length, 0)
})
