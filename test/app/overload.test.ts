import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ask, hypothetical, purchase, startApp, workout } from '../support/purchase.ts'

/** Requests in a period. */
const MANY = 16
const LATE_MS = 1000
/** So long ago began the turn of the event loop in which a request is asked. */
const TURN_MS = 30

/** Makes the event loop late, as far as the service knows. One that does not listen is told nothing else. */
function press(app: FastifyInstance): void {
  for (let period = 0; period < 2; period++) app.loadShedder.note(LATE_MS, MANY)
}

/** Asks in a turn that has admitted requests for long, as far as the service knows. */
function late<T>(app: FastifyInstance, question: () => T): T {
  app.loadShedder.watch(performance.now() - TURN_MS)
  return question()
}

t.test('under pressure new challenges and free routes are refused, payments and health go through', async (t) => {
  const app = await startApp(t)
  const bodies = [workout(), hypothetical()]
  const paid = await Promise.all(bodies.map(async (body) => (await purchase(app, body)).authorization))
  press(app)
  const refused = {
    'a challenge': () => ask(app, workout()),
    'a mistake': () => ask(app, '{}'),
    'a price': () => app.inject({ method: 'POST', url: '/v1/compute-power' }),
    'a token that nobody issued': () => ask(app, workout(), paid[0]!.replace(/L402 ..../, 'L402 AAAA')),
    movements: () => app.inject('/v1/movements'),
    'the document': () => app.inject('/openapi.json'),
    records: () => app.inject(`/v1/athletes/${bodies[0]!.athlete_uuid}/workouts`),
    'what is not there': () => app.inject('/nothing')
  }
  for (const [name, question] of Object.entries(refused)) {
    const answer = await late(app, question)
    t.equal(answer.statusCode, 503, name)
    t.match(
      answer.json(),
      { status: 503, code: 'overloaded', retryable: true, type: /\/docs\/errors\/overloaded$/ },
      name
    )
    t.ok(Number(answer.headers['retry-after']) >= 1, `${name}: Retry-After`)
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', name)
    t.equal(answer.headers['access-control-allow-origin'], '*', `${name}: a web page can read it`)
  }
  for (const path of ['/v1/health', '/livez', '/readyz'])
    t.equal((await late(app, () => app.inject(path))).statusCode, 200, path)
  t.match((await late(app, () => app.inject('/v1/health'))).json(), { status: 'ok' }, 'load is no fault')
  const preflight = () => app.inject({ method: 'OPTIONS', url: '/v1/compute-power' })
  t.equal((await late(app, preflight)).statusCode, 204, 'a preflight')
  for (const [index, body] of bodies.entries()) {
    const pay = () => ask(app, body, paid[index])
    t.equal((await late(app, pay)).statusCode, 200, 'a payment')
    t.equal((await late(app, pay)).headers['idempotent-replayed'], 'true', 'and its replay')
  }
  app.loadShedder.note(1, MANY)
  t.equal((await late(app, () => ask(app, workout()))).statusCode, 402, 'light again')
})

t.test('under pressure an offer that would wait for its invoice is refused before its body is read', async (t) => {
  const app = await startApp(t)
  // The pool keeps none ready for somebody who asks once.
  await purchase(app, workout())
  press(app)
  const refused = await ask(app, workout())
  t.equal(refused.json().code, 'overloaded')
  t.ok(Number(refused.headers['retry-after']) >= 1, 'Retry-After')
  let status = 0
  for (const end = Date.now() + 30_000; status !== 402 && Date.now() < end; ) {
    status = (await ask(app, workout())).statusCode
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  t.equal(status, 402, 'it counts as demand, so that there are invoices soon')
})

t.test('a dollar payment goes through to its rail', async (t) => {
  const app = await startApp(t, { X402: 'embedded', LIGHTNING: 'off' })
  press(app)
  const pay = () => ask(app, workout(), undefined, { headers: { 'payment-signature': 'bm90aGluZw==' } })
  const answer = await late(app, pay)
  t.not(answer.json().code, 'overloaded')
})

t.test('a service that rests is not late', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  press(app)
  t.ok(app.loadShedder.isShedding)
  for (const end = Date.now() + 30_000; app.loadShedder.isShedding && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20))
  t.notOk(app.loadShedder.isShedding, 'it finds out by itself')
})
