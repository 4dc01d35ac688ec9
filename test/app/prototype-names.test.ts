import t from 'tap'
import { computePowerExample } from '../../schemas/compute-power.ts'
import { RevisionRequest, VoidRequest } from '../../schemas/workouts.ts'
import { ask, isProblem, startApp, workout } from '../support/purchase.ts'

/** Members that change a prototype where a program copies them carelessly. */
const NAMES: readonly (readonly [name: string, value: unknown])[] = [
  ['__proto__', { polluted: true }],
  ['__proto__', null],
  ['constructor', { prototype: { polluted: true } }],
  ['prototype', { polluted: true }]
]

const BODIES: readonly (readonly [url: string, body: object])[] = [
  ['/v1/compute-power', computePowerExample],
  ['/v1/validate', computePowerExample],
  ['/v1/workouts/w-1/revisions', RevisionRequest.examples[0]],
  ['/v1/workouts/w-1/void', VoidRequest.examples[0]],
  ['/dev/lightning/pay', { invoice: 'lnbcrt1' }]
]

t.test('a name of a prototype is an unknown field at its place, in every object of every body', async (t) => {
  const app = await startApp(t)
  let places = 0
  for (const [url, body] of BODIES)
    for (const [name, value] of NAMES)
      for (const place of objectsOf(body)) {
        const pointer = `${place.map((key) => `/${key}`).join('')}/${name}`
        const answer = await ask(app, withMember(body, place, name, value), undefined, { url })
        // A null for a name of the client's choice is read as absent, like every null for an optional member.
        if (value === null && isMap(place)) {
          t.notMatch(answer.json().errors ?? [], [{ pointer }], `${url} ${pointer}`)
          continue
        }
        places++
        t.equal(answer.statusCode, 422, `${url} ${pointer}`)
        isProblem(t, answer, pointer)
        const { detail, errors } = answer.json()
        const found = errors.find((problem: { pointer: string }) => problem.pointer.startsWith(pointer))
        t.match(
          found,
          { code: isMap(place) ? /^(input|override)_unknown$|^type_wrong$|^field_/ : 'field_unknown' },
          detail
        )
      }
  t.ok(places > 100, `${places} places`)
  t.equal(({} as { polluted?: boolean }).polluted, undefined)
})

t.test('of a name that is misspelt as well, nothing is hidden', async (t) => {
  const app = await startApp(t)
  const text = JSON.stringify(workout({ duration_seconds: '180' })).replace('{', '{"__proto__":1,')
  const { code, errors } = (await ask(app, text)).json()
  t.equal(code, 'workout_invalid')
  t.match(errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`).sort(), [
    '/__proto__ field_unknown',
    '/duration_seconds type_wrong'
  ])
})

/** The path of every object in a value. */
function* objectsOf(value: unknown, path: string[] = []): Generator<string[]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield path
  for (const [key, member] of Object.entries(value)) yield* objectsOf(member, [...path, key])
}

/** Whether the client chooses the names at this place. */
function isMap(place: readonly string[]): boolean {
  return place.at(-1) === 'inputs' || place.at(-1) === 'spec_overrides'
}

/** The body as text, with one more member, which is its own: an assignment would set the prototype. */
function withMember(body: object, place: readonly string[], name: string, value: unknown): string {
  const copy = structuredClone(body)
  const holder = place.reduce<object>((at, key) => (at as Record<string, object>)[key]!, copy)
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true })
  return JSON.stringify(copy)
}
