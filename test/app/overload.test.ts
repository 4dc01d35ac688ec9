import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ask, hypothetical, purchase, startApp, workout } from '../support/purchase.ts'

/** Requests in a period. */
const MANY = 16
const LATE_MS = 1000

/** Makes the event loop late, as far as the service knows. One that does not listen is told nothing else. */
function press(app: FastifyInstance): void {
  for (let period = 0; period < 2; period++) app.loadShedder.note(LATE_MS, MANY)
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
    const answer = await question()
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
  for (const path of ['/v1/health', '/livez', '/readyz']) t.equal((await app.inject(path)).statusCode, 200, path)
  t.match((await app.inject('/v1/health')).json(), { status: 'ok' }, 'load is no fault')
  t.equal((await app.inject({ method: 'OPTIONS', url: '/v1/compute-power' })).statusCode, 204, 'a preflight')
  for (const [index, body] of bodies.entries()) {
    t.equal((await ask(app, body, paid[index])).statusCode, 200, 'a payment')
    t.equal((await ask(app, body, paid[index])).headers['idempotent-replayed'], 'true', 'and its replay')
  }
  app.loadShedder.note(1, MANY)
  t.equal((await ask(app, workout())).statusCode, 402, 'light again')
})

t.test('a dollar payment goes through to its rail', async (t) => {
  const app = await startApp(t, { X402: 'embedded', LIGHTNING: 'off' })
  press(app)
  const answer = await ask(app, workout(), undefined, { headers: { 'payment-signature': 'bm90aGluZw==' } })
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
