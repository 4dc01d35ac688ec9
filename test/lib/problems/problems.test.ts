import { Ajv } from 'ajv'
import fc from 'fast-check'
import t from 'tap'
import { ProblemError, problemDocument } from '../../../lib/problems/problem.ts'
import { schemaProblems } from '../../../lib/problems/schema-problems.ts'
import { ComputePowerRequest, computePowerExample } from '../../../schemas/compute-power.ts'
import { ProblemItem } from '../../../schemas/problem.ts'
import { WorkoutListQuery } from '../../../schemas/workouts.ts'

// Options as the service sets them, for every error at once.
const URL = 'https://power.example'
const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateFormats: false })
const validate = ajv.compile(ComputePowerRequest)
const isProblemItem = ajv.compile(ProblemItem)

// biome-ignore lint/suspicious/noExplicitAny: the edits below make what the type forbids
type Body = any

function problemsOf(edit: (body: Body) => void, root?: string) {
  const body = structuredClone(computePowerExample)
  edit(body)
  return validate(body) ? [] : schemaProblems(validate.errors ?? [], root)
}

t.test('each rule of the schema becomes one item', async (t) => {
  t.same(
    problemsOf(() => {}),
    []
  )
  const inputs = (body: Body) => body.splits[0].work.movements[0].inputs
  const cases: [edit: (body: Body) => void, expected: object][] = [
    [
      (body) => delete body.athlete_uuid,
      { pointer: '/athlete_uuid', code: 'field_required', detail: '`athlete_uuid` is required.' }
    ],
    [
      (body) => delete body.splits[1].work.movements[0].movement,
      { pointer: '/splits/1/work/movements/0/movement', code: 'field_required', detail: '`movement` is required.' }
    ],
    [
      (body) => Object.assign(body, { workout_id: 'mine' }),
      {
        pointer: '/workout_id',
        code: 'field_unknown',
        detail: '`workout_id` is not a field of the body.',
        allowed: Object.keys(ComputePowerRequest.properties)
      }
    ],
    [
      (body) => Object.assign(body.user.height, { 'a/b~c': 1 }),
      {
        pointer: '/user/height/a~1b~0c',
        code: 'field_unknown',
        detail: '`a/b~c` is not a field of `height`.',
        allowed: ['value', 'unit']
      }
    ],
    [
      (body) => Object.assign(body, { duration_seconds: '180' }),
      {
        pointer: '/duration_seconds',
        code: 'type_wrong',
        detail: '`duration_seconds` must be a number.',
        given: '180'
      }
    ],
    [
      (body) => Object.assign(body, { splits: null }),
      { pointer: '/splits', code: 'type_wrong', detail: '`splits` must be a list.', given: null }
    ],
    [
      (body) => Object.assign(body, { user: [1] }),
      { pointer: '/user', code: 'type_wrong', detail: '`user` must be an object.' }
    ],
    [
      (body) => Object.assign(body.splits[0].work.movements[0], { reps: 1.5 }),
      {
        pointer: '/splits/0/work/movements/0/reps',
        code: 'type_wrong',
        detail: '`reps` must be a whole number.',
        given: 1.5
      }
    ],
    [
      (body) => Object.assign(body.user.body_mass, { unit: 'stone' }),
      {
        pointer: '/user/body_mass/unit',
        code: 'value_not_allowed',
        detail: '`unit` must be one of the allowed values.',
        given: 'stone',
        allowed: ['kg', 'lb']
      }
    ],
    [
      (body) => Object.assign(body, { duration_seconds: 0 }),
      {
        pointer: '/duration_seconds',
        code: 'out_of_range',
        detail: '`duration_seconds` must be at least 0.001.',
        given: 0,
        allowed: [0.001, 2678400]
      }
    ],
    [
      (body) => Object.assign(body.user, { age_years: 131 }),
      {
        pointer: '/user/age_years',
        code: 'out_of_range',
        detail: '`age_years` must be at most 130.',
        given: 131,
        allowed: [0, 130]
      }
    ],
    [
      (body) => Object.assign(body, { scenario_label: '' }),
      {
        pointer: '/scenario_label',
        code: 'length_wrong',
        detail: '`scenario_label` must have at least 1 character.',
        given: '',
        allowed: [1, 120]
      }
    ],
    [
      (body) => Object.assign(body, { scenario_label: 'x'.repeat(121) }),
      {
        pointer: '/scenario_label',
        code: 'length_wrong',
        detail: '`scenario_label` must have at most 120 characters.',
        given: `${'x'.repeat(100)}…`,
        allowed: [1, 120]
      }
    ],
    [
      (body) => Object.assign(body, { splits: [] }),
      { pointer: '/splits', code: 'length_wrong', detail: '`splits` must have at least 1 item.', allowed: [1, 200] }
    ],
    [
      (body) => Object.assign(body, { splits: Array(201).fill(body.splits[0]) }),
      { pointer: '/splits', code: 'length_wrong', detail: '`splits` must have at most 200 items.', allowed: [1, 200] }
    ],
    [
      (body) => Object.assign(body, { athlete_uuid: 'me' }),
      {
        pointer: '/athlete_uuid',
        code: 'format_wrong',
        detail: '`athlete_uuid` must be a UUID: 8-4-4-4-12 hexadecimal digits.',
        given: 'me'
      }
    ],
    [
      (body) => Object.assign(inputs(body), { 'x/y': { value: -1, unit: 'kg' } }),
      {
        pointer: '/splits/0/work/movements/0/inputs/x~1y/value',
        code: 'out_of_range',
        detail: '`value` must be at least 0.',
        given: -1,
        allowed: [0, 1_000_000_000]
      }
    ],
    [
      (body) => {
        for (let i = 0; i < 20; i++) inputs(body)[`input_${i}`] = { value: 1, unit: 'kg' }
      },
      {
        pointer: '/splits/0/work/movements/0/inputs',
        code: 'length_wrong',
        detail: '`inputs` must have at most 20 members.'
      }
    ]
  ]
  for (const [edit, expected] of cases) {
    const problems = problemsOf(edit)
    t.equal(problems.length, 1, JSON.stringify(expected))
    t.match(problems[0], expected)
    t.same(Object.keys(problems[0]!).sort(), Object.keys(expected).sort())
  }
})

