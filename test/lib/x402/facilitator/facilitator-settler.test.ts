import { mock } from 'node:test'
import { isPaymentPayloadV2, isPaymentRequirements } from '@x402/core/schemas'
import t, { type Test } from 'tap'
import { RailUnavailable } from '../../../../lib/billing/rail.ts'
import { Breaker } from '../../../../lib/x402/facilitator/breaker.ts'
import {
  FacilitatorSettler,
  type FacilitatorSettlerParts
} from '../../../../lib/x402/facilitator/facilitator-settler.ts'
import { NONCE_USED } from '../../../../lib/x402/facilitator/reasons.ts'
import { SupportedCheck } from '../../../../lib/x402/facilitator/supported-check.ts'
import { requirementsOf } from '../../../../lib/x402/terms.ts'
import { payer, paymentOf, RESOURCE, signed, TERMS } from '../wire/payments.ts'
import { answers, type Behaviour, breaksOff, dies, drips, hangs, says, startFacilitator } from './facilitator.ts'

const TRANSACTION = `0x${'1a'.repeat(32)}`
const TOKEN = 'a-bearer-token-that-nobody-may-see'
const SAID = 'words of the facilitator that nobody may see'
const STRANGER = TERMS.payTo

const payload = await signed()
const payment = paymentOf(payload)
const settled = { success: true, transaction: TRANSACTION, network: TERMS.network, payer: payer.address }
const refusal = (errorReason: unknown) => ({ success: false, errorReason, errorMessage: SAID, transaction: '' })

const secrets = [TOKEN, SAID, payment.signature, payment.from, '127.0.0.1']

/** The settler over a facilitator on loopback; its log must tell nothing that is not ours. */
async function setUp(t: Test, behave: Behaviour, change: Partial<FacilitatorSettlerParts> = {}) {
  const facilitator = await startFacilitator(t)
  facilitator.behave = behave
  const clock = { nowMs: 0 }
  const logged: string[] = []
  const settler = new FacilitatorSettler({
    url: facilitator.url,
    bearerToken: TOKEN,
    network: TERMS.network,
    listing: undefined,
    now: () => clock.nowMs,
    logger: {
      warn(fields, message) {
        const line = `${message} ${JSON.stringify(fields)}`
        if (secrets.some((secret) => line.includes(secret))) t.fail(`the log tells: ${line}`)
        logged.push(line)
      }
    },
    ...change
  })
  t.teardown(() => settler.close())
  return { facilitator, settler, clock, logged }
}

const outcomes = async (settler: FacilitatorSettler) =>
  settler.verify(payment).catch((error) => {
    if (!(error instanceof RailUnavailable)) throw error
    return { kind: 'unavailable', status: error.statusCode, retry: error.retryAfterSeconds, message: error.message }
  })

