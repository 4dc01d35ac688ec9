import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { openapiText } from '../../commands/openapi-text.ts'
import { MOVEMENTS } from '../../lib/compute/catalogue.ts'
import { placeOf } from '../../lib/workouts/list-query.ts'
import { WorkoutList } from '../../schemas/workouts.ts'
import { type Answer, ask, PATH, purchase, startApp, workout } from '../support/purchase.ts'

const packageJson = createRequire(import.meta.url)('../../package.json') as { version: string }

type Json = Record<string, unknown>
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { content: Record<string, { schema: Json }> }
  readonly responses: Record<string, Response>
  readonly security?: Record<string, unknown>[]
}
interface Parameter {
  readonly in: 'path' | 'query' | 'header'
  readonly name: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Json
}
interface Response {
  readonly description: string
  readonly headers?: Record<string, Json>
  readonly content?: Record<string, { schema?: Json }>
}
interface OpenApi extends Json {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: {
    schemas: Record<string, Json>
    securitySchemes: Record<string, Json>
    responses?: Record<string, Json>
    headers?: Record<string, Json>
  }
  readonly servers: { url: string }[]
}

const PRODUCTION = { NODE_ENV: 'production', PUBLIC_URL: 'https://api.example' }
const METHODS = ['get', 'head', 'put', 'post', 'delete', 'options', 'patch', 'trace']

const openapiOf = async (app: FastifyInstance): Promise<OpenApi> =>
  withShared((await app.inject('/openapi.json')).json())

/** The document with the shared parameters, responses, headers and links in place, as a client reads them. */
function withShared(document: OpenApi): OpenApi {
  const placed = (part: unknown) => {
    const { $ref, ...own } = part as { $ref?: string }
    return $ref === undefined ? part : { ...(at(document, $ref) as Json), ...own }
  }
  const whole = (response: Json) => {
    for (const kind of ['headers', 'links'])
      if (response[kind] !== undefined)
        response[kind] = Object.fromEntries(
          Object.entries(response[kind] as Json).map(([name, part]) => [name, placed(part)])
        )
    return response
  }
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item)) as unknown as Json[]
  for (const operation of operations) {
    if (operation.parameters) operation.parameters = (operation.parameters as unknown[]).map(placed)
    const responses = Object.entries(operation.responses as Json)
    operation.responses = Object.fromEntries(
      responses.map(([status, response]) => [status, whole({ ...(placed(response) as Json) })])
    )
  }
  return document
}

/** What people and crawlers read is no part of the API. */
const NO_PART = /^\/($|assets\/|docs|try\/|favicon|robots|sitemap|llms|\.well-known\/sec)/

/** An app that writes down every route that is registered. */
async function startWithRoutes(t: Test, settings = {}): Promise<{ app: FastifyInstance; routes: Set<string> }> {
  const app = await startApp(t, settings)
  const known = METHODS.filter((method) => method !== 'head' && method !== 'options')
  const routes = new Set<string>()
  for (const line of readPaths(app.printRoutes({ commonPrefix: false })))
    for (const method of line.methods)
      if (known.includes(method) && !NO_PART.test(line.path)) routes.add(`${method} ${line.path}`)
  return { app, routes }
}

/** The tree of `printRoutes`, a line such as `│   └── /:workout_id (GET, HEAD)` under its parent; as OpenAPI spells paths. */
function readPaths(printed: string): { path: string; methods: string[] }[] {
  const above: string[] = []
  return printed.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^(.*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? []
    if (indent === undefined || part === undefined) return []
    const depth = indent.length / 4
    const path = (above[depth - 1] ?? '') + part
    above[depth] = path
    return methods ? [{ path: path.replace(/:(\w+)/g, '{$1}'), methods: methods.toLowerCase().split(', ') }] : []
  })
}

function* objectsOf(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Json
  for (const member of Object.values(value)) yield* objectsOf(member)
}

const operationsOf = ({ paths }: OpenApi) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation, name: `${method} ${path}` }))
  )

