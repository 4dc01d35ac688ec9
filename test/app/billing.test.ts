import { randomBytes } from 'node:crypto'
import { DatabaseSync } from '@photostructure/sqlite'
import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import { paymentRequired } from '../../plugins/payment/paid-schema.ts'
import { NAMING_KEYWORDS } from '../../schemas/naming.ts'
import { caveatsOf, sha256 } from '../support/macaroon.ts'
import {
  ask,
  buy,
  challengeOf,
  hypothetical,
  NO_LIMITS,
  PATH,
  pay,
  purchase,
  startApp,
  workout
} from '../support/purchase.ts'

const ajv = new Ajv({ allErrors: true, strict: true, keywords: NAMING_KEYWORDS, formats: { 'date-time': true } })
const COPIES = 50

t.test('no proof: 402, all of its headers, and a body by the schema', async (t) => {
  const app = await startApp(t)
  const answer = await ask(app, workout())
  const { token, invoice } = challengeOf(answer)
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.equal(answer.headers['access-control-allow-origin'], '*')
  const body = answer.json()
  t.equal(problemsOf(app, body), 'No errors')
  t.match(body, { status: 402, detail: 'Payment required', price_usd: '0.10', priceSats: 100, invoice })
  t.equal(body.macaroon, token)
  t.notOk('reason' in body)
  const bytes = Buffer.from(token, 'base64')
  t.equal(bytes.toString('base64'), token, 'standard base64 with its padding')
  const caveats = caveatsOf(token).sort()
  t.match(caveats, [
    'method=POST',
    `path=${PATH}`,
    /^power-oracle_valid_until=\d{10}$/,
    'price_msat=100000',
    /^request_sha256=[0-9a-f]{64}$/,
    'services=power-oracle:0'
  ])
  t.equal(caveats.length, 6)
  const lifetime = Number(caveats[2]!.split('=')[1]) - Date.now() / 1000
  t.ok(lifetime > 86_400 + 440 && lifetime <= 86_400 + 600, 'the token outlives its invoice by a day')
})

t.test('good proof, then the same bytes again', async (t) => {
  const app = await startApp(t)
  const body = workout()
  const { token, preimage, authorization } = await purchase(app, body)
  t.ok(Buffer.from(token, 'base64').includes(sha256(Buffer.from(preimage, 'hex'))), 'the token holds the payment hash')
  const first = await ask(app, body, authorization)
  t.equal(first.statusCode, 200)
  t.equal(first.headers['idempotent-replayed'], undefined)
  t.equal(first.headers['cache-control'], 'no-store')
  t.equal(first.headers['www-authenticate'], undefined)
  for (let time = 0; time < 3; time++) {
    const replay = await ask(app, body, authorization)
    t.strictSame([replay.statusCode, replay.body], [200, first.body])
    t.equal(replay.headers['idempotent-replayed'], 'true')
    t.equal(replay.headers['content-type'], first.headers['content-type'])
  }
})

t.test('another spelling of the body is the same request', async (t) => {
  const app = await startApp(t)
  const body = workout()
  const { authorization } = await purchase(app, body)
  const first = await ask(app, body, authorization)
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned)
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).map(([key, member]) => [key, turned(member)])
    return Object.fromEntries(members.reverse())
  }
  const text = JSON.stringify(body)
  const spellings: [string, string, string?][] = [
    ['white space', JSON.stringify(body, null, '\t')],
    ['the order of keys', JSON.stringify(turned(body))],
    ['1.0 for 1', text.replaceAll(/(\d)([,}])/g, '$1.0$2')],
    ['exponents', text.replace('"duration_seconds":180', '"duration_seconds":18e1')],
    ['escapes', text.replace('"thruster"', '"\\u0074hruster"')],
    ['a media type with a parameter', text, 'application/json; charset=utf-8']
  ]
  for (const [name, spelling, mediaType = 'application/json'] of spellings) {
    const answer = await ask(app, spelling, authorization, { headers: { 'content-type': mediaType } })
    t.strictSame([answer.statusCode, answer.body], [200, first.body], name)
  }
  const withQuery = await ask(app, body, authorization, { url: `${PATH}?x=1` })
  t.equal(withQuery.body, first.body, 'a query changes nothing')
})

