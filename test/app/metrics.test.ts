/** The figures that Prometheus reads, after real purchases over Lightning. */
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import t from 'tap'
import { LabelGuard } from '../../lib/metrics/prometheus.ts'
import { calls, failureOf, observeCall, stages } from '../../lib/observe/calls.ts'
import { packageVersion } from '../../lib/openapi/package-version.ts'
import { fetchPatiently } from '../support/patience.ts'
import { missing } from '../support/program.ts'
import { ask, buy, challengeOf, hypothetical, PATH, pay, startApp, workout } from '../support/purchase.ts'
import { type Scrape, scrape } from '../support/scrape.ts'

const ON = { METRICS: 'on', METRICS_PORT: '0' }
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/i

t.test('off, nothing listens and nothing is measured', async (t) => {
  const app = await startApp(t)
  t.equal(app.metrics, undefined)
  t.equal(app.metricsUrl, undefined)
  t.notOk(calls.hasSubscribers || stages.hasSubscribers)
})

t.test('purchases, free failures, refusals and money, exactly as often as they were', async (t) => {
  const app = await startApp(t, ON)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const send = async (body: unknown, authorization = '') => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
    const answer = await fetchPatiently(app.publicUrl + PATH, { method: 'POST', headers, body: JSON.stringify(body) })
    return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
  }
  const paidFor = async (body: unknown) => {
    const { token, invoice } = challengeOf(await send(body))
    return `L402 ${token}:${await pay(app, invoice)}`
  }
  const body = workout()
  const authorization = await paidFor(body)
  for (const _ of [1, 2, 3]) t.equal((await send(body, authorization)).statusCode, 200)
  const thought = hypothetical()
  t.equal((await send(thought, await paidFor(thought))).statusCode, 200)
  t.equal((await send(workout(), authorization)).statusCode, 402, 'a token of another request')
  t.equal((await send({ segments: [] })).statusCode, 422)
  t.equal((await fetchPatiently(`${app.publicUrl}/v1/workouts/${randomUUID()}`)).status, 404)

  const { sum, text } = bound(await scrape(app))
  const route = { route: PATH, method: 'POST' }
  const figures: [name: string, labels: Record<string, string>, value: number][] = [
    ['http_request_duration_seconds_count', { ...route, status: '200' }, 4],
    ['http_request_duration_seconds_count', { ...route, status: '402' }, 3],
    ['http_request_duration_seconds_count', { ...route, status: '422' }, 1],
    ['http_request_duration_seconds_count', { route: 'unmatched', status: '404' }, 1],
    ['offers_total', { rail: 'l402' }, 3],
    ['proofs_total', { rail: 'l402', outcome: 'captured' }, 2],
    ['proofs_total', { rail: 'l402', outcome: 'stored' }, 2],
    ['proofs_total', { outcome: 'refused', reason: 'token_other_request' }, 1],
    ['payments_taken_total', { rail: 'l402', asset: 'msat' }, 2],
    ['money_taken_units_total', { rail: 'l402', asset: 'msat' }, 200_000],
    ['problems_total', { code: 'not_found', status: '404' }, 1],
    ['problems_total', { code: 'workout_invalid', status: '422' }, 1],
    ['commit_group_size_count', {}, 2],
    ['commit_duration_seconds_count', {}, 2],
    ['commits_waiting', {}, 0],
    ['component_status', { component: 'l402', status: 'ok' }, 1],
    ['rail_status', { rail: 'l402', status: 'ok' }, 1],
    ['btc_usd', {}, 100_000],
    ['build_info', { version: packageVersion() }, 1]
  ]
  for (const [name, labels, value] of figures)
    t.equal(sum(`power_oracle_${name}`, labels), value, `${name} ${JSON.stringify(labels)}`)
  t.ok((sum('power_oracle_http_request_duration_seconds_sum', { ...route, status: '200' }) ?? 0) > 0)
  const pool = { price_usd: '0.10' }
  t.ok((sum('power_oracle_invoices_made_total', pool) ?? 0) >= 3)
  for (const name of ['ready', 'target', 'waiting'])
    t.type(sum(`power_oracle_invoice_pool_${name}`, pool), 'number', name)
  t.ok(sum('nodejs_eventloop_lag_p99_seconds') !== undefined)
  t.ok((sum('process_cpu_seconds_total') ?? 0) > 0)
  t.notMatch(text, authorization.slice(5, 60), 'no token')
  t.notMatch(text, authorization.slice(-64), 'no preimage')
  t.notMatch(text, UUID)
})

