import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { removeAbsent } from '../../lib/json/absent-members.ts'
import { ComputePowerRequest } from '../../schemas/compute-power.ts'
import { problemsOf } from '../lib/compute/helpers.ts'
import { ask, challengeOf, hypothetical, isProblem, PATH, startApp, workout } from '../support/purchase.ts'

type Change = (body: Body) => unknown
type Body = Record<string, unknown> & { user: Record<string, unknown>; splits: Split[] }
type Split = Record<string, unknown> & { work: { movements: Record<string, unknown>[] } }

/** The example with something done to it. */
function changed(change: Change): unknown {
  const body = structuredClone(workout()) as Body
  change(body)
  return body
}

const line = (more: Record<string, unknown>) =>
  changed(({ splits }) => Object.assign(splits[0]!.work.movements[0]!, more))

const FIRST = '/splits/0/work/movements/0'

/** Refused before anything is read: status and code. */
const UNREAD: [name: string, text: string, status: number, code: string][] = [
  ['malformed JSON', '{"athlete_uuid":', 400, 'json_malformed'],
  ['two documents', '{}{}', 400, 'json_malformed'],
  ['not a number', '{"duration_seconds":NaN}', 400, 'json_malformed'],
  ['an empty body', '', 400, 'json_malformed'],
  ['too large', JSON.stringify('x'.repeat(262_144)), 413, 'body_too_large']
]

const top = (more: Record<string, unknown>) => changed((body) => Object.assign(body, more))
const user = (more: Record<string, unknown>) => changed((body) => Object.assign(body.user, more))
const load = (value: unknown, unit: string) => line({ inputs: { external_load: { value, unit } } })

/** Read and found wrong: every problem with its place. */
const WRONG: [name: string, body: unknown, ...problems: string[]][] = [
  ['null', null, ' type_wrong'],
  ['a list', [], ' type_wrong'],
  ['a field is missing', top({ user: undefined }), '/user field_required'],
  ['an unknown field', top({ revision: 2 }), '/revision field_unknown'],
  ['a number as a string', top({ duration_seconds: '180' }), '/duration_seconds type_wrong'],
  ['reps as a string', line({ reps: '21' }), `${FIRST}/reps type_wrong`],
  ['a truth as a number', line({ reps: true }), `${FIRST}/reps type_wrong`],
  ['half a rep', line({ reps: 1.5 }), `${FIRST}/reps type_wrong`],
  ['fewer than no reps', line({ reps: -1 }), `${FIRST}/reps out_of_range`],
  ['a load in metres', load(95, 'm'), `${FIRST}/inputs/external_load/unit unit_not_allowed`],
  ['a load in stones', load(9, 'stone'), `${FIRST}/inputs/external_load/unit value_not_allowed`],
  ['a load as a string', load('95', 'lb'), `${FIRST}/inputs/external_load/value type_wrong`],
  ['a load too heavy', load(501, 'kg'), `${FIRST}/inputs/external_load/value value_out_of_range`],
  [
    'an input too few and one too many',
    line({ inputs: { box_height: { value: 1, unit: 'm' } } }),
    `${FIRST}/inputs/box_height input_unknown`,
    `${FIRST}/inputs/external_load input_required`
  ],
  [
    'an override past its bound',
    line({ spec_overrides: { height_coefficient: 9 } }),
    `${FIRST}/spec_overrides/height_coefficient override_out_of_range`
  ],
  ['no such override', line({ spec_overrides: { gravity: 9 } }), `${FIRST}/spec_overrides/gravity override_unknown`],
  ['more time than there was', top({ duration_seconds: 130 }), '/duration_seconds times_exceed_duration'],
  ['too tall', user({ height: { value: 9, unit: 'ft' } }), '/user/height/value value_out_of_range'],
  ['30 February', top({ performed_date: '2026-02-30' }), '/performed_date date_invalid'],
  ['a thought with a date', hypothetical({ performed_date: '2026-02-20' }), '/performed_date forbidden_for_context'],
  ['no such movement', line({ movement: 'thrustre' }), `${FIRST}/movement movement_unknown`],
  ['an alias', line({ movement: 'Thrusters' }), `${FIRST}/movement movement_alias`],
  ['a name of two', line({ movement: 'clean' }), `${FIRST}/movement movement_ambiguous`],
  ['not measured', line({ movement: 'plank' }), `${FIRST}/movement movement_unimplemented`],
  [
    'all kinds at once',
    changed((body) => {
      Object.assign(body, { athlete_uuid: 'me', duration_seconds: 10, extra: 1 })
      Object.assign(body.user, { sex: 'x' })
      Object.assign(body.splits[0]!.work.movements[0]!, { movement: 'thrustre' })
      Object.assign(body.splits[1]!.work.movements[1]!, { spec_overrides: { x: 1 } })
    }),
    '/athlete_uuid format_wrong',
    '/duration_seconds times_exceed_duration',
    '/extra field_unknown',
    `${FIRST}/movement movement_unknown`,
    '/splits/1/work/movements/1/spec_overrides/x override_unknown',
    '/user/sex value_not_allowed'
  ]
]

