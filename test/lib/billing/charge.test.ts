import t, { type Test } from 'tap'
import { chargeProof } from '../../../lib/billing/charge.ts'
import { makeOffer, makeQuote, NoRailUp, type Offer } from '../../../lib/billing/offer.ts'
import {
  type AuthoriseResult,
  type Challenge,
  type ChargeRequest,
  type Rail,
  RailUnavailable
} from '../../../lib/billing/rail.ts'
import { SqliteLedger } from '../../../lib/ledger/sqlite-ledger.ts'

const NOW_MS = 1_800_000_000_000
const REQUEST: ChargeRequest = {
  method: 'POST',
  path: '/v1/compute-power',
  fingerprint: 'ab'.repeat(32),
  priceMicroUsd: 100_000n,
  clientAddress: '192.0.2.1',
  nowMs: NOW_MS
}
const ANSWER = { status: 200, body: '{"results":1}' }

const down = (statusCode: 429 | 503, message: string, retryAfterSeconds: number) => () => {
  throw new RailUnavailable(statusCode, message, retryAfterSeconds)
}

/** A rail of our own interface: its proofs are what they pay for, and `authorise` can be replaced. */
function makeRail(name: string, change: Partial<Rail> = {}): Rail {
  return {
    name,
    replays: true,
    findProof: () => undefined,
    challenge: () => ({ headers: [[`X-${name}`, 'pay']], members: { [name]: 'pay' } }),
    quote: () => ({ [`${name}_price`]: 1 }),
    authorise: (proof) => ({
      kind: 'authorised',
      authorisation: { proofKey: `${name}:${proof}`, amountAtomic: 7n, asset: 'msat', answerKeptUntilMs: NOW_MS + 1000 }
    }),
    state: () => ({ status: 'ok' }),
    ...change
  }
}

const later = async (): Promise<Challenge> => {
  await new Promise((resolve) => setImmediate(resolve))
  return { headers: [['X-late', 'pay']], members: { late: 'pay' } }
}
const lateFailure = async (): Promise<Challenge> => {
  await new Promise((resolve) => setImmediate(resolve))
  throw new RailUnavailable(503, 'late is down.', 9)
}

t.test('makeOffer: every rail that is up, in order, and why the others are not', async (t) => {
  const one = makeRail('one')
  const two = makeRail('two')
  const late = makeRail('late', { challenge: later })
  const oneDown = makeRail('one', { challenge: down(503, 'one is down.', 5) })
  const lateDown = makeRail('late', { challenge: lateFailure })
  const cases: [name: string, rails: Rail[], isPromise: boolean, headers: string[], unavailable: object | undefined][] =
    [
      ['one', [one], false, ['X-one'], undefined],
      ['two', [one, two], false, ['X-one', 'X-two'], undefined],
      ['first down', [oneDown, two], false, ['X-two'], { one: 'one is down.' }],
      ['one late', [late, two], true, ['X-late', 'X-two'], undefined],
      ['late down', [lateDown, two], true, ['X-two'], { late: 'late is down.' }],
      ['one down, one late', [oneDown, late], true, ['X-late'], { one: 'one is down.' }]
    ]
  for (const [name, rails, isPromise, headers, unavailable] of cases) {
    const made = makeOffer(rails, REQUEST, undefined)
    t.equal(made instanceof Promise, isPromise, name)
    const offer = await made
    t.same(
      offer.headers.map(([header]) => header),
      headers,
      name
    )
    const body = JSON.parse(offer.body)
    t.same(body.unavailable, unavailable, name)
    for (const header of headers) t.equal(body[header.slice(2)], 'pay', name)
  }
})

t.test('makeOffer: the body', async (t) => {
  const refusal = { code: 'token_expired', detail: 'The token has expired.' }
  const offer = makeOffer([makeRail('one')], REQUEST, refusal) as Offer
  t.strictSame(JSON.parse(offer.body), {
    type: 'urn:power-oracle:problem:payment_required',
    title: 'Payment Required',
    status: 402,
    detail: 'Payment required',
    code: 'payment_required',
    retryable: true,
    price_usd: '0.10',
    reason: refusal,
    one: 'pay'
  })
  t.notMatch(JSON.parse((makeOffer([makeRail('one')], REQUEST, undefined) as Offer).body), { reason: {} })
})

