/** Attacks on the x402 rail, and mistakes of clients. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodePaymentResponseHeader } from '@x402/core/http'
import { post, raw } from '../../support/purchase.ts'
import { until } from '../../support/until.ts'
import { isOffer, isProblem, isRunning, isSold } from '../../support/x402/checks.ts'
import { type Answer, type Changeable, changed, type Order, requiredOf } from '../../support/x402/client.ts'
import { MODES, SURE } from '../../support/x402/environment.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { scenario, type X402Service } from '../../support/x402/scenario.ts'

const PATH = '/v1/compute-power'
const COPIES = 20
/** What is decided before anybody is asked is the same in every mode. */
const offline = { modes: ['facilitator'] } as const
const SOMEBODY = `0x${'1c'.repeat(20)}`

scenario(
  'twenty copies at once: one transaction, and the answer leaves on one connection',
  { modes: MODES },
  async (t, service) => {
    const { client } = service
    const order = await client.order()
    const answers = await Promise.all(Array.from({ length: COPIES }, () => client.send(order)))
    const sold = answers.filter(({ status }) => status === 200)
    t.equal(sold.length, 1)
    await isSold(t, sold[0]!, service)
    for (const answer of answers) if (answer !== sold[0]) isRunning(t, answer)
  }
)

scenario('twenty payments at once: twenty answers', { modes: MODES, sold: COPIES }, async (t, { client }) => {
  const orders = await Promise.all(Array.from({ length: COPIES }, () => client.order()))
  // On a busy machine the facilitator of this process needs more than a verification's 2 s for all of them.
  const answers = await Promise.all(orders.map((order) => client.sendPatiently(order)))
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([200]))
})

scenario('a replay buys nothing, however often and whatever else it carries', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  await isSold(t, await client.send(order), service)
  const asked = [service.asked('verify'), service.asked('settle')]
  for (let time = 0; time < 5; time++) isOffer(t, await client.send(order), 'proof_consumed')
  const inCapitals = changed(order, ({ payload: { authorization } }) => {
    for (const name of ['from', 'nonce']) authorization[name] = `0x${authorization[name]!.slice(2).toUpperCase()}`
  })
  isOffer(t, await client.send(inCapitals), 'proof_consumed')
  const otherBody = { ...order, body: client.workout() }
  isProblem(t, await client.send(otherBody, { 'idempotency-key': 'another-body' }), 409, 'proof_other_request')
  t.strictSame([service.asked('verify'), service.asked('settle')], asked, 'and nobody is asked about it')
})

scenario('what is wrong with a payment is reported without a body too', { ...offline, sold: 0 }, async (t, service) => {
  const { client } = service
  const order = await client.order()
  const bare = (headers: Record<string, string>) => client.ask(PATH, { method: 'POST', headers })
  for (const garbage of ['garbage!', 'AAAA', btoa('{}'), btoa('[1]'), 'a,b'])
    isProblem(t, await bare({ 'payment-signature': garbage }), 400, 'invalid_payload')
  for (const [name, status, code, change] of FORGERIES) {
    const answer = await bare({ 'payment-signature': client.header(changed(order, change).payload) })
    if (status === 400) {
      isProblem(t, answer, 400, code)
      continue
    }
    const { error, reason } = JSON.parse(answer.text)
    t.strictSame([answer.status, reason.code, error], [402, code, `${code}: ${reason.detail}`], name)
    t.equal(requiredOf(answer).error, error, 'the header says it too')
  }
  const both = { 'payment-signature': client.header(order.payload), authorization: 'L402 AAAA:00' }
  isProblem(t, await bare(both), 400, 'two_proofs')
  t.match(JSON.parse((await bare({ 'payment-signature': both['payment-signature'] })).text), {
    status: 402,
    reason: { code: 'body_required' }
  })
  t.equal(service.asked('verify'), 0)
})

scenario(
  'payments that fail again and again: 429, and nobody is asked; good ones are never counted',
  { modes: MODES, sold: 34, settings: { TRUST_PROXY: '127.0.0.1' } },
  async (t, service) => {
    const { client } = service
    const from = (address: string) => ({ 'x-forwarded-for': address })
    for (let time = 0; time < 33; time++)
      t.equal((await client.send(await client.order(), from('192.0.2.1'))).status, 200)
    let failures = 0
    let answer: Answer
    for (;;) {
      const forged = changed(await client.order(), signature(`0x${'1b'.repeat(65)}`))
      answer = await client.send(forged, from('192.0.2.2'))
      if (answer.status !== 402 || ++failures > 60) break
      isOffer(t, answer, 'invalid_exact_evm_payload_signature')
    }
    t.ok(failures >= 30, `${failures} failed`)
    isProblem(t, answer, 429, 'too_many_failed_payments')
    t.ok(Number(answer.headers.get('retry-after')) >= 1, 'Retry-After')
    const asked = service.asked('verify')
    const forged = changed(await client.order(), signature(`0x${'1b'.repeat(65)}`))
    t.equal((await client.send(forged, from('192.0.2.2'))).status, 429)
    t.equal(service.asked('verify'), asked)
    await isSold(t, await client.send(await client.order(), from('192.0.2.1')), service)
  }
)