t.test('problems are reported free of charge, each with its place', async (t) => {
  const app = await startApp(t, { CHALLENGES_PER_MINUTE: '1' })
  for (const [name, text, status, code] of UNREAD) {
    const answer = await ask(app, text)
    t.equal(answer.statusCode, status, name)
    isProblem(t, answer, name)
    t.equal(answer.json().code, code, name)
  }
  for (const [name, body, ...problems] of WRONG) {
    const answer = await ask(app, body)
    const names = problems.length === 1 && problems[0]!.includes(' movement_')
    t.equal(answer.statusCode, names ? 400 : 422, name)
    isProblem(t, answer, name)
    const { code, errors } = answer.json()
    t.equal(code, names ? problems[0]!.split(' ')[1] : 'workout_invalid', name)
    const reported = errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`)
    t.strictSame(reported.sort(), problems, name)
  }
  const misspelt = (await ask(app, line({ movement: 'thrustre' }))).json().errors[0]
  t.match(misspelt, { given: 'thrustre', nearest: ['thruster'] })
  for (const mediaType of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'x']) {
    const answer = await ask(app, workout(), undefined, { headers: { 'content-type': mediaType } })
    t.equal(answer.statusCode, 415, mediaType)
    isProblem(t, answer, mediaType)
  }
  const agent = await ask(app, workout(), undefined, { headers: { 'x-poweroracle-agent': 'x'.repeat(201) } })
  t.equal(agent.statusCode, 422)
  isProblem(t, agent, 'a header')
  t.match(agent.json().errors, [{ pointer: 'header:x-poweroracle-agent', code: 'length_wrong' }])
  t.equal(agent.json().code, 'validation_failed')
  t.ok(challengeOf(await ask(app, workout())), 'the one challenge of this minute is still there')
})

t.test('what is allowed is what would be taken, in the unit that was sent', async (t) => {
  const app = await startApp(t)
  const reported = async (body: unknown) => (await ask(app, body)).json().errors[0]
  t.match(await reported(load(95, 'stone')), { code: 'value_not_allowed', allowed: ['kg', 'g', 'lb'] })
  t.match(await reported(load(95, 'm')), { code: 'unit_not_allowed', allowed: ['kg', 'g', 'lb'] })
  t.match(await reported(user({ height: { value: 70, unit: 'cm' } })), { given: 70, allowed: [120, 230] })
  t.match(await reported(load(9500, 'lb')), { given: 9500, allowed: [0, 1102.31131092] })
  t.match(await reported(load(-1, 'lb')), { given: -1, allowed: [0, 1102.31131092] })
  t.match(await reported(top({ performed_date: '2026-1-1' })), { detail: /as 2026-02-28/ })
  t.match(await reported(changed(({ splits }) => splits.push(7 as never))), {
    detail: '`splits[2]` must be an object.'
  })
  const endless = JSON.stringify(workout()).replace('"duration_seconds":180', '"duration_seconds":1e400')
  t.notOk('given' in (await reported(endless)), 'what JSON cannot repeat is not repeated')
})

t.test('more problems than a response lists: it says so, with the same codes', async (t) => {
  const app = await startApp(t)
  const names = (count: number, length = 1) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${'x'.repeat(length)}${n}`, 1]))
  const detailOf = async (body: unknown) => {
    const { detail, errors } = (await ask(app, body)).json()
    return [detail, errors.length, errors.at(-1).code, errors.at(-1).detail]
  }
  const few = { ...names(1, 300), sex: 'x' }
  t.match(await detailOf(top(few)), ['The workout has 2 problems; see errors.', 2, 'field_unknown'])
  t.strictSame(await detailOf(top(names(500))), [
    'The workout has 500 problems; see errors.',
    100,
    'problems_truncated',
    '401 more problems are not listed.'
  ])
  t.strictSame(await detailOf(top(names(15_000))), [
    'The workout has at least 1000 problems; see errors.',
    100,
    'problems_truncated',
    '901 or more problems are not listed.'
  ])
  const large = top({ ...names(20_500), sex: 'x' })
  Object.assign((large as Body).user, { sex: 'x' })
  delete (large as Record<string, unknown>).duration_seconds
  const { detail, errors } = (await ask(app, large)).json()
  t.match(detail, /at least \d+ problems/)
  t.equal(errors.at(-1).code, 'problems_truncated')
  const codes = Object.fromEntries(errors.map(({ pointer, code }: Record<string, string>) => [pointer, code]))
  t.match(codes, { '/duration_seconds': 'field_required', '/user/sex': 'value_not_allowed' })
})

