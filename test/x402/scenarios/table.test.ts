/** Every row of the payments table, one named case each, with both rails on. */
import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { pay, post, raw } from '../../support/purchase.ts'
import { until } from '../../support/until.ts'
import { isOffer, isProblem, isRunning, isSold } from '../../support/x402/checks.ts'
import { type Answer, changed, inBodyOf, requiredOf, type X402Client } from '../../support/x402/client.ts'
import { MODES } from '../../support/x402/environment.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { scenario, type X402Service } from '../../support/x402/scenario.ts'

const PATH = '/v1/compute-power'
/** Nothing of these depends on who settles. */
const free = { modes: ['facilitator'], sold: 0 } as const

scenario('no proof: both headers, no-store, and a body that mirrors them', free, async (t, service) => {
  const { client, chain, payTo, facilitator } = service
  const answer = await client.post(client.workout())
  isOffer(t, answer)
  const { network, asset } = chain.embedded
  const { resource, accepts, x402Version, error } = requiredOf(answer)
  t.equal(x402Version, 2)
  t.equal(error, 'PAYMENT-SIGNATURE header is required')
  t.match(resource, { url: `https://power.example${PATH}`, mimeType: 'application/json' })
  const { maxTimeoutSeconds, ...terms } = accepts[0]!
  const extra = { name: 'USD Coin', version: '2' }
  t.strictSame(terms, { scheme: 'exact', network, amount: '100000', asset, payTo, extra })
  t.ok(maxTimeoutSeconds > 0)
  t.match(JSON.parse(answer.text), { price_usd: '0.10', invoice: /^lnbcrt/, macaroon: /./, priceSats: 100 })
  t.strictSame(facilitator.calls, { verify: 0, settle: 0, supported: 1 }, 'quoting asks nobody')
})

scenario('no proof: the whole 402 passes strict proxies', free, async (t, { client }) => {
  const { headers, text } = await client.post(client.workout())
  const size = [...headers].reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0)
  t.comment(`headers of ${size} characters, a body of ${text.length}`)
  t.ok(size <= 5000, `${size}`)
  t.ok(text.length <= 2500, `${text.length}`)
})

scenario('a quote names the configured address, whatever the request says', free, async (t, { client, port }) => {
  const lines = ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: ftp', 'Forwarded: host=evil.example']
  const answer = await raw(port, post(PATH, client.workout(), lines))
  t.match(answer, /^HTTP\/1\.1 402 /)
  t.notMatch(answer, 'evil.example')
  t.match(answer, `https://power.example${PATH}`)
})

scenario(
  'Lightning is down: the offer over x402 alone, with the reason in the body',
  { ...free, settings: { BTC_USD_SOURCES: 'http://127.0.0.1:1/' } },
  async (t, { client }) => {
    const answer = await client.post(client.workout())
    t.equal(answer.headers.get('www-authenticate'), null)
    const body = JSON.parse(answer.text)
    t.match(body, { ...inBodyOf(answer), unavailable: { l402: /bitcoin price is unknown/ } })
    t.notOk('invoice' in body)
  }
)

scenario('x402 is down: the offer over Lightning alone, with the reason in the body', free, async (t, service) => {
  await withoutChain(service, {})
  const { client } = service
  const answer = await client.post(client.workout())
  t.equal(answer.status, 402)
  t.match(answer.headers.get('www-authenticate'), /^L402 /)
  t.equal(answer.headers.get('payment-required'), null)
  const body = JSON.parse(answer.text)
  t.match(body, { detail: 'Payment required', invoice: /^lnbcrt/, unavailable: { x402: /^x402 is off: / } })
  t.notOk('accepts' in body)
})

scenario('both rails are down: 503 and Retry-After', free, async (t, service) => {
  await withoutChain(service, { BTC_USD_SOURCES: 'http://127.0.0.1:1/' })
  isProblem(t, await service.client.post(service.client.workout()), 503, 'payment_unavailable')
})

scenario('both proofs at once: 400', { modes: ['facilitator'] }, async (t, service) => {
  const { client } = service
  const order = await client.order()
  isProblem(t, await client.send(order, { authorization: `L402 AAAA:${'0'.repeat(64)}` }), 400, 'two_proofs')
  await isSold(t, await client.send(order), service)
})

scenario('PAYMENT-SIGNATURE twice: 400', { modes: ['facilitator'] }, async (t, service) => {
  const { client, port } = service
  const order = await client.order()
  const line = `PAYMENT-SIGNATURE: ${client.header(order.payload)}`
  for (const lines of [[line, line], [line, 'payment-signature: AAAA'], [`${line},${line.slice(19)}`]]) {
    const answer = await raw(port, post(PATH, order.body, lines))
    t.match(answer, /^HTTP\/1\.1 400 /)
    t.match(answer, 'PAYMENT-SIGNATURE was sent more than once.')
  }
  await isSold(t, await client.send(order), service)
})

