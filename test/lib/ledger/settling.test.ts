import t from 'tap'
import { type Claim, type ClaimRequest, LedgerUnavailable, ProofHeldElsewhere } from '../../../lib/ledger/ledger.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { onEachEngine } from '../../support/engines.ts'
import {
  ATHLETE_KEY,
  answer,
  bought,
  buy,
  claim,
  deferred,
  finished,
  KEPT_UNTIL_MS,
  NOW_MS,
  openAt,
  pending,
  record,
  request,
  revision
} from './helpers.ts'

const OTHER = { fingerprint: 'cd'.repeat(32) }
const conflict = (canonicalRevisionId: string | undefined, undecided = false) => ({
  name: 'RevisionConflict',
  canonicalRevisionId,
  undecided
})
const payments = `SELECT proof_key, state, amount_atomic, answer_body, settlement, pending_record, reserves_workout_id
  FROM payments ORDER BY proof_key`
const revisions = 'SELECT revision_id, state, supersedes_revision_id, reason FROM revisions ORDER BY sequence'

await onEachEngine(t, (t, engine) => {
  t.test('captured after an erasure: the answer is given, and the athlete stays unknown', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger } = await openAt(t, place)
    const { database } = await openAt(t, place)
    const known = () => database.read(() => database.versions.current(ATHLETE_KEY))
    const held = await claim(ledger, deferred('a'))
    await ledger.beginSettling(held, answer('a'), record('a'))
    await new WorkoutStore(database, () => NOW_MS).erase(ATHLETE_KEY)
    t.same(await ledger.capture(held, answer('a'), record('a'), '0xhash'), answer('a'))
    t.match(await place.rows(payments), [{ state: 'captured', settlement: '0xhash', answer_body: null }])
    t.same(await place.rows(revisions), [])
    t.equal(await known(), undefined)
  })

  t.test('settling, then captured: the answer and the workout of the row count', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger } = await openAt(t, place)
    const held = await claim(ledger, deferred('a'))
    const [copy] = await finished(ledger, deferred('a'))
    await ledger.beginSettling(held, answer('kept'), record('a'))
    t.match(await place.rows(payments), [
      { proof_key: 'x402:a', state: 'settling', answer_body: answer('kept').body, settlement: null }
    ])
    t.same(await place.rows(revisions), [], 'no workout without its payment')
    t.match(await ledger.claim(deferred('a')), { kind: 'running' }, 'a copy in this process goes on waiting')
    t.same(await ledger.capture(held, answer('other'), record('other'), '0xhash'), answer('kept'))
    t.same(await copy, answer('kept'))
    t.same(await bought(ledger, deferred('a')), {
      proofKey: 'x402:a',
      fingerprint: 'ab'.repeat(32),
      proofDigest: Buffer.alloc(32, 'a'),
      answer: answer('kept'),
      settlement: '0xhash',
      delivered: false,
      isHeldElsewhere: false,
      payer: '0xpayer',
      purchaseKey: undefined
    })
    t.same(await place.rows(payments), [
      {
        proof_key: 'x402:a',
        state: 'captured',
        amount_atomic: '100000',
        answer_body: null,
        settlement: '0xhash',
        pending_record: null,
        reserves_workout_id: null
      }
    ])
    t.match(await place.rows(revisions), [{ revision_id: 'revision-a', state: 'canonical' }])
    t.same(await ledger.pendingPayments(0, 10), [])
  })

  t.test('settling, then released: as if it had never been, and free for another request', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger } = await openAt(t, place)
    const held = await claim(ledger, deferred('a'))
    await ledger.beginSettling(held, answer('a'), record('a'))
    const [copy] = await finished(ledger, deferred('a'))
    await ledger.release(held)
    t.equal(await copy, undefined)
    t.match(await place.rows(payments), [{ state: 'released', answer_body: null, pending_record: null }])
    const again = await claim(ledger, deferred('a', OTHER))
    await ledger.beginSettling(again, answer('2'))
    t.same(await ledger.capture(again, answer('2'), undefined, '0x2'), answer('2'))
    t.match(await bought(ledger, deferred('a', OTHER)), { fingerprint: OTHER.fingerprint, settlement: '0x2' })
    t.equal((await place.rows(payments)).length, 1)
  })

  t.test('left unknown: it is not free, and it is ended once', async (t) => {
    const place = await engine.makePlace(t)
    let now = NOW_MS
    const { ledger } = await openAt(t, place, () => now)
    for (const proof of ['a', 'b']) {
      const held = await claim(ledger, deferred(proof))
      await ledger.beginSettling(held, answer(proof), record(proof))
      const [copy] = await finished(ledger, deferred(proof))
      await ledger.leaveUnknown(held)
      t.equal(await copy, undefined)
      now += 1000
    }
    const { payment, purchase } = await pending(ledger, deferred('a'))
    t.same(payment, {
      proofKey: 'x402:a',
      rail: 'x402',
      state: 'unknown',
      amountAtomic: 100_000n,
      asset: 'eip155:8453/0xusdc',
      payer: '0xpayer',
      settleBeforeSeconds: 2n ** 200n,
      settlingSinceMs: NOW_MS,
      proof: 'signed a'
    })
    t.match(purchase, { proofDigest: Buffer.alloc(32, 'a'), answer: answer('a'), settlement: undefined })
    t.match(await ledger.claim(deferred('a', OTHER)), { kind: 'other_request' })
    t.same(
      (await ledger.pendingPayments(0, 10)).map(({ proofKey }) => proofKey),
      ['x402:a', 'x402:b'],
      'oldest first'
    )
    t.equal((await ledger.pendingPayments(0, 1)).length, 1)
    t.same(
      (await ledger.pendingPayments(1500, 10)).map(({ proofKey }) => proofKey),
      ['x402:a'],
      'those that had time to end by themselves'
    )
    const captured = await ledger.capturePending('x402:a', '0xa')
    t.match(captured, { answer: answer('a'), settlement: '0xa', delivered: false })
    t.same(await ledger.capturePending('x402:a', '0xlater'), captured, 'once')
    t.same(await bought(ledger, deferred('a')), captured)
    await ledger.releasePending('x402:a')
    t.same(await bought(ledger, deferred('a')), captured, 'what is captured stays')
    await ledger.releasePending('x402:b')
    await t.rejects(ledger.capturePending('x402:b', '0xb'), LedgerUnavailable)
    await t.rejects(ledger.capturePending('x402:never', '0xb'), LedgerUnavailable)
    t.match(await place.rows(revisions), [{ revision_id: 'revision-a' }])
    t.match(await ledger.claim(deferred('b')), { kind: 'claimed' })
  })

  t.test('the proof is kept while the payment is pending, and no longer', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger, database } = await openAt(t, place)
    const proofs = () => place.rows('SELECT proof_key, state, pending_proof FROM payments ORDER BY proof_key')
    const begin = async (id: string, workout?: WorkoutRecord) => {
      const held = await claim(ledger, deferred(id))
      await ledger.beginSettling(held, answer(id), workout)
      return held
    }
    const leave = async (id: string, workout?: WorkoutRecord) => ledger.leaveUnknown(await begin(id, workout))
    await leave('a-unknown')
    await ledger.capture(await begin('b-captured', record('b')), answer('b'), record('b'), '0xb')
    await ledger.capture(await begin('c-captured'), answer('c'), undefined, '0xc')
    await ledger.release(await begin('d-released'))
    await leave('e-captured late', record('e'))
    await ledger.capturePending('x402:e-captured late', '0xe')
    await leave('f-released late')
    await ledger.releasePending('x402:f-released late')
    await buy(ledger, request('first'), 'first', record('first'))
    await leave('g-owed', revision('g', 'first', 'first'))
    await leave('h-erased', record('h'))
    await ledger.capture(await claim(ledger, deferred('i-fresh')), answer('i'), undefined, '0xi')
    await ledger.keepAsOwed(await claim(ledger, deferred('j-kept')))
    await new WorkoutStore(database, () => NOW_MS).erase(ATHLETE_KEY)
    t.same(
      (await proofs()).filter(({ pending_proof }) => pending_proof !== null),
      [{ proof_key: 'x402:a-unknown', state: 'unknown', pending_proof: 'signed a-unknown' }]
    )
    t.equal((await pending(ledger, deferred('h-erased'))).payment.proof, undefined, 'its answer is gone')
    t.ok((await ledger.pendingPayments(0, 10)).some(({ proof }) => proof === 'signed a-unknown'))
    const again = await claim(ledger, deferred('d-released', { proof: 'signed anew' }))
    await ledger.beginSettling(again, answer('d'))
    t.equal(
      (await place.rows("SELECT pending_proof FROM payments WHERE proof_key = 'x402:d-released'"))[0]?.pending_proof,
      'signed anew'
    )
  })

  t.test('another instance meets a settling row: pending, and the first outcome counts', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger: first }, { ledger: second }] = [await openAt(t, place), await openAt(t, place)]
    const held = await claim(first, deferred('a'))
    const late = await claim(second, deferred('a'))
    await first.beginSettling(held, answer('a'), record('a'))
    await t.rejects(second.beginSettling(late, answer('late')), ProofHeldElsewhere, 'no second settlement')
    t.match(await pending(second, deferred('a')), { payment: { state: 'settling' } })
    t.same(await first.pendingPayments(0, 10), [], 'it is in the hands of the first')
    t.equal((await second.pendingPayments(0, 10)).length, 1)
    t.match(await second.capturePending('x402:a', '0x1'), { answer: answer('a') })
    t.same(await first.capture(held, answer('a'), record('a'), '0x1'), answer('a'))
    t.equal((await place.rows(revisions)).length, 1)

    const dead = await claim(first, deferred('b'))
    await first.beginSettling(dead, answer('b'), record('b'))
    await second.releasePending('x402:b')
    t.same(
      await first.capture(dead, answer('b'), record('b'), '0x2'),
      answer('b'),
      'the money moved: the release was wrong'
    )
    t.match(await bought(second, deferred('b')), { answer: answer('b'), settlement: '0x2' })
  })

  t.test('a restart while settling: pending, with everything in the row', async (t) => {
    const place = await engine.makePlace(t)
    const before = await openAt(t, place)
    await buy(before.ledger, request('first'), 'first', record('first'))
    const held = await claim(before.ledger, deferred('a'))
    await before.ledger.beginSettling(held, answer('a'), revision('a', 'first', 'first'))
    await before.ledger.close()
    await before.database.close()
    const { ledger } = await openAt(t, place)
    t.match(await pending(ledger, deferred('a')), { payment: { state: 'settling' }, purchase: { answer: answer('a') } })
    await ledger.capturePending('x402:a', '0xa')
    t.same(await place.rows(revisions), [
      { revision_id: 'revision-first', state: 'superseded', supersedes_revision_id: null, reason: null },
      {
        revision_id: 'revision-a',
        state: 'canonical',
        supersedes_revision_id: 'revision-first',
        reason: '"typing error"'
      }
    ])
  })

  t.test('a purchase key: another proof of the same name is the same purchase', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger }, { ledger: other }] = [await openAt(t, place), await openAt(t, place)]
    const named = (proof: string, change: Partial<ClaimRequest> = {}) =>
      deferred(proof, { purchaseKey: 'ee'.repeat(32), ...change })
    const held = await claim(ledger, named('a'))
    t.match(await ledger.claim(named('b')), { kind: 'running', claim: held })
    t.match(await ledger.claim(named('b', OTHER)), { kind: 'other_request' })
    await ledger.beginSettling(held, answer('a'))
    t.match(await pending(other, named('b')), { payment: { proofKey: 'x402:a' }, purchase: { answer: answer('a') } })
    t.match(await other.claim(named('b', OTHER)), { kind: 'other_request' })
    const rival = await claim(other, deferred('c'))
    await ledger.capture(held, answer('a'), undefined, '0xa')
    t.match(await bought(other, named('b')), { proofKey: 'x402:a', purchaseKey: 'ee'.repeat(32), settlement: '0xa' })
    t.match(await ledger.claim(named('b', OTHER)), { kind: 'other_request' })
    t.match(await ledger.claim(deferred('d')), { kind: 'claimed' }, 'no name, no purchase')
    await other.release(rival)
  })

  t.test('a purchase key claimed by two instances at once: one of them sells', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger: one }, { ledger: two }] = [await openAt(t, place), await openAt(t, place)]
    const named = (proof: string) => deferred(proof, { purchaseKey: 'ee'.repeat(32) })
    const [ofOne, ofTwo] = [await claim(one, named('a')), await claim(two, named('b'))]
    await one.beginSettling(ofOne, answer('a'))
    await t.rejects(two.beginSettling(ofTwo, answer('b')), ProofHeldElsewhere)
    t.match(await pending(two, named('b')), { payment: { proofKey: 'x402:a' } })
    await one.release(ofOne)
    t.match(await two.claim(named('b')), { kind: 'claimed' }, 'a released purchase frees its name')
  })

  t.test('delivered: known at once, written down later, and kept', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger, database } = await openAt(t, place)
    for (const proof of ['a', 'b', 'c']) await buy(ledger, deferred(proof), proof)
    ledger.markDelivered('x402:a')
    ledger.markDelivered('x402:b')
    ledger.markDelivered('x402:never')
    t.equal((await bought(ledger, deferred('a'))).delivered, true)
    t.equal((await bought(ledger, deferred('c'))).delivered, false)
    await ledger.close()
    await database.close()
    const again = await openAt(t, place)
    t.same(
      await Promise.all(['a', 'b', 'c'].map(async (proof) => (await bought(again.ledger, deferred(proof))).delivered)),
      [true, true, false]
    )
  })

  t.test('a revision takes the place of the canonical one, or nothing', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger } = await openAt(t, place)
    await buy(ledger, request('1'), '1', record('1'))
    await buy(ledger, request('2'), '2', revision('2', '1', '1'))
    const cases: [name: string, workout: ReturnType<typeof record>, canonical: string | undefined][] = [
      ['superseded meanwhile', revision('x', '1', '1'), 'revision-2'],
      ['never was', revision('x', '1', 'none'), 'revision-2'],
      ['of another workout', revision('x', 'other', '2'), undefined],
      ['of another athlete', revision('x', '1', '2', { athleteKey: Buffer.alloc(32, 8) }), undefined]
    ]
    for (const [name, workout, canonical] of cases) {
      const held = await claim(ledger, request(name))
      const [copy] = await finished(ledger, request(name))
      await t.rejects(ledger.capture(held, answer('x'), workout), conflict(canonical), `paid first: ${name}`)
      t.equal(await copy, undefined)
      await t.rejects(
        ledger.beginSettling(await claim(ledger, deferred(name)), answer('x'), workout),
        conflict(canonical),
        `paid after: ${name}`
      )
      t.match(await ledger.claim(deferred(name)), { kind: 'claimed' }, 'nothing was written, nothing is held')
    }
    t.same(
      (await place.rows(payments)).filter(({ state }) => state === 'released'),
      cases
        .map(([name]) => ({
          proof_key: `l402:${name}`,
          state: 'released',
          amount_atomic: '149000',
          answer_body: null,
          settlement: null,
          pending_record: null,
          reserves_workout_id: null
        }))
        .sort((a, b) => (a.proof_key < b.proof_key ? -1 : 1)),
      'the money of the rail that is paid first is owed'
    )
    if (engine.name === 'postgres')
      t.same(await place.rows('SELECT count(*) AS n FROM athletes'), [{ n: 1 }], 'a refused revision makes no athlete')
    t.match(await place.rows(revisions), [
      { revision_id: 'revision-1', state: 'superseded' },
      { revision_id: 'revision-2', state: 'canonical' }
    ])
    t.same(await buy(ledger, request('never was'), 'now', revision('3', '1', '2')), answer('now'), 'it may try again')
  })

  t.test('revisions of one workout at once: one wins, and others in the group are unaffected', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger } = await openAt(t, place)
    await buy(ledger, request('1'), '1', record('1'))
    const names = ['a', 'b', 'c', 'd']
    const [held, bystander] = [
      await Promise.all(names.map((name) => claim(ledger, request(name)))),
      await claim(ledger, request('bystander'))
    ]
    const results = await Promise.allSettled([
      ...held.map((one, index) => ledger.capture(one, answer('x'), revision(names[index]!, '1', '1'))),
      ledger.capture(bystander, answer('y'), record('y'))
    ])
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 2)
    t.equal(results[4]!.status, 'fulfilled')
    const [winner] = await place.rows(
      `SELECT revision_id FROM revisions WHERE workout_id = 'workout-1' AND state = 'canonical'`
    )
    for (const result of results)
      if (result.status === 'rejected')
        t.match(result.reason, { canonicalRevisionId: winner!.revision_id, undecided: false })
  })

  t.test('a workout that a settling payment will change is reserved, until that is decided', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger }, { ledger: other }] = [await openAt(t, place), await openAt(t, place)]
    await buy(ledger, request('1'), '1', record('1'))
    const held = await claim(ledger, deferred('a'))
    await ledger.beginSettling(held, answer('a'), revision('a', '1', '1'))
    const undecided = conflict('revision-1', true)
    await t.rejects(buy(other, request('b'), 'b', revision('b', '1', '1')), undecided)
    await t.rejects(
      other.beginSettling(await claim(other, deferred('c')), answer('c'), revision('c', '1', '1')),
      undecided
    )
    await ledger.release(held)
    const next = await claim(other, deferred('d'))
    await other.beginSettling(next, answer('d'), revision('d', '1', '1'))
    await other.leaveUnknown(next)
    await t.rejects(buy(ledger, request('b'), 'b', revision('b', '1', '1')), undecided, 'unknown reserves as well')
    await ledger.capturePending('x402:d', '0xd')
    await t.rejects(buy(ledger, request('b'), 'b', revision('b', '1', '1')), conflict('revision-d'))
    t.same(await buy(ledger, request('b'), 'b', revision('b', '1', 'd')), answer('b'))
  })

  t.test('a settling answer outlives its time; released ones leave nothing to drop', async (t) => {
    const place = await engine.makePlace(t)
    let now = NOW_MS
    const { ledger } = await openAt(t, place, () => now)
    const claims: Claim[] = []
    for (const proof of ['a', 'b', 'c']) {
      const held = await claim(ledger, deferred(proof))
      await ledger.beginSettling(held, answer(proof))
      claims.push(held)
    }
    await ledger.release(claims[2]!)
    now += 1e9
    t.equal(await ledger.dropExpiredAnswers(10), 0)
    t.same(await ledger.capture(claims[0]!, answer('a'), undefined, '0xa'), answer('a'))
    t.equal(await ledger.dropExpiredAnswers(10), 0, 'what was taken late is kept as long as what was taken at once')
    now += KEPT_UNTIL_MS - NOW_MS + 1
    t.equal(await ledger.dropExpiredAnswers(10), 1)
    t.match(await bought(ledger, deferred('a')), { answer: undefined, settlement: '0xa' })
    await ledger.leaveUnknown(claims[1]!)
    t.match(await pending(ledger, deferred('b')), { purchase: { answer: answer('b') } })
  })
})