t.test('what is owed, and what is under way, with its age', async (t) => {
  const app = await startApp(t, ON)
  const now = Date.now()
  const { ledger } = app
  const request = (proofKey: string, amountAtomic: bigint) => ({
    proofKey,
    rail: proofKey.split(':')[0]!,
    fingerprint: createHash('sha256').update(proofKey).digest('hex'),
    route: PATH,
    amountAtomic,
    asset: 'msat',
    answerKeptUntilMs: now + 60_000
  })
  const claimed = async (proofKey: string, amountAtomic: bigint) => {
    const outcome = await ledger.claim(request(proofKey, amountAtomic))
    if (outcome.kind !== 'claimed') throw new Error(outcome.kind)
    return outcome.claim
  }
  const answer = { status: 200, body: '{}' }
  await ledger.keepAsOwed(await claimed('l402:aa', 100_000n))
  await ledger.keepAsOwed(await claimed('l402:ab', 90_000_000_000_000_000n))
  const unknown = await claimed('x402:aa', 7n)
  await ledger.beginSettling(unknown, answer)
  await ledger.leaveUnknown(unknown)
  await ledger.beginSettling(await claimed('x402:ab', 11n), answer)
  const dead = await claimed('x402:ac', 13n)
  await ledger.beginSettling(dead, answer)
  await ledger.release(dead)

  const { sum } = bound(await scrape(app))
  const lost = { rail: 'l402', reason: 'revision_lost_its_place' }
  t.equal(sum('power_oracle_payments_owed', lost), 2)
  t.equal(sum('power_oracle_money_owed_units', lost), 90_000_000_000_100_000)
  t.equal(sum('power_oracle_payments_owed', { rail: 'x402', reason: 'outcome_unknown' }), 1)
  t.equal(sum('power_oracle_money_owed_units', { rail: 'x402' }), 7, 'what was never settled is not owed')
  t.equal(sum('power_oracle_payments_pending', { rail: 'x402', state: 'settling' }), 1)
  t.equal(sum('power_oracle_payments_pending', { rail: 'x402', state: 'unknown' }), 1)
  const age = sum('power_oracle_payment_pending_oldest_seconds', { state: 'unknown' })
  t.ok(age !== undefined && age >= 0 && age <= (Date.now() - now) / 1000, `${age} s`)
})

t.test('no label is the client’s to choose, so that no client makes series', async (t) => {
  const app = await startApp(t, ON)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(app.publicUrl).port)
  const strange = async (): Promise<string[]> => {
    const word = `w${randomBytes(6).toString('hex')}`
    const headers = {
      'idempotency-key': word,
      'user-agent': word,
      'x-forwarded-for': word,
      host: `${word}.example`,
      traceparent: word,
      'content-type': 'application/json'
    }
    await app.inject({ method: 'GET', url: `/${word}?${word}=${word}`, headers })
    await app.inject({ method: 'PUT', url: `/v1/workouts/${word}`, headers, payload: { [word]: word } })
    await app.inject({ method: 'GET', url: `/v1/athletes/${randomUUID()}/workouts?cursor=${word}`, headers })
    await app.inject({ method: 'POST', url: `/v1/workouts/${randomUUID()}/revisions`, headers, payload: {} })
    await ask(app, workout({ [word]: word }))
    await ask(app, workout(), `L402 ${word}:${word}`)
    await ask(app, `{"${word}`)
    await sent(port, `${word.toUpperCase()} /${word} HTTP/1.1\r\n\r\n`)
    await sent(port, `GET /${word} HTTP/1.1\r\nhost: ${word}\r\nexpect: ${word}\r\n\r\n`)
    for (const target of [
      `/${word}?${word}`,
      `/v1/workouts/${word}`,
      `/v1/athletes/${randomUUID()}/workouts?cursor=${word}`
    ])
      for (const method of ['GET', 'PATCH', 'PROPFIND'])
        await sent(port, `${method} ${target} HTTP/1.1\r\nhost: ${word}\r\nconnection: close\r\n\r\n`)
    return [word]
  }
  const words = await strange()
  const before = await scrape(app)
  for (const _ of Array.from({ length: 5 })) words.push(...(await strange()))
  const after = await scrape(app)
  for (const label of ['route', 'method', 'rail', 'asset', 'peer', 'component'])
    t.strictSame(after.values(label), before.values(label), label)
  // On a busy machine some are turned away: statuses and codes are the program's.
  for (const status of after.values('status')) t.match(status, /^([2-5]\d\d|[a-z]+)$/)
  for (const label of ['code', 'reason']) for (const value of after.values(label)) t.match(value, /^[a-z_]*$/, label)
  for (const word of words) t.notMatch(after.text.toLowerCase(), word)
})