scenario(
  'two Authorization lines: the first counts',
  { ...free, overLightning: 1 },
  async (t, { client, app, port }) => {
    const body = client.workout()
    const [mine, other] = [await buyProof(client, app, body), await buyProof(client, app, client.workout())]
    const lines = [`Authorization: ${mine}`, `Authorization: ${other}`]
    t.match(await raw(port, post(PATH, body, [lines[1]!, lines[0]!])), /^HTTP\/1\.1 402 /)
    t.match(await raw(port, post(PATH, body, lines)), /^HTTP\/1\.1 200 /)
    t.equal((await client.post(body, { authorization: mine })).headers.get('idempotent-replayed'), 'true')
  }
)

scenario('a proof that cannot be decoded: x402 400, L402 402 with a fresh challenge', free, async (t, { client }) => {
  const body = client.workout()
  for (const proof of ['x', 'AAAA', '{}', 'e30', 'e30=', btoa('null'), btoa('[]'), btoa('{"x402Version":2}')])
    isProblem(t, await client.post(body, { 'payment-signature': proof }), 400, 'invalid_payload')
  for (const proof of ['L402 :', 'L402 AAAA', `L402 AAAA:${'0'.repeat(64)}`])
    isOffer(t, await client.post(body, { authorization: proof }), 'token_unreadable')
})

scenario(
  'an empty proof is none: the offer without a reason, and the other rail sells',
  free,
  async (t, { client }) => {
    const body = client.workout()
    const empty = [
      { 'payment-signature': '' },
      { authorization: '' },
      { authorization: 'L402 ' },
      { 'payment-signature': '', authorization: 'L402 ' }
    ]
    for (const headers of empty) {
      const answer = await client.post(body, headers)
      t.strictSame([answer.status, 'reason' in JSON.parse(answer.text)], [402, false], JSON.stringify(headers))
    }
  }
)

scenario(
  'good proof, this request: the answer, once it is computed and captured',
  { modes: MODES },
  async (t, service) => {
    await isSold(t, await service.client.send(await service.client.order()), service)
  }
)

scenario('x402, an unnamed copy while the first runs: 409, and no challenge', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  service.hold('settle', 300)
  const first = client.send(order)
  await until('it is settled', () => service.asked('settle') === 1)
  isRunning(t, await client.send(order))
  await isSold(t, await first, service)
  t.strictSame([service.asked('verify'), service.asked('settle')], [1, 1])
})

scenario('x402, a copy under its name while the first runs: one answer for both', {}, async (t, service) => {
  const { client } = service
  const order = await client.order({ identifier: randomUUID() })
  service.hold('settle', 300)
  const first = client.send(order)
  await until('it is settled', () => service.asked('settle') === 1)
  const copy = await client.send(order)
  await isSold(t, await first, service)
  await isSold(t, copy, service, true)
  t.equal(copy.text, (await first).text)
  t.strictSame([service.asked('verify'), service.asked('settle')], [1, 1])
})

scenario('x402, a copy whose first connection has closed takes its place', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  service.hold('settle', 600)
  const hangUp = new AbortController()
  const lost = client.send(order, {}, hangUp.signal)
  await until('it is settled', () => service.asked('settle') === 1)
  hangUp.abort()
  await t.rejects(lost)
  await sleep(50)
  const copies = await Promise.all([client.send(order), client.send(order)])
  const [sold, running] = copies[0]!.status === 200 ? copies : copies.reverse()
  await isSold(t, sold!, service, true)
  isRunning(t, running!)
  isOffer(t, await client.send(order), 'proof_consumed')
})

scenario(
  'L402, the same proof later: the same bytes again',
  { ...free, overLightning: 1 },
  async (t, { client, app }) => {
    const body = client.workout()
    const authorization = await buyProof(client, app, body)
    const first = await client.post(body, { authorization })
    t.strictSame([first.status, first.headers.get('idempotent-replayed')], [200, null])
    const again = await client.post(body, { authorization })
    t.strictSame([again.text, again.headers.get('idempotent-replayed')], [first.text, 'true'])
    isOffer(t, await client.post(client.workout(), { authorization }), 'token_other_request')
  }
)