t.test('OpenAPI 3.1: every route and nothing else, every reference resolves', async (t) => {
  for (const settings of [{}, PRODUCTION]) {
    const { app, routes } = await startWithRoutes(t, settings)
    const answer = await app.inject('/openapi.json')
    t.equal(answer.statusCode, 200)
    const document: OpenApi = answer.json()
    t.match(document, { openapi: /^3\.1\.\d$/, info: { title: 'Power Oracle', version: packageJson.version } })
    t.match(document.info, { contact: { url: /\/docs$/ }, license: { name: 'MIT' } })
    t.strictSame(new Set(operationsOf(document).map(({ name }) => name)), routes, 'routes')
    t.equal('/dev/lightning/pay' in document.paths, !('NODE_ENV' in settings), 'the development route only while on')
    for (const { $ref } of objectsOf(document)) {
      if (typeof $ref !== 'string') continue
      const found = $ref.startsWith('#/') ? at(document, $ref) : undefined
      t.ok(found !== undefined, `${$ref.slice(1)} resolves`)
    }
    for (const node of objectsOf(document)) t.notOk('nullable' in node, 'no 3.0 keyword')
  }
})

t.test('OpenAPI: operations are whole', async (t) => {
  const document = await openapiOf(await startApp(t))
  const operations = operationsOf(document)
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, ids.length, 'operation ids are unique')
  for (const { name, method, path, operation } of operations) {
    t.ok(METHODS.includes(method) && path.startsWith('/'), name)
    for (const { name: parameter, description } of operation.parameters ?? [])
      t.ok(description, `${name}: ${parameter} says what it is`)
    t.ok(operation.operationId && operation.summary, name)
    t.ok(
      Object.keys(operation.responses).some((status) => status.startsWith('2')),
      `${name}: a success`
    )
    for (const [status, response] of Object.entries(operation.responses)) {
      t.match(status, /^[1-5]\d\d$/)
      t.ok(response.description, `${name} ${status}: a description`)
      const [mediaType] = Object.keys(response.content ?? {})
      if (Number(status) >= 400) t.equal(mediaType, 'application/problem+json', `${name} ${status}`)
    }
  }
  const { responses, security } = document.paths[PATH]!.post!
  t.strictSame(Object.keys(responses).sort(), ['200', '400', '402', '409', '413', '415', '422', '429', '503'])
  t.match(responses['402']!.headers!['WWW-Authenticate'], { schema: { type: 'string' } })
  t.match(responses['200']!.headers!['Idempotent-Replayed'], { schema: { type: 'string' } })
  for (const status of ['409', '429', '503']) t.ok(responses[status]!.headers!['Retry-After'], `${status}: Retry-After`)
  t.match(document.paths['/v1/movements']!.get!.responses['200']!.headers!.ETag, { schema: { type: 'string' } })
  t.strictSame(security, [{}, { l402: [] }], 'the first call is unpaid')
  t.strictSame(Object.keys(document.components.securitySchemes), ['l402'])
  const signature = document.paths[PATH]!.post!.parameters!.filter(({ name }) => name === 'payment-signature')
  t.match(signature, [{ in: 'header', name: 'payment-signature', required: false }])
  for (const { name, operation } of operations.filter(({ operation }) => !operation.responses['402']))
    t.strictSame(operation.security, [], `${name} is free`)
  t.match(document.components.securitySchemes.l402, { type: 'apiKey', in: 'header', name: 'Authorization' })
})