scenario('what a payment has bought it collects, whatever our public URL was then', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  const bought = await client.send(order)
  await isSold(t, bought, service)
  await service.reopen({ PUBLIC_URL: 'https://other.example' })
  const again = await client.send(order, { 'idempotency-key': 'again' })
  await isSold(t, again, service, true)
  t.equal(again.text, bought.text)
  const misled = changed(await client.order(), resource('https://power.example/v1/compute-power'))
  isOffer(t, await client.send(misled), 'invalid_payload')
})

scenario('used for another request while the first still runs: 409, nothing taken', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  service.hold('settle', 200)
  const first = client.send(order)
  await until('it is settled', () => service.asked('settle') === 1)
  isProblem(t, await client.send({ ...order, body: client.workout() }), 409, 'proof_other_request')
  await isSold(t, await first, service)
})

const terms = 'invalid_payment_requirements'
const evm = 'invalid_exact_evm_payload'
type Forgery = [name: string, status: 400 | 402, code: string, change: (payload: Changeable) => void]
const authorization = (name: string, value: unknown) => (payload: Changeable) => {
  payload.payload.authorization[name] = value as string
}
const accepted = (name: string, value: unknown) => (payload: Changeable) => {
  payload.accepted = { ...payload.accepted, [name]: value }
}
const signature = (value: unknown) => (payload: Changeable) => {
  payload.payload.signature = value as string
}
/** Counted from when the payment is changed, not from when this file was read. */
const seconds = (name: string, fromNow: number) => (payload: Changeable) =>
  authorization(name, String(Math.floor(Date.now() / 1000) + fromNow))(payload)
const badField = (name: string, change: Forgery[3]): Forgery => [name, 402, 'invalid_payload', change]
const malformed = (name: string, change: Forgery[3]): Forgery => [name, 400, 'invalid_payload', change]

const resource = (url: string) => (payload: Changeable) => {
  payload.resource = { ...payload.resource, url }
}

/** None of these costs anybody a call. */
const FORGERIES: Forgery[] = [
  badField('for another service', resource('https://other.example/v1/compute-power')),
  badField('for another route', resource('https://power.example/v1/workouts/1/revisions')),
  badField('for nothing that has a URL', resource('compute-power')),
  ['a lower price', 402, terms, accepted('amount', '1')],
  ['a higher price', 402, terms, accepted('amount', '100001')],
  ['another way to write the price', 402, terms, accepted('amount', '0100000')],
  ['another token', 402, terms, accepted('asset', SOMEBODY)],
  ['another payee', 402, terms, accepted('payTo', SOMEBODY)],
  ['a longer time limit', 402, terms, accepted('maxTimeoutSeconds', 86_400)],
  ['another token name', 402, terms, accepted('extra', { name: 'Dollar', version: '2' })],
  ['another network', 402, 'invalid_network', accepted('network', 'eip155:1')],
  ['another scheme', 402, 'unsupported_scheme', accepted('scheme', 'upto')],
  ['signed for another payee', 402, `${evm}_recipient_mismatch`, authorization('to', SOMEBODY)],
  ['signed for less', 402, `${evm}_authorization_value_mismatch`, authorization('value', '1')],
  ['signed for more', 402, `${evm}_authorization_value_mismatch`, authorization('value', '100001')],
  ['expired', 402, `${evm}_authorization_valid_before`, seconds('validBefore', -1)],
  ['about to expire', 402, `${evm}_authorization_valid_before`, seconds('validBefore', 5)],
  ['valid for ever', 402, `${evm}_authorization_valid_before`, seconds('validBefore', 1e9)],
  ['not valid yet', 402, `${evm}_authorization_valid_after`, seconds('validAfter', 60)],
  badField('a value in hex', authorization('value', '0x186a0')),
  badField('a value with an exponent', authorization('value', '1e5')),
  badField('a value with a sign', authorization('value', '+100000')),
  badField('a value with a space', authorization('value', ' 100000')),
  badField('a value as a number', authorization('value', 100_000)),
  badField('no end', authorization('validBefore', 'Infinity')),
  badField('no beginning', authorization('validAfter', null)),
  badField('a short nonce', authorization('nonce', `0x${'ab'.repeat(31)}`)),
  badField('a long nonce', authorization('nonce', `0x${'ab'.repeat(33)}`)),
  badField('a payer that is none', authorization('from', '0x')),
  badField('no signature', signature('')),
  badField('a short signature', signature(`0x${'ab'.repeat(64)}`)),
  badField('a huge signature', (payload) => {
    Object.assign(payload, { extensions: {} })
    signature(`0x${'ab'.repeat(4097)}`)(payload)
  }),
  badField('a signature of other letters', signature(`0x${'xy'.repeat(65)}`)),
  malformed('a version in quotes', (payload) => Object.assign(payload, { x402Version: '2' })),
  malformed('a list for terms', (payload) => Object.assign(payload, { accepted: [payload.accepted] })),
  malformed('no payload', (payload) => Object.assign(payload, { payload: null })),
  malformed('text for extensions', (payload) => Object.assign(payload, { extensions: 'payment-identifier' }))
]

