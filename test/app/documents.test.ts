import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { type Answer, ask, PATH, purchase, startApp, workout } from './purchase.ts'

type Json = Record<string, unknown>
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly requestBody?: { content: Record<string, { schema: Json }> }
  readonly responses: Record<string, Response>
  readonly security?: Record<string, unknown>[]
}
interface Response {
  readonly description: string
  readonly headers?: Record<string, Json>
  readonly content?: Record<string, { schema?: Json }>
}
interface OpenApi extends Json {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, Json>; securitySchemes: Record<string, Json> }
  readonly servers: { url: string }[]
}

const PRODUCTION = { NODE_ENV: 'production', PUBLIC_URL: 'https://api.example' }
const METHODS = ['get', 'head', 'put', 'post', 'delete', 'options', 'patch', 'trace']

const openapiOf = async (app: FastifyInstance): Promise<OpenApi> => (await app.inject('/openapi.json')).json()

/** An app that writes down every route that is registered. */
async function startWithRoutes(t: Test, settings = {}): Promise<{ app: FastifyInstance; routes: Set<string> }> {
  const app = await startApp(t, settings)
  const known = METHODS.filter((method) => method !== 'head' && method !== 'options')
  const routes = new Set<string>()
  for (const line of readPaths(app.printRoutes({ commonPrefix: false })))
    for (const method of line.methods) if (known.includes(method)) routes.add(`${method} ${line.path}`)
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
    t.match(document, { openapi: /^3\.1\.\d$/, info: { title: 'Power Oracle', version: /^\d/ } })
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
  t.strictSame(security, [{ l402: [] }, { x402: [] }])
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
  t.ok(examples >= 4, `${examples} examples`)
  for (const name of ['ComputePowerRequest', 'ComputePowerAnswer', 'PaymentRequired', 'ProblemDocument'])
    t.equal(document.components.schemas[name]?.title, name)
})

t.test('OpenAPI: what the service really answers is what it documents', async (t) => {
  const app = await startApp(t)
  const document = await openapiOf(app)
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { date: true, 'date-time': true } })
  ajv.addSchema(document, 'openapi.json')
  const holds = (path: string, method: string, answer: Answer) => {
    const pointer = `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses/${answer.statusCode}`
    const response = at(document, pointer) as Response | undefined
    const mediaType = String(answer.headers['content-type']).split(';')[0]!
    const name = `${method} ${path} ${answer.statusCode} ${mediaType}`
    if (response?.content?.[mediaType]?.schema === undefined) return t.fail(`${name} is not documented`)
    const schema = `openapi.json${pointer}/content/${mediaType.replace('/', '~1')}/schema`
    const validate = ajv.compile({ $ref: schema })
    const value = mediaType.endsWith('json') ? answer.json() : answer.body
    return t.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`)
  }
  for (const path of Object.keys(document.paths)) {
    if (document.paths[path]!.get) holds(path, 'get', await app.inject(path))
  }
  const body = workout()
  holds(PATH, 'post', await ask(app, body))
  holds(PATH, 'post', await ask(app, '{'))
  holds(PATH, 'post', await ask(app, '{}'))
  holds(PATH, 'post', await ask(app, '{}', undefined, { headers: { 'content-type': 'text/plain' } }))
  holds(PATH, 'post', await ask(app, JSON.stringify('x'.repeat(262_144))))
  const { authorization, invoice } = await purchase(app, body)
  holds(PATH, 'post', await ask(app, body, authorization))
  const pay = (payload: Json) => app.inject({ method: 'POST', url: '/dev/lightning/pay', payload })
  holds('/dev/lightning/pay', 'post', await pay({ invoice }))
  holds('/dev/lightning/pay', 'post', await pay({ invoice: 'lnbcrt1' }))
  holds('/dev/lightning/pay', 'post', await pay({}))
  const fresh = (await ask(app, workout())).json().invoice
  holds('/dev/lightning/pay', 'post', await pay({ invoice: fresh }))
})

t.test('docs and llms.txt: what a person and an agent need, and nothing from elsewhere', async (t) => {
  const app = await startApp(t)
  const page = await app.inject('/docs')
  t.match(page.headers['content-type'], /^text\/html/)
  for (const path of Object.keys((await openapiOf(app)).paths)) t.ok(page.body.includes(path), path)
  t.notMatch(page.body, /<script|src=|https?:\/\/(?!127\.0\.0\.1)/)
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
  t.equal(Object.keys(first.json()).length, 64)
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