t.test('fifty copies at once are one execution', async (t) => {
  const app = await startApp(t, { DATABASE_URL: `sqlite:${t.testdir()}/oracle.db` })
  const body = workout()
  const { authorization } = await purchase(app, body)
  const answers = await Promise.all(Array.from({ length: COPIES }, () => ask(app, body, authorization)))
  t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))], [200])
  t.equal(new Set(answers.map(({ body }) => body)).size, 1, 'fifty equal answers')
  const firsts = answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)
  t.equal(firsts.length, 1, 'one is reported as the first')
  t.strictSame(rowsOf(app), { payments: 1, revisions: 1 })
})

t.test('two instances on one database behave as one', async (t) => {
  const settings = {
    DATABASE_URL: `sqlite:${t.testdir()}/oracle.db`,
    L402_SECRETS: `1:${randomBytes(32).toString('hex')}`
  }
  const apps = [await startApp(t, settings), await startApp(t, settings)] as const
  for (let round = 0; round < 5; round++) {
    const body = workout()
    const { authorization } = await purchase(apps[0], body)
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(apps[n % 2]!, body, authorization)))
    t.strictSame([...new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))].length, 1)
    t.equal(answers[0]!.statusCode, 200)
    const digit = { ...body, duration_seconds: 181 }
    t.equal((await ask(apps[1], digit, authorization)).json().reason.code, 'token_other_request')
    t.strictSame(rowsOf(apps[1]), { payments: round + 1, revisions: round + 1 })
  }
})

t.test(
  'an answer that another instance sold is marked as a replay, though this one issued the challenge',
  async (t) => {
    const settings = {
      DATABASE_URL: `sqlite:${t.testdir()}/oracle.db`,
      L402_SECRETS: `1:${randomBytes(32).toString('hex')}`
    }
    const [maker, other] = [await startApp(t, settings), await startApp(t, settings)] as const
    for (const body of [workout(), hypothetical()]) {
      const { authorization } = await purchase(maker, body)
      const sold = await ask(other, body, authorization)
      t.match(sold, { statusCode: 200, headers: { 'idempotent-replayed': undefined } })
      for (const app of [maker, maker, other]) {
        const again = await ask(app, body, authorization)
        t.strictSame([again.statusCode, again.body, again.headers['idempotent-replayed']], [200, sold.body, 'true'])
      }
    }
    t.strictSame(rowsOf(maker), { payments: 2, revisions: 1 })
  }
)

t.test('nothing is stored for a challenge, and no workout for a plan', async (t) => {
  const app = await startApp(t, { DATABASE_URL: `sqlite:${t.testdir()}/oracle.db` })
  for (let time = 0; time < 5; time++) await purchase(app, workout())
  t.strictSame(rowsOf(app), { payments: 0, revisions: 0 }, 'paid, but not redeemed')
  const { performed_date: _, ...planned } = workout({ evaluation_context: 'planned', planned_for_date: '2027-01-01' })
  for (const [index, body] of [planned, hypothetical({ scenario_label: 'x' })].entries()) {
    const { authorization } = await purchase(app, body)
    const first = await ask(app, body, authorization)
    t.equal(first.statusCode, 200)
    const replay = await ask(app, body, authorization)
    t.strictSame([replay.body, replay.headers['idempotent-replayed']], [first.body, 'true'])
    t.strictSame(rowsOf(app), { payments: index + 1, revisions: 0 })
  }
  await buy(app, workout())
  t.strictSame(rowsOf(app), { payments: 3, revisions: 1 })
})

t.test('a challenge is offered again until it is used', async (t) => {
  const app = await startApp(t)
  const body = workout()
  const first = challengeOf(await ask(app, body))
  t.strictSame(challengeOf(await ask(app, JSON.stringify(body, null, 1))), first, 'the same client, the same request')
  t.not(challengeOf(await ask(app, workout())).invoice, first.invoice, 'another request')
  const elsewhere = await ask(app, body, undefined, { remoteAddress: '192.0.2.7' })
  t.not(challengeOf(elsewhere).invoice, first.invoice, 'another client')
  const wrong = await ask(app, body, `L402 ${first.token}:${'0'.repeat(64)}`)
  t.strictSame(challengeOf(wrong), first, 'a wrong preimage uses nothing up')
  const preimage = await pay(app, first.invoice)
  t.equal((await ask(app, body, `L402 ${first.token}:${preimage}`)).statusCode, 200)
  t.not(challengeOf(await ask(app, body)).invoice, first.invoice, 'what was sold is not asked for again')
})