t.test('OpenAPI: schemas compile, and their examples are valid', async (t) => {
  const document = await openapiOf(await startApp(t))
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { date: true, 'date-time': true } })
  ajv.addSchema(document, 'openapi.json')
  let examples = 0
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    const validate = ajv.compile({ $ref: `openapi.json#/components/schemas/${name}` })
    for (const example of [schema.examples ?? []].flat()) {
      examples++
      t.ok(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`)
    }
  }
  t.ok(examples >= 12, `${examples} examples`)
  for (const name of ['ErasureAnswer', 'VoidAnswer', 'WorkoutDetail', 'WorkoutList'])
    t.ok(document.components.schemas[name]?.examples, `${name} has an example`)
  const { workouts, next_cursor } = WorkoutList.examples[0]
  const { performed_date: performedDate, workout_id: workoutId } = workouts[0]
  t.strictSame(placeOf(next_cursor), { performedDate, workoutId }, 'a cursor as the service makes them')
  const named = ['ComputePowerRequest', 'CurveAnswer', 'RevisionRequest', 'VoidRequest', 'WorkoutDetail', 'WorkoutList']
  for (const name of [...named, 'ComputePowerAnswer', 'PaymentRequired', 'ValidationProblem'])
    t.equal(document.components.schemas[name]?.title, name)
})

/** Every schema of a document with where it is, but for examples and other data. */
function* schemasOf(value: unknown, pointer = ''): Generator<{ pointer: string; schema: Json }> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield { pointer, schema: value as Json }
  for (const [key, member] of Object.entries(value))
    if (!['example', 'examples', 'enum', 'const', 'required'].includes(key))
      yield* schemasOf(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
}

/** Members that their component's description explains. */
const SELF_EVIDENT = ['value', 'status', 'feet', 'inches', 'code']

t.test('OpenAPI: every schema with members or a list of values has a name of its own', async (t) => {
  const document: OpenApi = (await (await startApp(t)).inject('/openapi.json')).json()
  for (const { pointer, schema } of schemasOf(document)) {
    const isComponent = /^\/components\/schemas\/\w+$/.test(pointer)
    if (schema.type === 'object' && typeof schema.properties === 'object')
      t.ok(isComponent, `${pointer} is a component`)
    if (Array.isArray(schema.enum)) t.ok(isComponent && schema.enum.length > 1, `${pointer} is a component`)
    for (const keyword of ['usage', 'open', 'opaque', 'unpublished'])
      if (!pointer.endsWith('/properties')) t.notOk(keyword in schema, `${pointer}: no ${keyword}`)
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    t.ok(name.length <= 40, name)
    if (schema.type === 'object') t.type(schema.description, 'string', `${name} says what it is`)
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>)
    for (const [member, { $ref, description }] of properties)
      if (!SELF_EVIDENT.includes(member)) t.ok($ref ?? description, `${name}.${member} says what it is`)
  }
})

t.test('OpenAPI: a parameter, an error response, a header or a link that occurs twice is a component', async (t) => {
  const document: OpenApi = (await (await startApp(t)).inject('/openapi.json')).json()
  const seen = new Map<string, string>()
  const occurs = (pointer: string, part: Json, name = '') => {
    if ('$ref' in part) return
    const { description: _, ...rest } = part
    const text = name + JSON.stringify(rest)
    t.notOk(seen.get(text), `${pointer} is inline, and so is ${seen.get(text)}`)
    seen.set(text, pointer)
  }
  const places: Json[] = [document.components.responses!]
  for (const { name, operation } of operationsOf(document)) {
    for (const [index, parameter] of (operation.parameters ?? []).entries())
      occurs(`${name} parameter ${index}`, parameter as unknown as Json)
    for (const [status, response] of Object.entries(operation.responses))
      if (Number(status) >= 300) occurs(`${name} ${status}`, response as unknown as Json)
    places.push(operation.responses)
  }
  for (const [name, response] of places.flatMap((responses) => Object.entries(responses as Record<string, Json>)))
    for (const kind of ['headers', 'links'])
      for (const [key, part] of Object.entries((response[kind] ?? {}) as Record<string, Json>))
        occurs(`${name} ${kind} ${key}`, part, key)
  for (const status of ['RateLimited', 'Unavailable'])
    t.match((document.components.responses![status] as Json).headers, {
      'Retry-After': { $ref: '#/components/headers/RetryAfter' }
    })
  t.equal((document.components.headers!.RetryAfter as Json).required, true)
})

t.test('OpenAPI: requests are closed, answers are open, and a status is a literal', async (t) => {
  const { components, paths } = await openapiOf(await startApp(t))
  const { schemas } = components
  const requests = [
    'ComputePowerRequest',
    'RevisionRequest',
    'VoidRequest',
    'Split',
    'SplitWork',
    'MovementLine',
    'User'
  ]
  const closed = Object.keys(schemas).filter((name) => schemas[name]!.additionalProperties === false)
  t.strictSame(
    closed.sort(),
    [...requests, 'BodyMass', 'DevelopmentPayment', 'FeetAndInches', 'Height', 'InputQuantity', 'ResponseUnits'].sort()
  )
  for (const [name, { properties }] of Object.entries(schemas)) {
    const { status, code, x402Version } = (properties ?? {}) as Record<string, Json>
    if (name.endsWith('Problem') || name === 'PaymentRequired') {
      t.match(status, { type: 'integer', const: Number })
      t.strictSame([code!.type, 'enum' in code!, 'const' in code!], ['string', false, false], `${name}: an open code`)
    }
    if (x402Version) t.equal(x402Version.type, 'integer')
  }
  const documented = Object.values(paths).flatMap((item) => Object.values(item).map(({ responses }) => responses))
  for (const [status, { content }] of documented.flatMap((responses) => Object.entries(responses))) {
    const { $ref } = (content?.['application/problem+json']?.schema ?? {}) as { $ref?: string }
    const name = $ref?.split('/').at(-1)
    const properties = name && (schemas[name]!.properties as Record<string, Json>)
    if (properties) t.equal(properties.status!.const, Number(status), `${name} for ${status}`)
  }
})

t.test('OpenAPI: the committed document is the one that the service gives', async (t) => {
  const committed = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')
  t.equal(committed, await openapiText(), 'npm run openapi writes it')
})

t.test('OpenAPI: an answer leads to its record, its revision and its voiding', async (t) => {
  const document = await openapiOf(await startApp(t))
  const ids = operationsOf(document).map(({ operation }) => operation.operationId)
  for (const path of [PATH, '/v1/workouts/{workout_id}/revisions']) {
    const { links } = document.paths[path]!.post!.responses['200'] as unknown as { links: Record<string, Json> }
    t.strictSame(Object.keys(links).sort(), ['getWorkout', 'reviseWorkout', 'voidWorkout'])
    for (const { operationId } of Object.values(links)) t.ok(ids.includes(String(operationId)))
  }
})

/** Headers that a client acts on: where one is sent, it is documented. */
const ACTED_ON = [
  'ETag',
  'Idempotent-Replayed',
  'PAYMENT-REQUIRED',
  'PAYMENT-RESPONSE',
  'Retry-After',
  'WWW-Authenticate'
]

/** A schema with references into the document that the validator knows. */
const absolute = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi.json#/'))

/** Holds answers against what a document says of their operation, status, media type and headers. */
function holdsTo(t: Test, document: OpenApi) {
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { date: true, 'date-time': true } })
  ajv.addSchema(document, 'openapi.json')
  const asked = new Set<string>()
  const holds = (path: string, method: string, answer: Answer): Answer => {
    const pointer = `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses/${answer.statusCode}`
    const response = at(document, pointer) as Response | undefined
    const mediaType = String(answer.headers['content-type']).split(';')[0]!
    const name = `${method} ${path} ${answer.statusCode} ${mediaType}`
    asked.add(`${method} ${path} ${answer.statusCode}`)
    for (const header of ACTED_ON)
      if (header.toLowerCase() in answer.headers) t.ok(response?.headers?.[header], `${name}: ${header} is documented`)
    for (const [header, { required }] of Object.entries(response?.headers ?? {}))
      if (required === true) t.ok(header.toLowerCase() in answer.headers, `${name}: ${header} is always there`)
    if (answer.statusCode === 304) {
      t.ok(response && response.content === undefined, name)
      return answer
    }
    if (response?.content?.[mediaType]?.schema === undefined) {
      t.fail(`${name} is not documented`)
      return answer
    }
    const { schema } = response.content[mediaType]
    const validate = ajv.compile(absolute(schema))
    const value = mediaType.endsWith('json') ? answer.json() : answer.body
    t.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`)
    return answer
  }
  return { holds, asked }
}