t.test('a label that another program fills is bounded in form and number', async (t) => {
  const guard = new LabelGuard(2)
  t.equal(guard.pass('a sentence, with a token: 5e5e'), 'other')
  t.equal(guard.pass('x'.repeat(81)), 'other')
  t.strictSame(
    ['one', 'two', 'three', 'one'].map((value) => guard.pass(value)),
    ['one', 'two', 'other', 'one']
  )
  t.equal(failureOf(Object.assign(new Error('5e5e'), { code: 'timeout' })), 'timeout')
  t.equal(failureOf(Object.assign(new TypeError('5e5e'), { code: 'two words' })), 'TypeError')
  t.equal(failureOf('5e5e'), 'Error')
})

t.test('a call that fails is measured with its reason, and fails all the same', async (t) => {
  const app = await startApp(t, ON)
  const failed = observeCall('rpc', 'eth_call', () => Promise.reject(new RangeError('secret 5e5e')))
  await t.rejects(failed, { message: 'secret 5e5e' })
  t.equal(await observeCall('rpc', 'eth_call', async () => 7), 7)
  const { sum, text } = bound(await scrape(app))
  t.equal(sum('power_oracle_call_duration_seconds_count', { peer: 'rpc', call: 'eth_call' }), 2)
  t.equal(sum('power_oracle_call_failures_total', { peer: 'rpc', call: 'eth_call', reason: 'RangeError' }), 1)
  t.notMatch(text, '5e5e')
})

t.test('the port of its own answers for figures, and for nothing else', async (t) => {
  const app = await startApp(t, ON)
  const url = app.metricsUrl ?? ''
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  t.match((await fetch(url)).headers.get('content-type'), 'text/plain; version=0.0.4')
  t.equal((await fetch(url, { method: 'POST' })).status, 405)
  t.equal((await fetch(new URL('/v1/health', url))).status, 404)
  t.equal((await app.inject('/metrics')).statusCode, 404, 'the public port has none')
  const taken = startApp(t, { ...ON, METRICS_PORT: new URL(url).port })
  await t.rejects(taken, { message: /^METRICS_PORT: \d+ is already in use$/ })
})

t.test('the figures go on while the database is away', async (t) => {
  const app = await startApp(t, ON)
  await (app.ledger as unknown as { database: { close(): Promise<void> } }).database.close()
  const { sum } = bound(await scrape(app))
  t.equal(sum('power_oracle_component_status', { component: 'ledger', status: 'degraded' }), 1)
  t.equal(sum('power_oracle_payments_owed'), undefined)
})

t.test('promtool finds no fault', { skip: missing('promtool') }, async (t) => {
  const app = await startApp(t, ON)
  await buy(app, workout())
  const { text } = await scrape(app)
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  // Those that begin so are prom-client's own.
  const ours = `${stdout}${stderr}`.split('\n').filter((line) => /^power_oracle_/.test(line))
  t.strictSame(ours, [])
  t.ok(status === 0 || status === 3, `exit code ${status}: ${stderr}`)
})

function bound(scraped: Scrape): { sum: Scrape['sum']; text: string } {
  return { sum: scraped.sum.bind(scraped), text: scraped.text }
}

/** Sends bytes and waits until the service closes the connection. */
function sent(port: number, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.resume()
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}