t.test('what a facilitator is asked', async (t) => {
  const { facilitator, settler } = await setUp(t, answers({ isValid: true, payer: payer.address }))
  await settler.verify(payment)
  facilitator.behave = answers(settled)
  await settler.settle(payment)
  for (const [index, path] of ['/verify', '/settle'].entries()) {
    const { body, headers, ...rest } = facilitator.asked[index]!
    t.same(rest, { method: 'POST', path })
    t.match(headers, { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' })
    const question = JSON.parse(body)
    const accepted = requirementsOf(TERMS)
    const { authorization, signature } = payload.payload as Record<string, Record<string, string>>
    t.strictSame(question, {
      x402Version: 2,
      paymentPayload: {
        x402Version: 2,
        accepted,
        payload: { signature, authorization: { ...authorization, from: payment.from, to: payment.to } }
      },
      paymentRequirements: accepted
    })
    t.ok(isPaymentPayloadV2(question.paymentPayload) && isPaymentRequirements(question.paymentRequirements))
  }
  t.equal(facilitator.asked.length, 2)

  const bare = await setUp(t, answers({ isValid: true }), { bearerToken: undefined })
  await bare.settler.verify(payment)
  t.equal(bare.facilitator.asked[0]!.headers.authorization, undefined)

  const listing = { resource: RESOURCE, extensions: { bazaar: { info: {}, schema: {} } } }
  const listed = await setUp(t, answers({ isValid: true }), { listing: () => listing })
  await listed.settler.verify(payment)
  const { paymentPayload } = JSON.parse(listed.facilitator.asked[0]!.body)
  t.match(paymentPayload, { ...listing, payload: { signature: payment.signature } })
  t.ok(isPaymentPayloadV2(paymentPayload))
})

t.test('verdicts', async (t) => {
  const bad = (reason: string) => ({ kind: 'bad', reason })
  const no = (invalidReason: unknown) => answers({ isValid: false, invalidReason, invalidMessage: SAID })
  const evm = 'invalid_exact_evm'
  const cases: [name: string, behave: Behaviour, expected: object][] = [
    ['yes', answers({ isValid: true, payer: payer.address }), { kind: 'good' }],
    ['yes, without a payer', answers({ isValid: true }), { kind: 'good' }],
    ['yes, in small letters', answers({ isValid: true, payer: payment.from, invalidReason: null }), { kind: 'good' }],
    ['no money', no('insufficient_funds'), bad('insufficient_funds')],
    ["no money, in upstream's words", no(`${evm}_insufficient_balance`), bad('insufficient_funds')],
    ['forged', no(`${evm}_signature`), bad(`${evm}_payload_signature`)],
    ['used', no(`${evm}_nonce_already_used`), bad(NONCE_USED)],
    ['a wrong token', no(`${evm}_token_name_mismatch`), bad('invalid_payment_requirements')],
    ['for a reason of its own', no('moon_phase'), bad('invalid_payload')],
    ['in a sentence', no(SAID), bad('invalid_payload')],
    ['for no reason', no(undefined), bad('invalid_payload')],
    ['for a strange reason', no({ a: 1 }), bad('invalid_payload')],
    ['by a name of the prototype', no('constructor'), bad('invalid_payload')],
    ['no, as 400', answers({ isValid: false, invalidReason: 'invalid_payload' }, 400), bad('invalid_payload')],
    ['no, as 402', answers({ isValid: false, invalidReason: 'insufficient_funds' }, 402), bad('insufficient_funds')]
  ]
  for (const [name, behave, expected] of cases) {
    const { settler } = await setUp(t, behave)
    t.same(await outcomes(settler), expected, name)
    t.same(settler.state(), { status: 'ok' })
  }
})

const noAnswers: [name: string, behave: Behaviour][] = [
  ['HTML', says('<html>Down for maintenance</html>')],
  ['HTML with 503', says('<html></html>', 503)],
  ['nothing', says('')],
  ['a list', answers([])],
  ['null', answers(null)],
  ['nothing in it', answers({})],
  ['text for truth', answers({ isValid: 'true', success: 'true', ...{ transaction: TRANSACTION } })],
  ['500 with a yes', answers({ isValid: true, ...settled }, 500)],
  ['502 with a no', answers({ isValid: false, ...refusal('insufficient_funds') }, 502)],
  ['400 with a yes', answers({ isValid: true, ...settled }, 400)],
  ['401', answers({ isValid: false, ...refusal('insufficient_funds') }, 401)],
  ['429', answers({ isValid: false, ...refusal('insufficient_funds') }, 429)],
  ['another payer', answers({ isValid: true, ...settled, payer: STRANGER })],
  ['a payer that is none', answers({ isValid: true, ...settled, payer: 7 })],
  ['too much', answers({ isValid: true, ...settled, padding: 'x'.repeat(300_000) })],
  ['dies', dies],
  ['breaks off', breaksOff]
]

t.test('no verdict: 503, nothing was charged', async (t) => {
  const cases: [name: string, behave: Behaviour][] = [
    ...noAnswers,
    ['does not know', answers({ isValid: false, invalidReason: 'unexpected_verify_error' })],
    ['cannot simulate', answers({ isValid: false, invalidReason: 'invalid_exact_evm_transaction_simulation_failed' })]
  ]
  const expected = {
    kind: 'unavailable',
    status: 503,
    retry: 5,
    message: 'Payment verification is unavailable.'
  }
  for (const [name, behave] of cases) {
    const { settler, facilitator, logged } = await setUp(t, behave)
    t.same(await outcomes(settler), expected, name)
    t.equal(facilitator.asked.length, 1, 'asked once')
    t.equal(logged.length, 1, 'an operator learns of it')
  }
})

t.test('settlements', async (t) => {
  const evm = 'invalid_exact_evm'
  const good = { kind: 'settled', transaction: TRANSACTION }
  const refused = (reason: string) => ({ kind: 'refused', reason })
  const unknown = { kind: 'unknown' }
  const { payer: _, ...withoutPayer } = settled
  const cases: [name: string, behave: Behaviour, expected: object][] = [
    ['settled', answers(settled), good],
    ['without a payer', answers(withoutPayer), good],
    ['in capitals', answers({ ...settled, transaction: `0x${'1A'.repeat(32)}` }), good],
    ['no money', answers(refusal('insufficient_funds')), refused('insufficient_funds')],
    ['no money, as 400', answers(refusal('insufficient_funds'), 400), refused('insufficient_funds')],
    [
      'over',
      answers(refusal(`${evm}_payload_authorization_valid_before`)),
      refused(`${evm}_payload_authorization_valid_before`)
    ],
    ['forged', answers(refusal(`${evm}_signature`)), refused(`${evm}_payload_signature`)],
    [
      'no money, null for a transaction',
      answers({ ...refusal('insufficient_funds'), transaction: null }),
      refused('insufficient_funds')
    ],
    ['a refusal with a transaction', answers({ ...refusal('insufficient_funds'), transaction: TRANSACTION }), unknown],
    ['used', answers(refusal(`${evm}_nonce_already_used`)), unknown],
    ['used, in short', answers(refusal('nonce_already_used')), unknown],
    ['reverted', answers(refusal(`${evm}_transaction_failed`)), unknown],
    ['pending', answers({ ...refusal('settlement_pending'), transaction: TRANSACTION }), unknown],
    ['simulation', answers(refusal(`${evm}_transaction_simulation_failed`)), unknown],
    ['unexpected', answers(refusal('unexpected_settle_error')), unknown],
    ['for a reason of its own', answers(refusal('moon_phase')), unknown],
    ['in a sentence', answers(refusal(SAID)), unknown],
    ['for no reason', answers(refusal(undefined)), unknown],
    ['by a name of the prototype', answers(refusal('__proto__')), unknown],
    ['no transaction', answers({ ...settled, transaction: '' }), unknown],
    ['half a transaction', answers({ ...settled, transaction: `0x${'1a'.repeat(31)}` }), unknown],
    ['another network', answers({ ...settled, network: 'eip155:84532' }), unknown],
    ['no network', answers({ ...settled, network: undefined }), unknown],
    ...noAnswers.map(([name, behave]): [string, Behaviour, object] => [name, behave, unknown])
  ]
  for (const [name, behave, expected] of cases) {
    const { settler, facilitator } = await setUp(t, behave)
    t.same(await settler.settle(payment), expected, name)
    t.equal(facilitator.asked.length, 1, 'asked once')
  }
})

t.test('a redirect is not followed: the payment is for this facilitator alone', async (t) => {
  const elsewhere = await startFacilitator(t)
  elsewhere.behave = answers({ isValid: true, ...settled })
  for (const status of [301, 302, 307, 308]) {
    const { settler } = await setUp(t, says('', status, { location: `${elsewhere.url}/verify` }))
    t.match(await outcomes(settler), { kind: 'unavailable' })
    t.same(await settler.settle(payment), { kind: 'unknown' })
  }
  t.equal(elsewhere.asked.length, 0)
})

t.test('nobody there', async (t) => {
  const { settler, facilitator } = await setUp(t, hangs)
  await facilitator.stop()
  t.match(await outcomes(settler), { kind: 'unavailable' })
  t.same(await settler.settle(payment), { kind: 'unknown' })
  t.same(await settler.start(), [], 'which is no wrong setting')
})

t.test('it hangs or drips: each call ends by its own limit', async (t) => {
  const each = [hangs, drips].map(async (behave) => {
    const { settler, logged } = await setUp(t, behave)
    const all = await Promise.all([outcomes(settler), settler.settle(payment), settler.start()])
    t.match(all, [{ kind: 'unavailable', status: 503 }, { kind: 'unknown' }, []])
    for (const what of ['verify', 'settle', 'supported'])
      t.match(logged.join(), new RegExp(`${what}: no response in time`), 'by the limit, not by a failure')
  })
  await Promise.all(each)
  const late: Behaviour = (response, asked) => void setTimeout(() => answers({ isValid: true })(response, asked), 300)
  const { settler } = await setUp(t, late)
  t.same(await settler.verify(payment), { kind: 'good' }, 'slow is not down')
})

t.test('no connection is free: the limit holds all the same', async (t) => {
  const { settler, facilitator } = await setUp(t, hangs)
  const settling = Promise.race(Array.from({ length: 64 }, () => settler.settle(payment)))
  while (facilitator.asked.length < 64) await new Promise((resolve) => setTimeout(resolve, 5))
  const first = await Promise.race([outcomes(settler), settling])
  t.match(first, { kind: 'unavailable', status: 503 }, 'verifying has the shorter limit')
  t.equal(facilitator.asked.length, 64)
})

t.test('five failures open the breaker, one answer heals it', async (t) => {
  const { settler, facilitator, clock } = await setUp(t, says('', 500))
  for (let i = 0; i < 4; i++) t.match(await outcomes(settler), { kind: 'unavailable' })
  t.same(settler.state(), { status: 'ok' })
  t.match(await outcomes(settler), { kind: 'unavailable' })
  t.same(settler.state(), { status: 'degraded', reason: 'the facilitator does not respond' })
  t.match(await outcomes(settler), { kind: 'unavailable', status: 503 })
  t.equal(facilitator.asked.length, 5, 'an open one asks nobody')

  clock.nowMs += 5000
  t.match(settler.state(), { status: 'degraded', sells: true }, 'a payment that asks again needs an offer')
  await Promise.all([outcomes(settler), outcomes(settler), outcomes(settler)])
  t.equal(facilitator.asked.length, 6, 'one probe')
  clock.nowMs += 4999
  await outcomes(settler)
  t.equal(facilitator.asked.length, 6, 'and another rest')
  clock.nowMs += 1
  facilitator.behave = answers({ isValid: true })
  const both = await Promise.all([outcomes(settler), outcomes(settler)])
  t.match(both, [{ kind: 'good' }, { kind: 'unavailable' }], 'half open lets one through')
  t.same(settler.state(), { status: 'ok' })
  t.same(await outcomes(settler), { kind: 'good' })
})

t.test('what was computed is settled past an open breaker, and heals it', async (t) => {
  const { settler, facilitator } = await setUp(t, dies)
  for (let i = 0; i < 5; i++) t.same(await settler.settle(payment), { kind: 'unknown' })
  t.match(settler.state(), { status: 'degraded' })
  facilitator.behave = answers(settled)
  t.match(await settler.settle(payment), { kind: 'settled' })
  t.same(settler.state(), { status: 'ok' })
})

t.test('an answer that decides nothing opens no breaker', async (t) => {
  const { settler, facilitator } = await setUp(t, answers(refusal('nonce_already_used')))
  for (let i = 0; i < 6; i++) t.same(await settler.settle(payment), { kind: 'unknown' })
  facilitator.behave = answers({ isValid: false, invalidReason: 'unexpected_verify_error' })
  for (let i = 0; i < 6; i++) t.match(await outcomes(settler), { kind: 'unavailable' })
  t.same(settler.state(), { status: 'ok' })
  t.equal(facilitator.asked.length, 12)
})

t.test('breaker: a lost probe costs a rest, no more', async (t) => {
  const clock = { nowMs: 0 }
  const breaker = new Breaker({ failures: 1, restMs: 100, now: () => clock.nowMs })
  t.ok(breaker.tryEnter() && breaker.isClosed)
  breaker.fail()
  t.notOk(breaker.tryEnter() || breaker.isClosed)
  clock.nowMs = 100
  t.ok(breaker.tryEnter())
  t.notOk(breaker.tryEnter())
  clock.nowMs = 200
  t.ok(breaker.tryEnter())
})

t.test('breaker: a clock that is set back does not block calls', async (t) => {
  const clock = { nowMs: 3_600_000 }
  const breaker = new Breaker({ failures: 1, restMs: 100, now: () => clock.nowMs })
  breaker.fail()
  clock.nowMs = 0
  t.ok(breaker.tryEnter(), 'a probe')
  t.notOk(breaker.tryEnter(), 'and no more than one a rest')
})

const kind = { x402Version: 2, scheme: 'exact', network: TERMS.network }

t.test('at start: does it settle on our network?', async (t) => {
  const others = [
    { ...kind, x402Version: 1 },
    { ...kind, scheme: 'upto' },
    { ...kind, network: 'eip155:84532' },
    { ...kind, network: 'solana:*' }
  ]
  const problem = 'X402_FACILITATOR_URL: the facilitator does not list x402 version 2, exact, on eip155:8453'
  const cases: [name: string, behave: Behaviour, problems: string[]][] = [
    ['yes', answers({ kinds: [...others, kind], extensions: [], signers: {} }), []],
    ['for all of the family', answers({ kinds: [{ ...kind, network: 'eip155:*' }] }), []],
    ['no', answers({ kinds: others }), [problem]],
    ['nothing at all', answers({ kinds: [] }), [problem]],
    ['nonsense within', answers({ kinds: [null, 1, 'x', {}] }), [problem]],
    ['no list', answers({}), []],
    ['HTML', says('<html>'), []],
    ['500', answers({ kinds: [] }, 500), []]
  ]
  for (const [name, behave, problems] of cases) {
    const { settler, facilitator } = await setUp(t, behave)
    t.same(await settler.start(), problems, name)
    t.match(facilitator.asked, [{ method: 'GET', path: '/supported', headers: { authorization: `Bearer ${TOKEN}` } }])
    t.equal(settler.state().status, problems.length > 0 ? 'degraded' : 'ok')
  }
})

t.test('one that could not be asked at start is asked again, ever later', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  let asked = 0
  let kinds: (typeof kind)[] | undefined
  const logged: unknown[] = []
  const make = () =>
    new SupportedCheck({
      getSupported: async () => {
        asked += 1
        if (kinds === undefined) throw new Error('supported: no answer')
        return { kinds: kinds as never }
      },
      network: TERMS.network,
      logger: { warn: (fields) => logged.push(fields) }
    })
  const after = async (ms: number) => {
    mock.timers.tick(ms)
    await new Promise((resolve) => setImmediate(resolve))
    return asked
  }
  const check = make()
  t.same(await check.start(), [])
  t.same([await after(4999), await after(1)], [1, 2])
  t.same([await after(9999), await after(1)], [2, 3])
  for (let i = 0; i < 10; i++) await after(300_000)
  t.equal(asked, 13, 'every five minutes at last')
  kinds = [{ ...kind, network: 'eip155:1' }]
  await after(300_000)
  t.match(check.problem, /does not list/)
  t.match(logged.at(-1), { problem: /does not list/ })
  const last = asked
  t.equal(await after(3_600_000), last, 'and then no more')

  kinds = undefined
  const closed = make()
  await closed.start()
  closed.close()
  t.equal(await after(3_600_000), last + 1, 'a closed one asks nobody')
})