t.test('makeOffer: no rail up', async (t) => {
  const busy = makeRail('busy', { challenge: down(429, 'Too many.', 40) })
  const off = makeRail('off', { challenge: down(503, 'Off.', 5) })
  const late = makeRail('late', { challenge: lateFailure })
  const cases: [Rail[], Partial<NoRailUp>][] = [
    [[], { statusCode: 503, retryAfterSeconds: 1, reasons: [], message: 'No way to pay is configured.' }],
    [[off], { statusCode: 503, retryAfterSeconds: 5, reasons: ['Off.'] }],
    [[busy], { statusCode: 429, retryAfterSeconds: 40, reasons: ['Too many.'] }],
    [[off, busy], { statusCode: 429, retryAfterSeconds: 40, message: 'Off. Too many.' }],
    [[late, off], { statusCode: 503, retryAfterSeconds: 9, reasons: ['late is down.', 'Off.'] }]
  ]
  for (const [rails, expected] of cases) {
    const failed = Promise.resolve().then(() => makeOffer(rails, REQUEST, undefined))
    await t.rejects(failed, { name: 'NoRailUp', ...expected }, rails.map(({ name }) => name).join())
    await t.rejects(failed, NoRailUp)
  }
})

t.test('makeOffer: a defect of a rail is no reason to pay another one', async (t) => {
  const defect = () => {
    throw new TypeError('a defect')
  }
  t.throws(() => makeOffer([makeRail('one'), makeRail('two', { challenge: defect })], REQUEST, undefined), TypeError)
  const late = makeRail('late', { challenge: async () => defect() })
  await t.rejects(Promise.resolve(makeOffer([late, makeRail('one')], REQUEST, undefined)), TypeError)
})

t.test('makeQuote: the price, no challenge', async (t) => {
  const untouched = () => {
    throw new Error('a challenge was made')
  }
  const quote = makeQuote([makeRail('one', { challenge: untouched }), makeRail('two')], 1_250_000n)
  t.same(quote.headers, [])
  t.match(JSON.parse(quote.body), {
    status: 402,
    detail: 'Payment required',
    price_usd: '1.25',
    one_price: 1,
    two_price: 1,
    reason: { code: 'body_required' }
  })
  t.match(JSON.parse(makeQuote([], 100_000n).body), { status: 402, price_usd: '0.10' })
})

function setUp(t: Test, change: Partial<Rail> = {}) {
  const ledger = new SqliteLedger(':memory:', () => NOW_MS)
  // Some tests close it themselves.
  t.teardown(() => ledger.close().catch(() => {}))
  const rail = makeRail('l402', change)
  const charge = (proof = 'p', request: Partial<ChargeRequest> = {}) =>
    chargeProof(ledger, rail, proof, { ...REQUEST, ...request }, '/v1/compute-power')
  /** Charges and expects to hold the claim. */
  const claim = async (proof = 'p') => {
    const outcome = await charge(proof)
    if (outcome.kind !== 'claimed') throw new Error(`expected a claim, got ${outcome.kind}`)
    return outcome.claim
  }
  return { ledger, charge, claim }
}

t.test('chargeProof: what the rail refuses reaches no ledger', async (t) => {
  const results: AuthoriseResult[] = [
    { kind: 'refused', code: 'token_expired', detail: 'Expired.' },
    { kind: 'malformed', code: 'unreadable', detail: 'No.' }
  ]
  for (const result of results)
    for (const authorise of [() => result, async () => result]) {
      const { charge, ledger } = setUp(t, { authorise })
      await ledger.close()
      const { kind, ...refusal } = result
      t.strictSame(await charge(), { kind, refusal })
    }
  const { charge } = setUp(t, { authorise: down(503, 'The node is down.', 3) })
  await t.rejects(charge(), RailUnavailable)
})

