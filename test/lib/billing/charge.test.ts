import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { chargeProof } from '../../../lib/billing/charge.ts'
import { type AuthoriseResult, type ChargeRequest, type Rail, RailUnavailable } from '../../../lib/billing/rail.ts'
import { SqliteLedger } from '../ledger/sqlite-ledger.ts'
import { down, makeRail, NOW_MS, REQUEST } from './paid-rail.ts'

const ANSWER = { status: 200, body: '{"results":1}' }

/** A rail that is paid first, and a ledger in memory. */
function setUp(t: Test, change: Partial<Rail> = {}) {
  const ledger = new SqliteLedger(':memory:', () => NOW_MS)
  // Some tests close it themselves.
  t.teardown(() => ledger.close().catch(() => {}))
  const rail = makeRail('l402', change)
  const charge = (proof = 'p', request: Partial<ChargeRequest> = {}) =>
    chargeProof(ledger, rail, proof, { ...REQUEST, ...request })
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
  t.match(await charge(), { kind: 'stored', answer: ANSWER, purchase: { proofKey: 'l402:p' } })
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

t.test('chargeProof: a rail that makes no new offer for a proof of another request', async (t) => {
  const { charge, claim, ledger } = setUp(t, { otherRequestStatus: 409 })
  const other = { fingerprint: 'cd'.repeat(32) }
  const held = await claim()
  t.match(await charge('p', other), { kind: 'conflict', refusal: { code: 'proof_other_request' } }, 'while it runs')
  await ledger.capture(held, ANSWER)
  t.match(await charge('p', other), { kind: 'conflict', refusal: { code: 'proof_other_request' } }, 'afterwards')
})

t.test('chargeProof: an answer that was dropped is not computed again', async (t) => {
  let now = NOW_MS
  const ledger = new SqliteLedger(':memory:', () => now)
  t.teardown(() => ledger.close())
  const outcome = await chargeProof(ledger, makeRail('l402'), 'p', REQUEST)
  if (outcome.kind === 'claimed') await ledger.capture(outcome.claim, ANSWER)
  now += 1001
  t.equal(await ledger.dropExpiredAnswers(10), 1)
  t.match(await chargeProof(ledger, makeRail('l402'), 'p', REQUEST), { refusal: { code: 'proof_consumed' } })
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
    const next = await ledger.claim(held.request)
    if (next.kind === 'claimed') held = next.claim
    rounds += 1
    if (rounds > 50) break
  }
  t.same(await outcome, { kind: 'running' })
  t.equal(rounds, 4)
  ledger.release(held)
  t.match(await charge(), { kind: 'claimed' })
})

t.test('chargeProof: a copy waits for a while, then is asked to retry', async (t) => {
  const { charge, claim, ledger } = setUp(t)
  const held = await claim()
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const copy = charge()
  // The ledger was asked by now, and the clock of the wait runs.
  await new Promise((resolve) => setImmediate(resolve))
  mock.timers.tick(60_000)
  t.strictSame(await copy, { kind: 'running' })
  await ledger.capture(held, ANSWER)
  t.match(await charge(), { kind: 'stored', answer: ANSWER }, 'and finds its answer then')
})

t.test('chargeProof: a ledger that cannot write sells nothing', async (t) => {
  const { charge, ledger } = setUp(t)
  await ledger.close()
  await t.rejects(charge(), { name: 'LedgerUnavailable' })
})