t.test('OpenAPI: what the service really answers is what it documents', async (t) => {
  const app = await startApp(t)
  const document = await openapiOf(app)
  const { holds } = holdsTo(t, document)
  for (const path of Object.keys(document.paths))
    if (document.paths[path]!.get && !path.includes('{')) holds(path, 'get', await app.inject(path))
  const body = workout()
  holds(PATH, 'post', await ask(app, body))
  holds(PATH, 'post', await ask(app, '{'))
  holds(PATH, 'post', await ask(app, '{}'))
  holds(PATH, 'post', await ask(app, '{}', undefined, { headers: { 'content-type': 'text/plain' } }))
  holds(PATH, 'post', await ask(app, JSON.stringify('x'.repeat(262_144))))
  const { authorization, invoice } = await purchase(app, body)
  holds(PATH, 'post', await ask(app, body, authorization))
  holds(PATH, 'post', await ask(app, body, authorization))
  const pay = (payload: Json) => app.inject({ method: 'POST', url: '/dev/lightning/pay', payload })
  holds('/dev/lightning/pay', 'post', await pay({ invoice }))
  holds('/dev/lightning/pay', 'post', await pay({ invoice: 'lnbcrt1' }))
  holds('/dev/lightning/pay', 'post', await pay({}))
  const fresh = (await ask(app, workout())).json().invoice
  holds('/dev/lightning/pay', 'post', await pay({ invoice: fresh }))
})