scenario('x402, the same authorisation after delivery: 402, and any key fetches the answer', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  const first = await client.send(order)
  await isSold(t, first, service)
  const consumed = await client.send(order)
  isOffer(t, consumed, 'proof_consumed')
  t.match(JSON.parse(consumed.text).reason.detail, /same payment and body with any Idempotency-Key/)
  // The delivery is written down late, and must count all the same.
  await service.reopen()
  isOffer(t, await client.send(order), 'proof_consumed')
  const identified = changed(order, (payload) =>
    Object.assign(payload.extensions!, { 'payment-identifier': { info: { required: false, id: randomUUID() } } })
  )
  for (const fetched of [
    await client.send(order, { 'idempotency-key': 'any' }),
    await client.send(order, { 'idempotency-key': 'another' }),
    await client.send(identified)
  ]) {
    await isSold(t, fetched, service, true)
    t.equal(fetched.text, first.text)
  }
  const other = { ...order, body: client.workout() }
  isProblem(t, await client.send(other, { 'idempotency-key': 'any' }), 409, 'proof_other_request')
})

scenario('x402, a purchase under a name is fetched under that name alone', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  await isSold(t, await client.send(order, { 'idempotency-key': 'its-name' }), service)
  for (const headers of [{}, { 'idempotency-key': 'another' }]) {
    const refused = await client.send(order, headers as Record<string, string>)
    isOffer(t, refused, 'proof_consumed')
    t.match(JSON.parse(refused.text).reason.detail, /under the Idempotency-Key or payment-identifier of the purchase/)
  }
  await isSold(t, await client.send(order, { 'idempotency-key': 'its-name' }), service, true)
})

scenario('x402, public chain data alone fetches nothing', {}, async (t, service) => {
  const { client, chain } = service
  const order = await client.order()
  const key = { 'idempotency-key': 'stolen' }
  await isSold(t, await client.send(order), service)
  // Payer and nonce are public, the workout is not.
  isProblem(t, await client.send({ ...order, body: client.workout() }, key), 409, 'proof_other_request')
  const thief = await signPayment((await chain.newPayer(0n)).key, order.payment.terms, {
    from: order.payment.from,
    nonce: order.payment.nonce
  })
  const forged = changed(order, ({ payload }) => {
    payload.signature = thief.signature
    payload.authorization.validBefore = String(thief.validBefore)
  })
  isOffer(t, await client.send(forged, key), 'proof_forged')
})

for (const [name, identifier, headers] of [
  ['payment-identifier', randomUUID(), {}],
  ['Idempotency-Key', undefined, { 'idempotency-key': randomUUID() }]
] as [string, string | undefined, Record<string, string>][])
  scenario(`x402, the same authorisation after delivery with a ${name}: the stored answer`, {}, async (t, service) => {
    const { client } = service
    const order = await client.order({ ...(identifier && { identifier }) })
    const first = await client.send(order, headers)
    await isSold(t, first, service)
    const again = await client.send(order, headers)
    await isSold(t, again, service, true)
    t.equal(again.text, first.text)
    await service.reopen()
    t.equal((await client.send(order, headers)).text, first.text, 'after a restart too')
  })

scenario('x402, delivery failed on the wire: the same payment collects the answer once', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  service.hold('settle', 200)
  const hangUp = new AbortController()
  const lost = client.send(order, {}, hangUp.signal)
  await until('it is settled', () => service.asked('settle') === 1)
  hangUp.abort()
  await t.rejects(lost)
  // A copy that the service reads before it notices the hang-up is told to come again.
  const collected = await until('the connection is closed', async () => {
    const answer = await client.send(order)
    return answer.status === 409 ? undefined : answer
  })
  await isSold(t, collected, service, true)
  isOffer(t, await client.send(order), 'proof_consumed')
})

scenario('a proof used for another request: 409 over x402, and nothing is taken', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  await isSold(t, await client.send(order), service)
  isProblem(t, await client.send({ ...order, body: client.workout() }), 409, 'proof_other_request')
  t.strictSame([service.asked('verify'), service.asked('settle')], [1, 1])
})

scenario('5xx after the charge: nothing is captured, and the same proof works again', {}, async (t, service) => {
  const { client, database } = service
  const order = await client.order()
  service.hold('verify', 300)
  const answer = client.send(order)
  await until('it is verified', () => service.asked('verify') === 1)
  const holder = new DatabaseSync(database)
  holder.exec('BEGIN IMMEDIATE')
  isProblem(t, await answer, 503, 'ledger_unavailable')
  holder.exec('ROLLBACK')
  holder.close()
  t.equal(service.asked('settle'), 0)
  await ledgerIs('ok', client)
  await isSold(t, await client.send(order), service)
})