t.test('of a height, only what is wrong with the form that was meant', async (t) => {
  const found = (height: unknown) =>
    problemsOf((body) => Object.assign(body.user, { height })).map(({ pointer, code }) => `${pointer} ${code}`)
  t.strictSame(found({ feet: 5, inches: 10 }), [])
  t.strictSame(found({ feet: 5, inches: 12 }), ['/user/height/inches out_of_range'])
  t.strictSame(found({ feet: 5.5 }), ['/user/height/feet type_wrong'])
  t.strictSame(found({ value: 70, unit: 'inch' }), ['/user/height/unit value_not_allowed'])
  t.strictSame(found({ value: 70 }), ['/user/height/unit field_required'])
  t.strictSame(found(70), ['/user/height type_wrong'])
  t.strictSame(found({}), ['/user/height/value field_required', '/user/height/unit field_required'])
})

t.test('bodies that are not objects', async (t) => {
  for (const [body, given] of [
    [null, null],
    ['x', 'x'],
    [[], undefined],
    [1, 1],
    [true, true]
  ]) {
    validate(body)
    const [problem] = schemaProblems(validate.errors ?? [])
    t.match(problem, { pointer: '', code: 'type_wrong', detail: 'The body must be an object.' })
    t.same(problem?.given, given)
  }
})

t.test('all problems are reported at once, and parameters by name', async (t) => {
  const all = problemsOf((body) => {
    delete body.user.height
    body.duration_seconds = -1
    body.extra = 1
    body.splits[1].work.movements[1].reps = 'many'
  })
  t.same(all.map(({ pointer, code }) => `${code} ${pointer}`).sort(), [
    'field_required /user/height',
    'field_unknown /extra',
    'out_of_range /duration_seconds',
    'type_wrong /splits/1/work/movements/1/reps'
  ])
  const query = ajv.compile({ type: 'object', properties: { limit: { type: 'integer' }, on: { const: 'yes' } } })
  query({ limit: 'ten', on: 'no' })
  t.match(schemaProblems(query.errors ?? [], 'query:'), [
    { pointer: 'query:limit', code: 'type_wrong', given: 'ten' },
    { pointer: 'query:on', code: 'value_not_allowed', given: 'no', allowed: ['yes'] }
  ])
})

