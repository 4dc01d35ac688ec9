/** Traces as an OTLP receiver gets them, after a real purchase over Lightning. */
import { once } from 'node:events'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { calls, observeStage, stages } from '../../lib/observe/calls.ts'
import { fetchPatiently } from '../support/patience.ts'
import { challengeOf, PATH, pay, startApp, workout } from '../support/purchase.ts'
import { attributeOf, startTraceReceiver } from '../support/trace-receiver.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/i

t.test(
  'a purchase: request, plan, charge, capture and the commit, as one trace, and nothing that was sent',
  async (t) => {
    const receiver = await startTraceReceiver(t)
    const { url, spans } = receiver
    const app = await startApp(t, { OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` })
    const { token, preimage, athlete } = await buyOverHttp(app)
    await fetch(`${app.publicUrl}/v1/athletes/${athlete}/workouts?limit=${token.length}`)
    await app.close()
    const paid = spans.filter(({ name }) => name === `POST ${PATH}`)
    t.ok(paid.length >= 2, 'the 402 and the answer')
    const root = paid.find((span) => attributeOf(span, 'http.response.status_code') === 200)!
    t.equal(root.parentSpanId || undefined, undefined)
    const trace = spans.filter(({ traceId }) => traceId === root.traceId)
    const parentOf = (name: string) => trace.find(({ spanId }) => spanId === named(name).parentSpanId)?.name
    const named = (name: string) => trace.find((span) => span.name === name) ?? (t.fail(`no span ${name}`) as never)
    for (const stage of ['plan', 'charge', 'capture']) t.equal(parentOf(`billing ${stage}`), `POST ${PATH}`)
    t.equal(parentOf('sqlite transact'), 'billing capture')
    t.equal(new Set(paid.map(({ traceId }) => traceId)).size, paid.length, 'each request has a trace of its own')
    t.ok(
      spans.some(({ name }) => name === 'GET /v1/athletes/:athlete_uuid/workouts'),
      'a template, and no path'
    )
    const sent = receiver.received
    t.match(sent, '"service.name"')
    for (const secret of [token, preimage, athlete]) t.notMatch(sent, secret)
    t.notMatch(sent, UUID)
    t.notOk(calls.hasSubscribers || stages.hasSubscribers, 'closed, it no longer listens')
  }
)

t.test('a stage that fails is a span that says so, in one word', async (t) => {
  const receiver = await startTraceReceiver(t)
  const { url, spans } = receiver
  const app = await startApp(t, { OTEL_EXPORTER_OTLP_ENDPOINT: url })
  await t.rejects(observeStage('sqlite', 'transact', () => Promise.reject(new RangeError('secret 5e5e'))))
  await app.close()
  const [span] = spans.filter(({ name }) => name === 'sqlite transact')
  t.equal(attributeOf(span!, 'error.type'), 'RangeError')
  t.equal(span!.status.code, 2)
  t.notMatch(receiver.received, '5e5e')
})

const AWAY: Record<string, (t: Test) => Promise<string>> = {
  'a receiver that is down': async () => 'http://127.0.0.1:1',
  'a receiver that is frozen': async (t) => {
    const server = createTcpServer(() => {}).listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
}
for (const [name, start] of Object.entries(AWAY))
  t.test(`${name} holds nothing up, and its spans are dropped`, async (t) => {
    const app = await startApp(t, { OTEL_EXPORTER_OTLP_ENDPOINT: await start(t) })
    await app.listen({ host: '127.0.0.1', port: 0 })
    // More than may wait.
    for (let round = 0; round < 30; round++)
      await Promise.all(
        Array.from({ length: 100 }, () => fetch(`${app.publicUrl}/livez`).then((answer) => answer.text()))
      )
    await buyOverHttp(app)
    const stopped = await Promise.race([app.close().then(() => true), later()])
    t.equal(stopped, true, 'and the stop ends')
  })

const PATIENCE_MS = 20_000

function later(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref())
}

async function buyOverHttp(app: FastifyInstance): Promise<{ token: string; preimage: string; athlete: string }> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  const body = workout()
  const send = async (authorization = '') => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
    const answer = await fetchPatiently(app.publicUrl + PATH, { method: 'POST', headers, body: JSON.stringify(body) })
    return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
  }
  const { token, invoice } = challengeOf(await send())
  const preimage = await pay(app, invoice)
  const { statusCode } = await send(`L402 ${token}:${preimage}`)
  if (statusCode !== 200) throw new Error(`not sold: ${statusCode}`)
  return { token, preimage, athlete: String(body.athlete_uuid) }
}