scenario('the database is down: 503 with a proof and without one', {}, async (t, service) => {
  const { client, database } = service
  const [bought, open] = [await client.order(), await client.order()]
  await isSold(t, await client.send(bought), service)
  renameSync(database, `${database}.gone`)
  await ledgerIs('degraded', client)
  const verified = service.asked('verify')
  isProblem(t, await client.post(client.workout()), 503, 'ledger_unavailable')
  isProblem(t, await client.send(open), 503, 'ledger_unavailable')
  isProblem(t, await client.send(bought), 503, 'ledger_unavailable')
  t.equal(service.asked('verify'), verified, 'nobody is asked about what cannot be written down')
  renameSync(`${database}.gone`, database)
  await ledgerIs('ok', client)
})

scenario(
  'POST with no body and no content type: the quote over x402 alone, and no invoice',
  free,
  async (t, service) => {
    const answer = await service.client.ask(PATH, { method: 'POST' })
    t.equal(answer.status, 402)
    t.equal(answer.headers.get('www-authenticate'), null)
    const body = JSON.parse(answer.text)
    t.match(body, { ...inBodyOf(answer), reason: { code: 'body_required' } })
    t.notOk('invoice' in body)
    const order = await service.client.order()
    const proof = service.client.header(order.payload)
    const paid = await service.client.ask(PATH, { method: 'POST', headers: { 'payment-signature': proof } })
    t.equal(paid.status, 402, 'paying for it is impossible')
    t.equal((await service.client.post('{}', { 'payment-signature': proof })).status, 422, 'and what is wrong is free')
    t.equal(service.asked('verify'), 0)
  }
)

scenario('version 1 alone: 402 whose error says what to send', free, async (t, { client }) => {
  const answer = await client.post(client.workout(), { 'x-payment': btoa('{"x402Version":1}') })
  isOffer(t, answer)
  t.match(requiredOf(answer).error, /X-PAYMENT is x402 version 1.*PAYMENT-SIGNATURE/)
})

scenario('version 1 in the header of version 2: 402', free, async (t, { client }) => {
  const order = await client.order()
  const old = changed(order, (payload) => {
    payload.x402Version = 1
  })
  isOffer(t, await client.send(old), 'invalid_x402_version')
})

scenario('an absolute-form request target asks for payment, and takes it', {}, async (t, service) => {
  const { client, port } = service
  const order = await client.order()
  for (const target of [`http://x${PATH}`, `https://x:1${PATH}?x=1`]) {
    const answer = await raw(port, post(target, order.body))
    t.match(answer, /^HTTP\/1\.1 402 /, target)
    t.match(answer, /\r\nPAYMENT-REQUIRED: /i)
  }
  const paid = await raw(
    port,
    post(`http://x${PATH}`, order.body, [`PAYMENT-SIGNATURE: ${client.header(order.payload)}`])
  )
  t.match(paid, /^HTTP\/1\.1 200 /)
  t.match(paid, /\r\nPAYMENT-RESPONSE: /i)
  client.bought.push(answerOf(paid))
})

scenario('CORS: a browser may send what pays, and read what it got', free, async (t, { client }) => {
  const preflight = await client.ask(PATH, {
    method: 'OPTIONS',
    headers: { origin: 'https://service.example', 'access-control-request-method': 'POST' }
  })
  const list = (name: string, { headers }: Answer) => (headers.get(name) ?? '').toLowerCase().split(', ')
  const allowed = list('access-control-allow-headers', preflight)
  for (const name of ['content-type', 'authorization', 'payment-signature', 'idempotency-key'])
    t.ok(allowed.includes(name), name)
  t.ok(allowed.includes('access-control-expose-headers'), 'clients send it by mistake')
  const exposed = list('access-control-expose-headers', await client.post(client.workout()))
  for (const name of ['payment-required', 'payment-response', 'www-authenticate', 'retry-after'])
    t.ok(exposed.includes(name), name)
})

/** As where the platform has no anvil, and no shell to start one with. */
async function withoutChain(service: X402Service, more: Record<string, string>): Promise<void> {
  const { PATH: path } = process.env
  process.env.PATH = '/nowhere'
  try {
    await service.reopen({ X402: 'embedded', ...more })
    await until('the chain could not start', async () => {
      const { text } = await service.client.ask('/readyz')
      return JSON.parse(text).components.x402 !== 'starting'
    })
  } finally {
    process.env.PATH = path
  }
}

async function buyProof(client: X402Client, app: X402Service['app'], body: string): Promise<string> {
  const { macaroon, invoice } = JSON.parse((await client.post(body)).text)
  const preimage = await pay(app, invoice)
  client.secret(preimage)
  return `L402 ${macaroon}:${preimage}`
}

async function ledgerIs(state: string, client: X402Client): Promise<void> {
  await until(`the ledger is ${state}`, async () => {
    return JSON.parse((await client.ask('/v1/health')).text).components.ledger === state
  })
}

function answerOf(text: string): Answer {
  const [, body = ''] = text.split('\r\n\r\n')
  return { status: 200, headers: new Headers(), text: body }
}