scenario('a visible forgery is rejected without an outside call', offline, async (t, service) => {
  const { client } = service
  const order = await client.order()
  for (const [name, status, code, change] of FORGERIES) {
    const answer = await client.send(changed(order, change))
    if (status === 400) isProblem(t, answer, 400, code)
    else isOffer(t, answer, code)
    t.equal(answer.status, status, name)
  }
  t.strictSame([service.asked('verify'), service.asked('settle')], [0, 0])
  await isSold(t, await client.send(order), service)
})

scenario('headers truncated, spelt otherwise or oversized', offline, async (t, service) => {
  const { client, port } = service
  const order = await client.order()
  const good = client.header(order.payload)
  const json = JSON.stringify(order.payload)
  const headers = [
    good.replace(/=*$/, '').slice(0, -2),
    good.slice(0, -4),
    good.slice(0, good.length / 2 - ((good.length / 2) % 4)),
    `${good}AAAA`,
    `${good.slice(0, 40)} ${good.slice(40)}`,
    Buffer.from(json, 'utf16le').toString('base64'),
    Buffer.from(json.replace('exact', 'ex\u00e4ct'), 'latin1').toString('base64'),
    good.slice(0, -1).concat('*'),
    Buffer.from(JSON.stringify([order.payload])).toString('base64')
  ]
  for (const header of headers)
    isProblem(t, await client.post(order.body, { 'payment-signature': header }), 400, 'invalid_payload')
  const oversized = await raw(port, post(PATH, order.body, [`PAYMENT-SIGNATURE: ${'A'.repeat(20_000)}`]))
  t.match(oversized, /^HTTP\/1\.1 431 /)
  t.equal(service.asked('verify'), 0)
  const long = changed(order, (payload) => Object.assign(payload, { extensions: { padding: 'x'.repeat(9000) } }))
  await isSold(t, await client.send(long), service)
})

scenario('forged in what only a check of the signature shows: refused, nothing taken', {}, async (t, service) => {
  const { client, chain } = service
  const thief = await chain.newPayer(0n)
  const order = await client.order()
  const { from } = order.payment
  const stolen = await signPayment(thief.key, order.payment.terms, { from })
  const { validBefore, nonce } = stolen
  const forgeries: [string, (payload: Changeable) => void][] = [
    ['random bytes', signature(`0x${randomBytes(64).toString('hex')}1b`)],
    ["the thief's own signature", signature(stolen.signature)],
    [
      "in the payer's name",
      ({ payload }) => {
        Object.assign(payload.authorization, { validBefore: String(validBefore), nonce })
        payload.signature = stolen.signature
      }
    ],
    ['a longer life', seconds('validBefore', 3000)]
  ]
  for (const [name, change] of forgeries) {
    const answer = await client.send(changed(order, change))
    t.equal(answer.status, 402, name)
    isOffer(t, answer, `${evm}_signature`)
  }
  await isSold(t, await client.send(order), service)
})

scenario('a forged copy that comes first does not cost the owner the answer', {}, async (t, service) => {
  const { client } = service
  const order = await client.order()
  const forged = changed(order, signature(`0x${randomBytes(64).toString('hex')}1b`))
  service.hold('verify', 200)
  const thief = client.send(forged)
  await until('it is verified', () => service.asked('verify') === 1)
  await isSold(t, await client.send(order), service)
  isOffer(t, await thief, `${evm}_signature`)
})