t.test('chargeProof: claimed, then stored for the same request alone', async (t) => {
  const { charge, ledger } = setUp(t)
  const outcome = await charge()
  t.match(outcome, {
    kind: 'claimed',
    claim: {
      request: {
        proofKey: 'l402:p',
        rail: 'l402',
        fingerprint: REQUEST.fingerprint,
        route: '/v1/compute-power',
        amountAtomic: 7n,
        asset: 'msat',
        answerKeptUntilMs: NOW_MS + 1000
      }
    },
    authorisation: { proofKey: 'l402:p' }
  })
  if (outcome.kind === 'claimed') await ledger.capture(outcome.claim, ANSWER)
  t.strictSame(await charge(), { kind: 'stored', answer: ANSWER })
  t.match(await charge('p', { fingerprint: 'cd'.repeat(32) }), {
    kind: 'refused',
    refusal: { code: 'proof_other_request' }
  })
  t.match(await charge('q'), { kind: 'claimed' }, 'another proof')
})

t.test('chargeProof: other request while the first runs', async (t) => {
  const { charge, claim } = setUp(t)
  await claim()
  t.match(await charge('p', { fingerprint: 'cd'.repeat(32) }), { refusal: { code: 'proof_other_request' } })
})

t.test('chargeProof: a rail without replays', async (t) => {
  const { charge, claim, ledger } = setUp(t, { replays: false })
  const held = await claim()
  const copy = charge()
  await ledger.capture(held, ANSWER)
  t.strictSame(await copy, { kind: 'stored', answer: ANSWER }, 'a copy of the running request gets its answer')
  t.match(await charge(), { kind: 'refused', refusal: { code: 'proof_consumed' } }, 'afterwards nothing')
})

t.test('chargeProof: an answer that was dropped is not computed again', async (t) => {
  let now = NOW_MS
  const ledger = new SqliteLedger(':memory:', () => now)
  t.teardown(() => ledger.close())
  const outcome = await chargeProof(ledger, makeRail('l402'), 'p', REQUEST, '/r')
  if (outcome.kind === 'claimed') await ledger.capture(outcome.claim, ANSWER)
  now += 1001
  t.equal(ledger.dropExpiredAnswers(10), 1)
  t.match(await chargeProof(ledger, makeRail('l402'), 'p', REQUEST, '/r'), { refusal: { code: 'proof_consumed' } })
})

t.test('chargeProof: copies wait, and one of them takes over what failed', async (t) => {
  const { charge, claim, ledger } = setUp(t)
  const first = await claim()
  const copies = Array.from({ length: 20 }, () => charge())
  ledger.release(first)
  const taken = await Promise.race(copies)
  t.equal(taken.kind, 'claimed')
  if (taken.kind === 'claimed') await ledger.capture(taken.claim, ANSWER)
  const outcomes = await Promise.all(copies)
  t.equal(outcomes.filter(({ kind }) => kind === 'claimed').length, 1)
  t.equal(outcomes.filter(({ kind }) => kind === 'stored').length, 19)
})

t.test('chargeProof: after a few failed takeovers a copy gives up, and the proof is still good', async (t) => {
  const { charge, claim, ledger } = setUp(t)
  // The other copy is first in every round, and fails.
  let held = await claim()
  const outcome = charge()
  let rounds = 0
  const decided = outcome.then(() => true)
  const settled = async () => (await Promise.race([decided, new Promise((r) => setImmediate(() => r(false)))])) === true
  while (!(await settled())) {
    ledger.release(held)
    const next = ledger.claim(held.request)
    if (next.kind === 'claimed') held = next.claim
    rounds += 1
    if (rounds > 50) break
  }
  t.same(await outcome, { kind: 'running' })
  t.equal(rounds, 4)
  ledger.release(held)
  t.match(await charge(), { kind: 'claimed' })
})

t.test('chargeProof: a ledger that cannot write sells nothing', async (t) => {
  const { charge, ledger } = setUp(t)
  await ledger.close()
  await t.rejects(charge(), { name: 'LedgerUnavailable' })
})
