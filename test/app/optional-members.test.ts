import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ask, purchase, startApp, workout } from '../support/purchase.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly minimum?: number
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
}
interface Document {
  readonly paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}
type Json = Record<string, unknown>

/** A member of a body: how to reach it, making what lies on the way, and whether its object has to have it. */
interface Member {
  readonly name: string
  readonly required: boolean
  /** The object in the body that holds the member, made where it is missing. */
  readonly holder: (body: Json) => Json
}

/**
 * Every member of a request's schema, in each form of a value, in the first item of a list and in a map.
 * @param alternatives the forms that the value may have; a member is required if all of them require it
 */
function* membersOf(
  document: Document,
  schema: Schema,
  path: string,
  holder: (body: Json) => Json,
  alternatives: readonly Schema[] = [schema]
): Generator<Member> {
  const { properties = {}, additionalProperties } = schema
  const members: [name: string, schema: Schema][] = Object.entries(properties)
  if (typeof additionalProperties === 'object') members.push(['vest_load', additionalProperties])
  for (const [name, reference] of members) {
    yield { name: `${path}/${name}`, required: alternatives.every(({ required }) => required?.includes(name)), holder }
    const member = placed(document, reference)
    const forms = (member.oneOf ?? [member]).map((one) => placed(document, one))
    for (const form of forms) {
      const value = (body: Json): Json => {
        const object = holder(body)
        if (form !== forms[0] || object[name] === undefined) object[name] = minimal(document, form)
        return object[name] as Json
      }
      const items = form.items && placed(document, form.items)
      if (items)
        yield* membersOf(document, items, `${path}/${name}/0`, (body) => (value(body) as unknown as Json[])[0]!)
      else if (form.type === 'object') yield* membersOf(document, form, `${path}/${name}`, value, forms)
    }
  }
}

function placed({ components }: Document, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1)!]!
}

/** A value of a schema, with its required members alone. */
function minimal(document: Document, reference: Schema): unknown {
  const schema = placed(document, reference)
  if (schema.const !== undefined || schema.enum) return schema.const ?? schema.enum![0]
  if (schema.type === 'number' || schema.type === 'integer') return schema.minimum ?? 0
  if (schema.type !== 'object') return 'x'
  const { required = [], properties = {} } = schema
  return Object.fromEntries(required.map((name) => [name, minimal(document, properties[name]!)]))
}

/** What does not change from one answer to the next. An offer that is a repeat says so. */
function said({ statusCode, body }: { statusCode: number; body: string }) {
  const { invoice_reused, invoice_reused_until, ...rest } = JSON.parse(body)
  return { statusCode, rest }
}

function send(app: FastifyInstance, method: string, path: string, body: Json) {
  const url = path.replaceAll(/\{\w+\}/g, '11111111-1111-4111-8111-111111111111')
  return app.inject({ method: method.toUpperCase() as 'POST', url, payload: body })
}

t.test('null is absent for each optional member of each request, and wrong for each required one', async (t) => {
  const app = await startApp(t)
  const document: Document = (await app.inject('/openapi.json')).json()
  const bases: Readonly<Record<string, Json>> = {
    ComputePowerRequest: workout(),
    RevisionRequest: workout({ supersedes_revision_id: 'x' }),
    VoidRequest: { athlete_uuid: workout().athlete_uuid, revision_id: 'x' }
  }
  const seen = new Set<string>()
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, { requestBody }] of Object.entries(item)) {
      const reference = requestBody?.content['application/json']?.schema
      if (reference === undefined) continue
      const schema = placed(document, reference)
      const name = reference.$ref!.split('/').at(-1)!
      const base = bases[name] ?? (minimal(document, schema) as Json)
      for (const member of membersOf(document, schema, '', (body) => body)) {
        const [empty, absent] = [structuredClone(base), structuredClone(base)]
        const key = member.name.split('/').at(-1)!
        member.holder(empty)[key] = null
        delete member.holder(absent)[key]
        const [given, without] = [await send(app, method, path, empty), await send(app, method, path, absent)]
        const label = `${name}: ${member.name}`
        seen.add(label)
        if (member.required) {
          t.equal(given.statusCode, 422, `${label} is required`)
          t.ok(
            given.json().errors.some(({ pointer }: Json) => pointer === member.name),
            label
          )
        } else t.strictSame(said(given), said(without), `${label} is optional`)
      }
    }
  for (const name of [
    'ComputePowerRequest: /user/age_years',
    'ComputePowerRequest: /user/height/inches',
    'ComputePowerRequest: /splits/0/work/movements/0/inputs/vest_load',
    'RevisionRequest: /reason',
    'VoidRequest: /reason'
  ])
    t.ok(seen.has(name), name)
})

t.test('a null buys what the absent member buys', async (t) => {
  const app = await startApp(t)
  const body = workout()
  const { authorization } = await purchase(app, body)
  const nulls = { ...body, scenario_label: null, response_units: { work: null, power: null } }
  const sold = await ask(app, { ...body, scenario_label: null, response_units: null }, authorization)
  t.equal(sold.statusCode, 200, sold.body)
  const again = await ask(app, body, authorization)
  t.strictSame([again.body, again.headers['idempotent-replayed']], [sold.body, 'true'], 'one purchase')
  t.equal((await ask(app, nulls, authorization)).statusCode, 402, 'an empty object is not absent')
})

t.test('null stays where it means something else', async (t) => {
  const app = await startApp(t)
  for (const [more, pointer] of [
    [{ surprise: null }, '/surprise'],
    [{ splits: [null] }, '/splits/0'],
    [{ height: null }, '/height']
  ] as const) {
    const answer = await ask(app, workout(more))
    t.equal(answer.statusCode, 422, pointer)
    t.match(answer.json().errors, [{ pointer }])
  }
  t.equal((await ask(app, 'null')).statusCode, 422)
  t.equal((await ask(app, '[null]')).statusCode, 422)
})