t.test('bytes that are no UTF-8, and bodies that are packed, are refused', async (t) => {
  const app = await startApp(t)
  const text = JSON.stringify(hypothetical({ scenario_label: 'caf#' }))
  const bytes = (letter: number[]) =>
    Buffer.concat([Buffer.from(text.split('#')[0]!), Buffer.from(letter), Buffer.from(text.split('#')[1]!)])
  const send = (payload: Buffer, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: PATH, payload, headers: { 'content-type': 'application/json', ...headers } })
  t.equal((await send(bytes([0xc3, 0xa9]))).statusCode, 402)
  for (const wrong of [[0xe9], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xff]]) {
    const answer = await send(bytes(wrong))
    t.strictSame([answer.statusCode, answer.json().detail], [400, 'The body is not valid UTF-8.'])
    isProblem(t, answer, 'bytes')
  }
  for (const encoding of ['gzip', 'br', 'identity, gzip']) {
    const answer = await send(gzipSync(text), { 'content-encoding': encoding })
    t.strictSame([answer.statusCode, answer.json().code], [415, 'encoding_unsupported'], encoding)
    isProblem(t, answer, encoding)
  }
  t.equal((await send(Buffer.from(text), { 'content-encoding': 'Identity' })).statusCode, 402)
  const large = await ask(app, JSON.stringify('x'.repeat(262_144)))
  t.equal(large.json().detail, 'The body is larger than 262144 bytes.')
})

t.test('of two equal keys the last counts, for the price and for the answer', async (t) => {
  const app = await startApp(t)
  const text = JSON.stringify(workout())
  const [, rest] = [text[0], text.slice(1)]
  const offered = challengeOf(await ask(app, text))
  t.strictSame(challengeOf(await ask(app, `{"duration_seconds":200,${rest}`)), offered)
  t.equal((await ask(app, `{"duration_seconds":"200",${rest}`)).statusCode, 402)
  t.equal((await ask(app, text.replace(/}$/, ',"duration_seconds":1}'))).statusCode, 422)
})

t.test('hostile documents are refused at once', async (t) => {
  const app = await startApp(t)
  const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)
  const text = JSON.stringify(workout())
  const many = (item: string, count: number) => `[${Array.from({ length: count }).fill(item).join()}]`
  const documents: [string, string][] = [
    ['lists in lists', deep('[', ']', 100_000)],
    ['objects in objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['deep inside a workout', text.replace('"reps":21', `"reps":${deep('[', ']', 100_000)}`)],
    ['deep inputs', text.replace('"inputs":{}', `"inputs":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`)],
    ['60,000 wrong splits', text.replace(/"splits":.*}$/, `"splits":${many('1', 60_000)}}`)],
    ['60,000 empty lines', text.replace(/"movements":\[[^\]]*\]/, `"movements":${many('{}', 60_000)}`)],
    ['19,000 wrong lines', text.replace(/"movements":\[[^\]]*\]/, `"movements":${many('0', 19_000)}`)],
    ['20,000 unknown fields', `{${Array.from({ length: 20_000 }, (_, n) => `"f${n}":1`).join()}}`],
    ['a long name', text.replace('thruster', 'x'.repeat(200_000))],
    ['a long number', text.replace('180', '1'.repeat(200_000))],
    ['escapes', `"${'\\u0000'.repeat(40_000)}"`]
  ]
  for (const [name, document] of documents) {
    const began = performance.now()
    const answer = await ask(app, document)
    t.comment(`${name}: ${(performance.now() - began).toFixed(1)} ms`)
    t.ok([400, 413, 415, 422].includes(answer.statusCode), `${name}: ${answer.statusCode}`)
    isProblem(t, answer, name)
    t.ok(answer.body.length < 50_000, `${name}: the answer has ${answer.body.length} bytes`)
  }
})

t.test('every part of a request is read, whichever is wrong first', async (t) => {
  const app = await startApp(t)
  const headers = { 'x-poweroracle-agent': 'x'.repeat(201), 'idempotency-key': 'y'.repeat(256) }
  const inHeaders = ['header:x-poweroracle-agent', 'header:idempotency-key']
  const { athlete_uuid: _, ...anonymous } = workout({ duration_seconds: '180' })
  const bad = line({ movement: 'thrusters' })
  const cases: [name: string, body: unknown, more: InjectOptions, ...pointers: string[]][] = [
    ['headers and schema', anonymous, { headers }, '/athlete_uuid', '/duration_seconds', ...inHeaders],
    ['headers and a name', bad, { headers }, ...inHeaders, `${FIRST}/movement`],
    [
      'headers, schema and a name of a revision',
      { ...(bad as object), supersedes_revision_id: 5 },
      { url: '/v1/workouts/w-1/revisions', headers },
      '/supersedes_revision_id',
      ...inHeaders,
      `${FIRST}/movement`
    ]
  ]
  for (const [name, body, more, ...pointers] of cases) {
    const answer = await ask(app, body, undefined, more)
    t.equal(answer.statusCode, 422, name)
    isProblem(t, answer, name)
    t.equal(answer.json().code, 'validation_failed', name)
    t.strictSame(
      answer.json().errors.map(({ pointer }: { pointer: string }) => pointer),
      pointers,
      name
    )
  }
})