interface Call {
  readonly path?: Record<string, string>
  readonly query?: Record<string, string | number>
  readonly headers?: Record<string, string>
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown
}

/** A client made of the document alone, as a generator makes one: operations by their ids, parameters by their names. */
function clientOf(t: Test, app: FastifyInstance, document: OpenApi) {
  const { holds, asked } = holdsTo(t, document)
  const operations = new Map(operationsOf(document).map((one) => [one.operation.operationId, one]))
  const call = async (operationId: string, { path = {}, query = {}, headers = {}, body }: Call = {}) => {
    const found = operations.get(operationId)
    if (found === undefined) throw new Error(`no operation ${operationId}`)
    const { operation, method } = found
    const known = (place: Parameter['in']) => operation.parameters?.filter((one) => one.in === place) ?? []
    for (const { name, required } of known('query'))
      if (required && !(name in query)) throw new Error(`${operationId} takes ${name}`)
    for (const name of Object.keys(query))
      if (!known('query').some((one) => one.name === name)) throw new Error(`${operationId} takes no ${name}`)
    const url = known('path').reduce((text, { name }) => text.replace(`{${name}}`, path[name]!), found.path)
    const schemes = (operation.security ?? []).flatMap((one) => Object.keys(one))
    const proofs = schemes.map((name) => String(document.components.securitySchemes[name]?.name).toLowerCase())
    for (const name of Object.keys(headers))
      if (name !== 'content-type' && ![...known('header').map((one) => one.name), ...proofs].includes(name))
        throw new Error(`${operationId} takes no header ${name}`)
    const answer = await app.inject({
      method: method.toUpperCase() as 'GET',
      url,
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    return holds(found.path, method, answer)
  }
  return { call, asked }
}

t.test("OpenAPI: a client made of the document lives through an athlete's history", async (t) => {
  const app = await startApp(t)
  const document = await openapiOf(app)
  const { call, asked } = clientOf(t, app, document)
  const status = async (operationId: string, args: Call, wanted: number) => {
    const answer = await call(operationId, args)
    t.equal(answer.statusCode, wanted, `${operationId}: ${answer.body.slice(0, 200)}`)
    return answer
  }
  const paidFor = async (operationId: string, args: Call) => {
    const { invoice, macaroon } = (await status(operationId, args, 402)).json()
    const { preimage } = (await status('payWithDevelopmentWallet', { body: { invoice } }, 200)).json()
    return { ...args, headers: { authorization: `L402 ${macaroon}:${preimage}` } }
  }
  const buy = async (operationId: string, args: Call) => {
    const paid = await paidFor(operationId, args)
    const answer = await status(operationId, paid, 200)
    t.equal((await status(operationId, paid, 200)).body, answer.body)
    return answer.json()
  }
  const body = workout()
  const athlete = { athlete_uuid: String(body.athlete_uuid) }
  const first = await buy('computePower', { body })
  await buy('computePower', { body: { ...body, duration_seconds: 240 } })
  const path = { workout_id: first.workout_id }
  const wrong = [
    ['{', 400],
    ['{}', 422],
    [JSON.stringify('x'.repeat(262_144)), 413]
  ] as const
  for (const operationId of ['reviseWorkout', 'voidWorkout', 'eraseAthlete']) {
    for (const [text, code] of wrong)
      if (operationId !== 'eraseAthlete' || code !== 422)
        await status(operationId, { path: { ...path, ...athlete }, body: text }, code)
    await status(
      operationId,
      { path: { ...path, ...athlete }, body: '{}', headers: { 'content-type': 'text/plain' } },
      415
    )
  }

  const page = (await status('listWorkouts', { path: athlete, query: { limit: 1 } }, 200)).json()
  const query = {
    limit: 1,
    cursor: page.next_cursor,
    performed_from: '2026-01-01',
    performed_to: '2026-12-31',
    movement: 'pull_up'
  }
  t.equal((await status('listWorkouts', { path: athlete, query }, 200)).json().workouts[0].workout_id, first.workout_id)
  t.match(
    (await status('exportWorkoutsAsCsv', { path: athlete, query: { movement: 'pull_up' } }, 200)).headers[
      'content-type'
    ],
    'text/csv'
  )
  await status('listWorkouts', { path: athlete, query: { limit: 0 } }, 422)

  const correction = { ...body, supersedes_revision_id: first.revision_id, reason: 'The bar was lighter.' }
  const late = await paidFor('reviseWorkout', { path, body: { ...correction, reason: 'Too late.' } })
  const second = await buy('reviseWorkout', { path, body: correction })
  t.match((await status('reviseWorkout', late, 409)).json(), { canonical_revision_id: second.revision_id })
  await status('reviseWorkout', { path: { workout_id: 'none' }, body: correction }, 404)
  const record = { ...path, ...athlete }
  await status('getWorkout', { path: record }, 200)
  const detail = (await status('getWorkout', { path: record, query: { include: 'revisions' } }, 200)).json()
  t.equal(detail.revisions.length, 2)
  await status('getWorkout', { path: { ...record, workout_id: 'none' } }, 404)
  await status('getWorkout', { path: { ...record, athlete_uuid: 'none' } }, 422)

  const curve = await status('getPowerDurationCurve', { path: athlete }, 200)
  const known = { 'if-none-match': String(curve.headers.etag) }
  await status('getPowerDurationCurve', { path: athlete, headers: known }, 304)
  const picture = {
    from_seconds: 30,
    to_seconds: 600,
    performed_from: '2026-01-01',
    performed_to: '2026-12-31'
  }
  t.match(
    (await status('drawPowerDurationCurve', { path: athlete, query: picture }, 200)).headers['content-type'],
    'image/svg+xml'
  )
  const drawn = await status('drawPowerDurationCurve', { path: athlete }, 200)
  const knownPicture = { 'if-none-match': String(drawn.headers.etag) }
  await status('drawPowerDurationCurve', { path: athlete, headers: knownPicture }, 304)
  for (const operationId of ['getPowerDurationCurve', 'drawPowerDurationCurve'])
    await status(operationId, { path: athlete, query: { from_seconds: 0 } }, 422)
  await status('exportWorkoutsAsCsv', { path: athlete, query: { performed_from: '2026-02-30' } }, 422)

  const voided = { ...athlete, revision_id: second.revision_id, reason: 'Entered twice.' }
  await status('voidWorkout', { path, body: { ...voided, revision_id: first.revision_id } }, 409)
  await status('voidWorkout', { path: { workout_id: 'none' }, body: voided }, 404)
  await status('voidWorkout', { path, body: voided }, 200)
  await status('getWorkout', { path: record, query: { include: 'revisions' } }, 200)
  await status('reviseWorkout', { path, body: { ...correction, supersedes_revision_id: second.revision_id } }, 409)
  t.match((await status('eraseAthlete', { path: athlete }, 200)).json(), { erased_revisions: 3 })
  await status('eraseAthlete', { path: { athlete_uuid: 'none' } }, 422)

  const records = operationsOf(document).filter(({ path }) => path.includes('{'))
  const lives = {
    drawPowerDurationCurve: {},
    eraseAthlete: {},
    exportWorkoutsAsCsv: {},
    getPowerDurationCurve: {},
    getWorkout: {},
    listWorkouts: {},
    reviseWorkout: { body: correction },
    voidWorkout: { body: voided }
  }
  t.strictSame(
    records.map(({ operation }) => operation.operationId).sort(),
    Object.keys(lives),
    'no operation was left out'
  )
  const { database } = app.ledger as unknown as { database: { close(): Promise<void> } }
  await database.close()
  for (const [operationId, args] of Object.entries(lives)) await status(operationId, { path: record, ...args }, 503)
  const busy = await startApp(t, { RATE_LIMIT_PER_MINUTE: '1' })
  await busy.inject('/v1/health')
  const refused = clientOf(t, busy, document)
  for (const [operationId, args] of Object.entries(lives))
    t.equal((await refused.call(operationId, { path: record, ...args })).statusCode, 429)

  const seen = new Set([...asked, ...refused.asked])
  const documented = records.flatMap(({ name, operation }) =>
    Object.keys(operation.responses).map((code) => `${name} ${code}`)
  )
  t.strictSame(
    documented.filter((one) => !seen.has(one)),
    [],
    'every documented answer was given'
  )
})

t.test('OpenAPI: parameters are whole', async (t) => {
  for (const { path, name, operation } of operationsOf(await openapiOf(await startApp(t)))) {
    const parameters = operation.parameters ?? []
    const inPath = parameters.filter((one) => one.in === 'path')
    t.strictSame(
      inPath.map((one) => `{${one.name}}`).sort(),
      (path.match(/\{\w+\}/g) ?? []).sort(),
      `${name}: in the path`
    )
    for (const one of parameters) {
      t.equal(one.required, one.in === 'path', `${name}: ${one.name} is required only in a path`)
      t.ok(one.schema.type, `${name}: ${one.name} has a type`)
    }
    t.match(operation.operationId, /^[a-z][A-Za-z0-9]+$/, 'a name for a function')
  }
})

t.test('docs and llms.txt: what a person and an agent need, and nothing from elsewhere', async (t) => {
  const app = await startApp(t)
  const page = await app.inject('/docs')
  t.match(page.headers['content-type'], /^text\/html/)
  for (const path of Object.keys((await openapiOf(app)).paths)) t.ok(page.body.includes(path), path)
  const text = await app.inject('/llms.txt')
  t.match(text.headers['content-type'], /^text\/plain/)
  t.match(text.body, /^# Power Oracle\n/)
  const example = text.body.split('\n').find((line) => line.startsWith('{'))!
  t.equal((await ask(app, example)).statusCode, 402, 'the example would be computed')
})

t.test('movements: a strong ETag, and 304 for who has it', async (t) => {
  const app = await startApp(t)
  const get = (tags?: string) =>
    app.inject({ url: '/v1/movements', headers: tags === undefined ? {} : { 'if-none-match': tags } })
  const first = await get()
  const { etag } = first.headers
  t.match(etag, /^"[A-Za-z0-9_-]{20,}"$/)
  t.strictSame(Object.keys(first.json()), [...MOVEMENTS.keys()])
  t.match(first.json().thruster, { per: 'rep', inputs: { external_load: { required: true } } })
  for (const tags of [String(etag), `W/${etag}`, `"a", ${etag}`, '*']) {
    const same = await get(tags)
    t.strictSame([same.statusCode, same.body, same.headers.etag], [304, '', etag], tags)
  }
  for (const tags of ['"a"', '', 'a', String(etag).slice(1, -1)]) {
    const other = await get(tags)
    t.strictSame([other.statusCode, other.body], [200, first.body], tags)
  }
  t.equal((await (await startApp(t)).inject('/v1/movements')).headers.etag, etag, 'another start, the same tag')
})

t.test('health and prices name no host, no source and no version', async (t) => {
  const settings = { BTC_USD_SOURCES: 'http://127.0.0.1:1/a,http://127.0.0.1:1/b', PUBLIC_URL: 'https://api.example' }
  for (const app of [await startApp(t), await startApp(t, settings)]) {
    const health = await app.inject('/v1/health')
    t.equal(health.statusCode, 200)
    t.strictSame(Object.keys(health.json()).sort(), ['components', 'status'])
    t.strictSame(Object.keys(health.json().components).sort(), ['l402', 'ledger', 'price', 'x402'])
    t.equal(health.headers['cache-control'], 'no-store')
    const prices = await app.inject('/v1/payment-requirements')
    t.equal(prices.statusCode, 200)
    t.match(prices.json().routes, [{ method: 'POST', path: PATH, price_usd: '0.10' }])
    for (const { body } of [health, prices])
      t.notMatch(body, /127\.0\.0\.1|http|coinbase|kraken|bitstamp|ECONN|node|sqlite|embedded/i)
  }
  const app = await startApp(t, { PRICE_USD: '0.25' })
  // Degraded until the first invoices are made.
  const l402 = async () => (await app.inject('/v1/health')).json().components.l402
  for (let tries = 0; tries < 100 && (await l402()) !== 'ok'; tries++) await sleep(20)
  t.match((await app.inject('/v1/payment-requirements')).json(), {
    routes: [{ price_usd: '0.25', price_sats: 250 }],
    rails: { l402: { status: 'ok' } },
    btc_usd: { rate: '100000.00', fixed: true, sources: 0 }
  })
})

t.test('the catalogue leads to pages that are there', async (t) => {
  const app = await startApp(t, { PUBLIC_URL: 'https://api.example/' })
  const answer = await app.inject({ url: '/.well-known/api-catalog', headers: { host: 'evil.example' } })
  t.match(answer.headers['content-type'], /^application\/linkset\+json/)
  t.notMatch(answer.body, 'evil')
  const links = [...objectsOf(answer.json())].filter(({ href }) => href !== undefined)
  t.ok(links.length >= 5)
  for (const { href, type } of links) {
    t.match(href, /^https:\/\/api\.example\/[^/]/)
    const url = String(href).replace('https://api.example', '')
    const page = await app.inject(url)
    t.equal(page.statusCode, url === PATH ? 405 : 200, url)
    if (type) t.equal(String(page.headers['content-type']).split(';')[0], media(String(type)), url)
  }
  t.equal((await openapiOf(app)).servers[0]!.url, 'https://api.example')
})

t.test('production has no development parts', async (t) => {
  const app = await startApp(t, PRODUCTION)
  t.equal((await app.inject({ method: 'POST', url: '/dev/lightning/pay', payload: { invoice: 'x' } })).statusCode, 404)
  t.notMatch((await app.inject('/openapi.json')).body, /\/dev\/|Development|play money/)
})

/** The document itself is served as plain JSON; its own media type stands in the catalogue. */
const media = (type: string) => type.split(';')[0]!.replace('vnd.oai.openapi+json', 'json')

function at(document: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1)
  return steps.reduce<unknown>((node, step) => {
    return (node as Json | undefined)?.[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')]
  }, document)
}