t.test('too many challenges: 429, and free failures do not count', async (t) => {
  const app = await startApp(t, { CHALLENGES_PER_MINUTE: '3' })
  for (let time = 0; time < 10; time++) {
    t.equal((await ask(app, '{}')).statusCode, 422)
    t.equal((await ask(app, '{')).statusCode, 400)
    t.equal((await app.inject({ method: 'POST', url: PATH })).statusCode, 402, 'a price probe makes no invoice')
  }
  const body = workout()
  const answers = [await ask(app, body)]
  for (let time = 0; time < 10; time++) t.equal((await ask(app, body)).statusCode, 402, 'the same challenge is free')
  // Seven in at most two minutes: four of them fall into one.
  while (answers.length < 7) answers.push(await ask(app, workout()))
  t.strictSame(new Set(answers.slice(0, 3).map(({ statusCode }) => statusCode)), new Set([402]))
  const refused = answers.find(({ statusCode }) => statusCode !== 402)
  t.equal(refused?.statusCode, 429)
  t.match(refused?.json(), { status: 429, code: 'too_many_challenges', retryable: true })
  const wait = Number(refused?.headers['retry-after'])
  t.ok(wait >= 1 && wait <= 60, `Retry-After: ${wait}`)
  t.equal(refused?.headers['www-authenticate'], undefined)
  const other = await ask(app, workout(), undefined, { remoteAddress: '192.0.2.8' })
  t.equal(other.statusCode, 402, 'another address is not held up')
  const { token, invoice } = challengeOf(answers[0]!)
  const paid = await ask(app, body, `L402 ${token}:${await pay(app, invoice)}`)
  t.equal(paid.statusCode, 200, 'who has paid is not held up either')
})

t.test('no body and no content type: the price alone', async (t) => {
  const app = await startApp(t)
  const answer = await app.inject({ method: 'POST', url: PATH })
  t.equal(answer.statusCode, 402)
  t.equal(answer.headers['www-authenticate'], undefined)
  t.equal(answer.headers['cache-control'], 'no-store')
  const body = answer.json()
  t.equal(problemsOf(app, body), 'No errors')
  t.match(body, { detail: 'Payment required', priceSats: 100, price_usd: '0.10', reason: { code: 'body_required' } })
  t.notOk('invoice' in body || 'macaroon' in body)
})

/** What the schema of a 402 finds wrong with a body. */
function problemsOf({ railDescriptions }: FastifyInstance, body: unknown): string {
  const isPaymentRequired = ajv.compile({ ...paymentRequired(railDescriptions), additionalProperties: false })
  isPaymentRequired(body)
  return ajv.errorsText(isPaymentRequired.errors)
}

/** Rows of the ledger, counted over a connection of its own. */
function rowsOf(app: FastifyInstance): { payments: number; revisions: number } {
  const { database } = app.config
  if (database.kind !== 'sqlite') throw new Error('the rows are counted in a file')
  const db = new DatabaseSync(database.path)
  const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)
  const rows = { payments: count('payments'), revisions: count('revisions') }
  db.close()
  return rows
}

t.test('a paid answer that is not stored is not given away', async (t) => {
  const app = await buildApp(loadConfig({ DATABASE_URL: 'sqlite::memory:', X402: 'off', ...NO_LIMITS }))
  t.teardown(() => app.close())
  const url = '/v1/bytes'
  app.post(url, { config: { paid: { price: 'compute_power', listing: { example: {} } } } }, (_request, reply) => {
    reply.send(Buffer.from('an answer'))
  })
  await app.ready()
  const body = workout()
  const { token, invoice } = challengeOf(await ask(app, body, undefined, { url }))
  const proof = `L402 ${token}:${await pay(app, invoice)}`
  for (let time = 0; time < 2; time++) {
    const answer = await ask(app, body, proof, { url })
    t.strictSame([answer.statusCode, answer.json().code], [500, 'internal_error'])
    t.notMatch(answer.body, 'an answer')
  }
})