t.test('the day of a revision is checked like the day of a workout, for free', async (t) => {
  const app = await startApp(t)
  const url = '/v1/workouts/w-1/revisions'
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const cases: [date: unknown, code: string][] = [
    [day(2), 'date_out_of_range'],
    ['1969-12-31', 'date_out_of_range'],
    ['2026-02-30', 'date_invalid'],
    ['2025-02-29', 'date_invalid'],
    ['15/01/2026', 'format_wrong'],
    ['2026-1-5', 'format_wrong'],
    ['2026-01-15T10:00:00Z', 'format_wrong'],
    [20260115, 'type_wrong'],
    [undefined, 'field_required']
  ]
  const revision = (more: Record<string, unknown>) => ({ ...workout(), supersedes_revision_id: 'r-1', ...more })
  const codeOf = async (body: unknown) => {
    const answer = await ask(app, body, undefined, { url })
    return [answer.statusCode, ...(answer.json().errors ?? []).map((one: { code: string }) => one.code)]
  }
  for (const [date, code] of cases)
    t.strictSame(await codeOf(revision({ performed_date: date })), [422, code], String(date))
  // A day either way is left to time zones; then the athlete's workout is looked for.
  for (const date of [day(1), day(0), '1970-01-01', '2024-02-29'])
    t.strictSame(await codeOf(revision({ performed_date: date })), [404], date)
  t.strictSame(await codeOf(revision({ planned_for_date: day(1) })), [422, 'field_unknown', 'forbidden_for_context'])
})

t.test('any JSON, and any change of a valid body: a 402 exactly where it would compute', async (t) => {
  const app = await startApp(t)
  const seen: Record<number, number> = {}
  const judge = async (body: unknown) => {
    const text = JSON.stringify(body)
    const answer = await ask(app, text)
    seen[answer.statusCode] = (seen[answer.statusCode] ?? 0) + 1
    if (![400, 402, 413, 415, 422].includes(answer.statusCode)) throw new Error(`${answer.statusCode} for ${text}`)
    const read = JSON.parse(text)
    removeAbsent(read, ComputePowerRequest as object)
    const computes = problemsOf(read).length === 0
    return (answer.statusCode === 402) === computes
  }
  await fc.assert(fc.asyncProperty(fc.jsonValue(), judge), { numRuns: 200 })
  const template = workout()
  const places = [...placesOf(template)]
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(0, -1, 1, 60, 1e308, 0.5, '', 'row', 'm', 'lb', 'planned', '2026-02-29', null, true, [], {})
  )
  const change = fc.tuple(fc.constantFrom(...places), odd)
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const body = structuredClone(template)
      // Arbitraries hand out one object many times: put into itself it would be a cycle, which no JSON can be.
      for (const [place, value] of changes) put(body, place, structuredClone(value))
      return judge(body)
    }),
    { numRuns: 300 }
  )
  const numbers = places.filter((place) => typeof get(template, place) === 'number')
  const scaled = fc.tuple(fc.constantFrom(...numbers), fc.constantFrom(0, 0.5, 0.9, 1.1, 2, 3.5, -1))
  await fc.assert(
    fc.asyncProperty(fc.array(scaled, { minLength: 1, maxLength: 2 }), (changes) => {
      const body = structuredClone(template)
      for (const [place, factor] of changes) put(body, place, Number(get(template, place)) * factor)
      return judge(body)
    }),
    { numRuns: 100 }
  )
  t.comment(`statuses: ${JSON.stringify(seen)}`)
  t.ok(seen[402]! > 10 && seen[422]! > 10)
})

/** Every place of a document, as the keys that lead to it. */
function* placesOf(value: unknown, path: string[] = []): Generator<string[]> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) yield* placesOf(member, [...path, key])
}

function get(body: unknown, place: readonly string[]): unknown {
  return place.reduce<unknown>((holder, key) => (holder as Record<string, unknown> | null | undefined)?.[key], body)
}

function put(body: unknown, place: readonly string[], value: unknown): void {
  const holder = get(body, place.slice(0, -1))
  if (typeof holder === 'object' && holder !== null) (holder as Record<string, unknown>)[place.at(-1)!] = value
}