scenario('a payer without money: refused before anything is computed', { sold: 0 }, async (t, service) => {
  const { client, chain } = service
  const order = await client.order({ payer: await chain.newPayer(99_999n) })
  isOffer(t, await client.send(order), 'insufficient_funds')
  t.equal(service.asked('settle'), 0)
})

scenario('the payer drains the account between verify and settle: nothing sold', { sold: 0 }, async (t, service) => {
  const { client, chain } = service
  const payer = await chain.newPayer(100_000n)
  const order = await client.order({ payer })
  const answer = await whileSettling(service, order, () => chain.drain(payer.address))
  isOffer(t, answer, 'insufficient_funds')
  t.strictSame(decodePaymentResponseHeader(answer.headers.get('payment-response') ?? ''), {
    success: false,
    errorReason: 'insufficient_funds',
    transaction: '',
    network: chain.embedded.network,
    payer: payer.address
  })
  isOffer(t, await client.send(order), 'insufficient_funds')
})

scenario('drained, then filled again: the same payment still buys its answer', {}, async (t, service) => {
  const { client, chain } = service
  const payer = await chain.newPayer(100_000n)
  const order = await client.order({ payer })
  isOffer(t, await whileSettling(service, order, () => chain.drain(payer.address)), 'insufficient_funds')
  await chain.transfer(chain.payer.address, payer.address, 100_000n)
  await isSold(t, await client.send(order), service)
})

for (const mode of MODES)
  scenario(
    'the payer cancels between verify and settle: nothing sold, nothing owed',
    // A facilitator alone cannot tell a cancelled authorisation from a used one.
    { modes: [mode], sold: 0, pending: mode === 'facilitator' ? 1 : 0 },
    async (t, service) => {
      const { client, chain } = service
      const payer = await chain.newPayer(100_000n)
      const order = await client.order({ payer })
      const answer = await whileSettling(service, order, () => chain.cancel(payer, order.payment.nonce))
      if (mode === 'self') return isOffer(t, answer, 'nonce_already_used')
      isProblem(t, answer, 503, 'settlement_pending')
      const again = await client.send(order)
      if (mode === 'facilitator') isProblem(t, again, 503, 'settlement_pending')
      else isOffer(t, again, 'payment_void')
      t.equal(await chain.balance(payer.address), 100_000n)
    }
  )

for (const [when, submit] of [
  ['before the client comes', (service: X402Service, order: Order) => submitThenSend(service, order)],
  [
    'between verify and settle',
    (service: X402Service, order: Order) =>
      whileSettling(service, order, () => service.chain.submitAsStranger(order.payment))
  ]
] as const)
  scenario(
    `a stranger submits the authorisation ${when}: the money buys its answer`,
    { modes: SURE },
    async (t, service) => {
      const order = await service.client.order()
      await isSold(t, await submit(service, order), service)
      isOffer(t, await service.client.send(order), 'proof_consumed')
    }
  )

scenario(
  "a stranger submits the authorisation, and there is a facilitator's word alone: never a second payment",
  { modes: ['facilitator'], sold: 0, pending: 1, unearnedAtomic: 100_000n },
  async (t, service) => {
    const order = await service.client.order()
    const answer = await whileSettling(service, order, () => service.chain.submitAsStranger(order.payment))
    isProblem(t, answer, 503, 'settlement_pending')
    isProblem(t, await service.client.send(order), 503, 'settlement_pending')
  }
)

/** Sends it again while the service has not noticed that the first connection has closed. */
async function collected({ client }: X402Service, order: Order): Promise<Answer> {
  return until('the first connection has closed', async () => {
    const answer = await client.send(order)
    return answer.status === 409 ? undefined : answer
  })
}

for (const step of ['verify', 'settle'] as const)
  scenario(`the client hangs up during ${step}, and collects once`, {}, async (t, service) => {
    const { client } = service
    const order = await client.order()
    service.hold(step, 200)
    const hangUp = new AbortController()
    const lost = client.send(order, {}, hangUp.signal)
    await until(`it waits for ${step}`, () => service.asked(step) === 1)
    hangUp.abort()
    await t.rejects(lost)
    await isSold(t, await collected(service, order), service, true)
    isOffer(t, await client.send(order), 'proof_consumed')
  })

scenario('the client hangs up in the middle of its request: nothing is taken', offline, async (t, service) => {
  const { client, port } = service
  const order = await client.order()
  const text = post(PATH, order.body, [`PAYMENT-SIGNATURE: ${client.header(order.payload)}`])
  for (const share of [0.2, 0.6, 0.99]) {
    const socket = connect(port, '127.0.0.1')
    await new Promise((resolve) => socket.write(text.slice(0, text.length * share), resolve))
    await sleep(20)
    socket.destroy()
  }
  t.equal(service.asked('verify'), 0)
  await isSold(t, await client.send(order), service)
})