t.test('an unknown parameter of a query, and the names that it may have been', async (t) => {
  const query = ajv.compile(WorkoutListQuery)
  const unknown = (name: string) => {
    query({ limit: 1, [name]: '1' })
    return schemaProblems(query.errors ?? [], 'query:')
  }
  t.strictSame(unknown('performedFrom'), [
    {
      pointer: 'query:performedFrom',
      code: 'field_unknown',
      detail: '`performedFrom` is not a parameter of the query.',
      allowed: ['limit', 'cursor', 'performed_from', 'performed_to', 'movement', 'format'],
      nearest: ['performed_from', 'performed_to']
    }
  ])
  t.strictSame(unknown('limits')[0]?.nearest, ['limit'])
  for (const name of ['', 'é😀', 'İ'.repeat(200), 'x'.repeat(10_000)]) {
    const [problem] = unknown(name)
    t.equal(problem?.nearest, undefined, 'nothing is near')
    t.ok(isProblemItem(problem))
  }
})

t.test('long names and values are cut: an answer is not many times its request', async (t) => {
  const long = `${'k'.repeat(98)}/~${'k'.repeat(50_000)}`
  const edit = (body: Body) => {
    const junk = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`junk_${i}`, 1]))
    body.splits[0].work.movements[0].inputs = { [long]: junk }
    body[long] = 'v'.repeat(50_000)
    body.scenario_label = 'v'.repeat(50_000)
  }
  const problems = problemsOf(edit)
  t.equal(problems.length, 500 + 2 + 2)
  t.ok(JSON.stringify(problems).length < 500_000, 'about as long as the request')
  for (const { pointer } of problems) {
    t.notMatch(pointer, /~(?![01])/, 'still a JSON pointer')
    t.ok(pointer.length < 250)
  }
})

t.test('whatever is sent, the items are as documented', async (t) => {
  const example = JSON.stringify(computePowerExample)
  const values = [...example.matchAll(/"[a-z_]+":|"[^"]*"(?=[,}])|[\d.]+/g)]
  let found = 0
  fc.assert(
    fc.property(fc.nat(values.length - 1), fc.json({ maxDepth: 2 }), fc.string(), (index, json, key) => {
      const { 0: text, index: at } = values[index]!
      const put = text.endsWith(':') ? `${JSON.stringify(key)}:` : json
      const body = JSON.parse(example.slice(0, at) + put + example.slice(at + text.length))
      if (validate(body)) return true
      const problems = schemaProblems(validate.errors ?? [])
      found += problems.length
      return problems.length > 0 && problems.every((problem) => isProblemItem(problem))
    }),
    { numRuns: 1000 }
  )
  t.ok(found > 500, `${found} problems`)
})

t.test('problemDocument: RFC 9457, and whether to try again', async (t) => {
  const item = { pointer: '/a', code: 'c', detail: 'd' }
  t.strictSame(problemDocument(new ProblemError(422, 'validation_failed', 'No.', { errors: [item] }), URL), {
    type: 'https://power.example/docs/errors/validation_failed',
    title: 'Unprocessable Entity',
    status: 422,
    detail: 'No.',
    code: 'validation_failed',
    retryable: false,
    errors: [item]
  })
  const mistyped = ['/athlete_uuid', 'path:athlete_uuid', '/revision_id'].map((pointer) => ({
    ...item,
    pointer,
    given: 'g'
  }))
  t.strictSame(
    problemDocument(new ProblemError(422, 'x', 'y', { errors: mistyped }), URL).errors?.map(({ given }) => given),
    [undefined, undefined, 'g'],
    'even a mistyped UUID is nearly the key to the records'
  )
  const retryable: [number, boolean][] = [
    [400, false],
    [404, false],
    [405, false],
    [408, true],
    [409, false],
    [413, false],
    [415, false],
    [429, true],
    [500, true],
    [503, true]
  ]
  for (const [status, expected] of retryable)
    t.equal(problemDocument(new ProblemError(status, 'x', 'y'), URL).retryable, expected, `${status}`)
  const later = problemDocument(new ProblemError(409, 'request_running', 'y', { retryAfterSeconds: 2 }), URL)
  t.equal(later.retryable, true, 'a 409 that says when')
  t.equal(problemDocument(new ProblemError(404, 'x', 'y', { retryAfterSeconds: 2 }), URL).retryable, false)
  t.equal(problemDocument(new ProblemError(599, 'x', 'y'), URL).title, 'Error')
  const cause = new Error('a host and a secret')
  const failed = new ProblemError(500, 'internal_error', 'Something failed.', { cause, headers: { allow: 'GET' } })
  t.equal(failed.cause, cause)
  t.notMatch(JSON.stringify(problemDocument(failed, URL)), /secret|allow/)
})
