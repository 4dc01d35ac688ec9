import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import { CERTIFICATE } from '../lib/lightning/certificates.ts'
import { writtenLog } from '../support/captured-log.ts'
import { startApp } from '../support/purchase.ts'

t.test('/livez and /readyz of a service that sells', async (t) => {
  const app = await startApp(t)
  const alive = await app.inject('/livez')
  t.strictSame([alive.statusCode, alive.json()], [200, { status: 'alive' }])
  const ready = await app.inject('/readyz')
  t.equal(ready.statusCode, 200)
  t.strictSame(ready.json(), {
    status: 'ready',
    components: { x402: 'off', price: 'ok', ledger: 'ok', l402: 'ok' }
  })
  for (const { headers } of [alive, ready]) t.equal(headers['cache-control'], 'no-store')
  t.equal((await app.inject({ method: 'HEAD', url: '/readyz' })).statusCode, 200)
})

t.test('/readyz: 503 with the reason, and /livez goes on', async (t) => {
  const shut = await startApp(t)
  await (shut.ledger as unknown as { database: { close(): Promise<void> } }).database.close()
  const nodeDown = {
    LIGHTNING: 'lnd',
    LND_SOCKET: '127.0.0.1:1',
    LND_TLS_CERT: CERTIFICATE,
    LND_MACAROON: '00',
    BTC_USD_FIXED: '100000'
  }
  const cases = {
    'the database accepts no writes': shut,
    'no payment method is available': await startApp(t, { LIGHTNING: 'off' })
  }
  for (const [reason, app] of Object.entries(cases)) {
    const answer = await app.inject('/readyz')
    t.equal(answer.statusCode, 503, reason)
    t.match(answer.json(), { status: 503, code: 'not_ready', detail: `Not ready: ${reason}.` })
    t.ok(Number(answer.headers['retry-after']) >= 1)
    t.equal((await app.inject('/livez')).statusCode, 200)
  }
  const app = await startApp(t, nodeDown)
  await t.resolves(becomes(() => app.inject('/readyz'), 503))
  t.match((await app.inject('/readyz')).json(), {
    detail: 'Not ready: no payment method is available.',
    components: { l402: 'degraded' }
  })
})

t.test('/readyz: a part that is configured and not up yet is starting, not off', async (t) => {
  const app = await startApp(t, { X402: 'embedded' })
  const answer = await app.inject('/readyz')
  t.equal(answer.statusCode, 503)
  t.match(answer.json(), { detail: 'Not ready: x402 is starting.', components: { x402: 'starting', l402: 'ok' } })
  t.match((await app.inject('/v1/health')).json(), { components: { x402: 'off' } }, 'the contract knows no such word')
  // With a chain it is up then, without one it is off; either way the other rail sells.
  await t.resolves(becomes(() => app.inject('/readyz'), 200))
})

t.test('settling by the word of a facilitator alone is said at the start, and in health', async (t) => {
  const trusted = {
    X402: 'facilitator',
    X402_FACILITATOR_URL: 'http://127.0.0.1:1',
    X402_PAY_TO: `0x${'11'.repeat(20)}`
  }
  for (const [settings, isSaid] of [
    [trusted, true],
    [{ ...trusted, X402_RPC_URL: 'http://127.0.0.1:1' }, false]
  ] as const) {
    const { stream, text } = writtenLog()
    const config = loadConfig({ DATABASE_URL: 'sqlite::memory:', ...settings })
    const app = await buildApp(config, { level: 'warn', stream })
    t.teardown(() => app.close())
    await app.ready()
    const said = text().match(/X402_RPC_URL is not set/g)
    t.equal(said?.length, isSaid ? 1 : undefined)
    for (const path of ['/v1/health', '/readyz'])
      t.equal((await app.inject(path)).json().components.x402_evidence, isSaid ? 'off' : undefined, path)
  }
})

t.test('/readyz: 503 on a connection that outlives the beginning of the stop', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET /readyz HTTP/1.1\r\nHost: x\r\n')
  const [connection] = await once(app.server, 'connection')
  await once(connection, 'data').catch(() => undefined)
  const closing = app.close()
  await new Promise((resolve) => setImmediate(resolve))
  socket.write('\r\n')
  const [bytes] = await once(socket, 'data')
  t.match(String(bytes), /^HTTP\/1\.1 503 /)
  t.match(String(bytes), 'the service is stopping')
  await closing
})

async function becomes(ask: () => Promise<{ statusCode: number }>, status: number): Promise<void> {
  for (const until = Date.now() + 20_000; (await ask()).statusCode !== status; ) {
    if (Date.now() > until) throw new Error(`no ${status} in 20 s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