scenario('the client hangs up as soon as it has sent its request, and collects once', {}, async (t, service) => {
  const { client, port } = service
  const order = await client.order()
  const socket = connect(port, '127.0.0.1')
  const text = post(PATH, order.body, [`PAYMENT-SIGNATURE: ${client.header(order.payload)}`])
  await new Promise((resolve) => socket.write(text, resolve))
  socket.destroy()
  await until('it is settled', () => service.asked('settle') === 1)
  await isSold(t, await client.send(order), service, true)
})

scenario("clocks: the client's may be four minutes slow or nine fast", { ...offline, sold: 2 }, async (t, service) => {
  const { client } = service
  // As @x402/evm signs: valid from ten minutes ago, until the time limit.
  const at = (skewSeconds: number) => {
    const now = BigInt(Math.floor(Date.now() / 1000) + skewSeconds)
    return { validAfter: now - 600n, validBefore: now + 300n }
  }
  for (const skew of [-240, 540]) await isSold(t, await client.send(await client.order({ sign: at(skew) })), service)
  const slow = await client.send(await client.order({ sign: at(-400) }))
  isOffer(t, slow, `${evm}_authorization_valid_before`)
  const fast = await client.send(await client.order({ sign: at(700) }))
  isOffer(t, fast, `${evm}_authorization_valid_after`)
})

const EVIL = { type: 'string', pattern: '^(a+)+$', format: 'regex', $ref: '#', minLength: 1e9 }

scenario(
  "a client's own schema and regular expressions are never looked at",
  { ...offline, sold: 2 },
  async (t, service) => {
    const { client } = service
    const id = `${'a'.repeat(28)}_`
    for (const extension of [
      { info: { required: false, id }, schema: { type: 'object', properties: { id: EVIL, required: EVIL } } },
      {
        info: { id: 'b'.repeat(64), ...deep(50) },
        schema: { $ref: 'http://127.0.0.1:1/', allOf: Array(20).fill(EVIL) }
      }
    ]) {
      const order = changed(await client.order(), (payload) =>
        Object.assign(payload, { extensions: { 'payment-identifier': extension, bazaar: extension } })
      )
      const { answer, blockedMs } = await watched(() => client.send(order))
      await isSold(t, answer, service)
      t.comment(`event loop: ${blockedMs.toFixed(1)} ms at most, all of a purchase and its client in this process`)
    }
  }
)

scenario(
  'a header of 1 MB is rejected and delays no other request',
  { ...offline, sold: 0 },
  async (t, { client, port }) => {
    const text = post(PATH, client.workout(), [`PAYMENT-SIGNATURE: ${'A'.repeat(1_048_576)}`])
    const { answer, blockedMs } = await watched(() => sendAnyway(port, text))
    t.match(answer, /^(HTTP\/1\.1 431 |$)/, 'refused, or cut before all of it was sent')
    isOffer(t, await client.post(client.workout()))
    t.comment(`event loop: ${blockedMs.toFixed(1)} ms at most, the sending of it in this process too`)
  }
)

async function submitThenSend({ chain, client }: X402Service, order: Order) {
  await chain.submitAsStranger(order.payment)
  return client.send(order)
}

/** Does something to the chain after the payment was verified, and before it is settled. */
async function whileSettling(service: X402Service, order: Order, act: () => Promise<unknown>) {
  service.hold('settle', 300)
  const before = service.asked('settle')
  const answer = service.client.send(order)
  await until('it is settled', () => service.asked('settle') > before)
  await act()
  return answer
}

function deep(levels: number): object {
  let nested = {}
  for (let level = 0; level < levels; level++) nested = { nested }
  return nested
}

/** The longest time in which this process did nothing else. */
async function watched<T>(act: () => Promise<T>): Promise<{ answer: T; blockedMs: number }> {
  let last = performance.now()
  let blockedMs = 0
  const ticker = setInterval(() => {
    const now = performance.now()
    blockedMs = Math.max(blockedMs, now - last - 1)
    last = now
  }, 1)
  try {
    return { answer: await act(), blockedMs }
  } finally {
    clearInterval(ticker)
  }
}

/** Like `raw`, but a service that hangs up while we still send is an answer too. */
function sendAnyway(port: number, text: string): Promise<string> {
  return raw(port, text).catch(() => '')
}
