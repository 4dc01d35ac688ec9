import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { type Claim, type Ledger, LedgerUnavailable, type StoredAnswer } from '../../../lib/ledger/ledger.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import { athleteKey } from '../../../lib/workouts/workout-record.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { answer, bought, claim, finished, KEPT_UNTIL_MS, NOW_MS, openAt, record, request } from './helpers.ts'

const OTHER = { fingerprint: 'cd'.repeat(32) }

/** All that an engine keeps: a SQLite file with its log and index, or every row of Postgres as text. */
async function everyByte(place: Place): Promise<Buffer> {
  if (place.config.kind === 'sqlite') {
    const folder = dirname(place.config.path)
    return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
  }
  const tables = ['payments', 'revisions', 'athletes']
  const rows = await Promise.all(tables.map((table) => place.rows(`SELECT x::text FROM ${table} x`)))
  return Buffer.from(JSON.stringify(rows))
}

/** What the ledger promises, in the simplest form: a map of what was captured, and one of what runs. */
interface Model {
  readonly captured: Map<string, { fingerprint: string; answer: StoredAnswer }>
  readonly running: Map<string, string>
}
interface Real {
  ledger: Ledger
  database: WorkoutDatabase
  readonly place: Place
  /** Sets the proofs of one run apart from those of another. */
  readonly run: number
  readonly claims: Map<string, Claim>
}
type Step = fc.AsyncCommand<Model, Real>

const same = (actual: unknown, expected: unknown) => {
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
}

const claimStep = (proof: string, fingerprint: string): Step => ({
  check: () => true,
  toString: () => `claim ${proof} for ${fingerprint}`,
  async run(model, real) {
    const outcome = await real.ledger.claim(request(`${real.run}${proof}`, { fingerprint }))
    const running = model.running.get(proof)
    const captured = model.captured.get(proof)
    const known = running ?? captured?.fingerprint
    if (known !== undefined && known !== fingerprint) return same(outcome, { kind: 'other_request' })
    if (running !== undefined) return same(outcome.kind, 'running')
    if (captured !== undefined) return same(outcome.kind === 'captured' && outcome.purchase.answer, captured.answer)
    if (outcome.kind !== 'claimed') throw new Error(`expected a claim, got ${outcome.kind}`)
    model.running.set(proof, fingerprint)
    real.claims.set(proof, outcome.claim)
  }
})

const captureStep = (proof: string, text: string, isWorkout: boolean): Step => ({
  check: (model) => model.running.has(proof),
  toString: () => `capture ${proof}`,
  async run(model, real) {
    const fingerprint = model.running.get(proof)!
    const workout = isWorkout ? record(`${real.run}${proof}`) : undefined
    same(await real.ledger.capture(real.claims.get(proof)!, answer(text), workout), answer(text))
    model.captured.set(proof, { fingerprint, answer: answer(text) })
    model.running.delete(proof)
  }
})

const releaseStep = (proof: string): Step => ({
  check: (model) => model.running.has(proof),
  toString: () => `release ${proof}`,
  async run(model, real) {
    await real.ledger.release(real.claims.get(proof)!)
    model.running.delete(proof)
  }
})

const reopenStep: Step = {
  check: () => true,
  toString: () => 'reopen',
  async run(model, real) {
    await real.ledger.close()
    await real.database.close()
    real.database = await real.place.open()
    real.ledger = openLedger(real.database, () => NOW_MS)
    model.running.clear()
  }
}

/** The columns that every payment captured over Lightning has; a deferred one fills the others, too. */
const CAPTURED_ROW = {
  rail: 'l402',
  state: 'captured',
  fingerprint: 'ab'.repeat(32),
  route: '/v1/compute-power',
  asset: 'msat',
  claimed_at_ms: NOW_MS,
  captured_at_ms: NOW_MS,
  answer_status: 200,
  answer_kept_until_ms: KEPT_UNTIL_MS,
  proof_digest: null,
  purchase_key: null,
  payer: null,
  payee: null,
  settle_before_s: null,
  settlement: null,
  delivered_at_ms: null,
  held_until_ms: null,
  settling_at_ms: null,
  pending_record: null,
  pending_proof: null,
  reserves_workout_id: null
}

await onEachEngine(t, (t, engine) => {
  t.test('claim, capture, the same answer again', async (t) => {
    const { ledger } = await openAt(t, await engine.makePlace(t))
    t.equal(ledger.isWritable(), true)
    const held = await claim(ledger, request('a'))
    t.equal(held.claimedAtMs, NOW_MS)
    t.match(await ledger.claim(request('a', OTHER)), { kind: 'other_request' }, 'while it runs')
    t.same(await ledger.capture(held, answer('é😀')), answer('é😀'))
    for (let i = 0; i < 3; i++) t.same((await bought(ledger, request('a'))).answer, answer('é😀'))
    t.same(await ledger.claim(request('a', OTHER)), { kind: 'other_request' }, 'afterwards')
    t.match(await ledger.claim(request('b')), { kind: 'claimed' }, 'another proof')
    t.ok(await bought(ledger, request('a', { route: '/x', amountAtomic: 1n })), 'the fingerprint decides')
  })

  t.test('a released proof is free again, and its waiters resolve', async (t) => {
    const { ledger } = await openAt(t, await engine.makePlace(t))
    const first = await claim(ledger, request('a'))
    const [copy] = await finished(ledger, request('a'))
    await ledger.release(first)
    t.equal(await copy, undefined)
    const second = await claim(ledger, request('a', OTHER))
    await ledger.release(first)
    t.match(
      await ledger.claim(request('a', OTHER)),
      { kind: 'running', claim: second },
      'a claim is released once: the second one still holds'
    )
    t.same(await ledger.capture(second, answer('2'), record('2')), answer('2'))
    t.same((await bought(ledger, request('a', OTHER))).answer, answer('2'))
  })

  t.test('fifty copies at once: one computes, all get its answer', async (t) => {
    const { ledger } = await openAt(t, await engine.makePlace(t))
    const outcomes = await Promise.all(Array.from({ length: 50 }, async () => ledger.claim(request('a'))))
    const claims = outcomes.flatMap((outcome) => (outcome.kind === 'claimed' ? [outcome.claim] : []))
    const waits = outcomes.flatMap((outcome) => (outcome.kind === 'running' ? [outcome.finished] : []))
    t.same([claims.length, waits.length], [1, 49])
    await ledger.capture(claims[0]!, answer('one'), record('one'))
    for (const delivered of await Promise.all(waits)) t.same(delivered, answer('one'))
  })

  t.test("a row that fails takes its payment back, and nobody else's", async (t) => {
    const { ledger } = await openAt(t, await engine.makePlace(t))
    await ledger.capture(await claim(ledger, request('first')), answer('first'), record('1'))
    const bad: [string, ReturnType<typeof record>][] = [
      ['twice', record('new', { revisionId: 'revision-1' })],
      ['canonical', record('new', { workoutId: 'workout-1' })]
    ]
    const good = await Promise.all(['p', 'q', 'r'].map((proof) => claim(ledger, request(proof))))
    const held = await Promise.all(bad.map(([proof]) => claim(ledger, request(proof))))
    const [waiting] = await finished(ledger, request('twice'))
    const results = await Promise.allSettled([
      ledger.capture(good[0]!, answer('p'), record('p')),
      ledger.capture(held[0]!, answer('x'), bad[0]![1]),
      ledger.capture(good[1]!, answer('q')),
      ledger.capture(held[1]!, answer('y'), bad[1]![1]),
      ledger.capture(good[2]!, answer('r'), record('r'))
    ])
    t.same(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']
    )
    for (const result of results) if (result.status === 'rejected') t.ok(result.reason instanceof LedgerUnavailable)
    t.equal(ledger.isWritable(), true, 'one bad row leaves the ledger writable')
    t.equal(await waiting, undefined)
    for (const proof of ['p', 'q', 'r']) t.same((await bought(ledger, request(proof))).answer, answer(proof))
    for (const [proof] of bad) {
      const again = await claim(ledger, request(proof))
      t.same(await ledger.capture(again, answer(proof), record(proof)), answer(proof), 'nothing was consumed')
    }
  })

  t.test('what a row holds, and what it does not', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger } = await openAt(t, place)
    const uuid = 'c0ffee00-1234-4abc-8def-0123456789ab'
    const key = athleteKey(uuid.toUpperCase())
    await ledger.capture(await claim(ledger, request('done')), answer('done'), record('done', { athleteKey: key }))
    await ledger.capture(await claim(ledger, request('planned', { amountAtomic: 2n ** 62n })), {
      ...answer('planned'),
      athleteKey: key
    })
    t.same(await place.rows('SELECT * FROM payments ORDER BY proof_key'), [
      {
        ...CAPTURED_ROW,
        proof_key: 'l402:done',
        amount_atomic: '149000',
        answer_body: null,
        answer_revision_id: 'revision-done',
        answer_athlete_key: null
      },
      {
        ...CAPTURED_ROW,
        proof_key: 'l402:planned',
        amount_atomic: '4611686018427387904',
        answer_body: answer('planned').body,
        answer_revision_id: null,
        answer_athlete_key: key
      }
    ])
    t.match(await place.rows('SELECT * FROM revisions'), [
      {
        revision_id: 'revision-done',
        state: 'canonical',
        answer_json: answer('done').body,
        request_json: '{"of":"done"}'
      }
    ])
    const bytes = await everyByte(place)
    t.ok(bytes.includes(key) || bytes.includes(key.toString('hex')), 'the bytes are those of the rows')
    for (const form of [uuid, uuid.toUpperCase(), uuid.replaceAll('-', '')]) t.notOk(bytes.includes(form), form)
    t.notOk(bytes.includes(Buffer.from(uuid.replaceAll('-', ''), 'hex')), 'nor in binary')
  })

  t.test('two instances: the slower serves the answer of the faster', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger: fast }, { ledger: slow }] = [await openAt(t, place), await openAt(t, place)]
    const [ofFast, ofSlow] = [await claim(fast, request('a')), await claim(slow, request('a'))]
    const [copy] = await finished(slow, request('a'))
    t.same(await fast.capture(ofFast, answer('fast'), record('fast')), answer('fast'))
    t.same(await slow.capture(ofSlow, answer('slow'), record('slow')), answer('fast'))
    t.same(await copy, answer('fast'))
    t.same((await bought(slow, request('a'))).answer, answer('fast'))
    t.match(await place.rows('SELECT revision_id FROM revisions'), [{ revision_id: 'revision-fast' }])
    t.equal((await place.rows('SELECT * FROM revisions')).length, 1)

    const [one, two] = [await claim(fast, request('b')), await claim(slow, request('b', OTHER))]
    await fast.capture(one, answer('one'))
    await t.rejects(slow.capture(two, answer('two'), record('two')), { name: 'LedgerUnavailable' })
    t.same(await slow.claim(request('b', OTHER)), { kind: 'other_request' })
    t.equal(slow.isWritable(), true)
    t.equal((await place.rows('SELECT * FROM revisions')).length, 1, 'no workout without its payment')
  })

  t.test('a first use: a row that is there decides, at the capture where it is not looked for before', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger: fast }, { ledger: slow }] = [await openAt(t, place), await openAt(t, place)]
    await fast.capture(await claim(fast, request('a')), answer('fast'), record('fast'))
    await fast.capture(await claim(fast, request('b')), answer('one'))
    const again = { isFirstUse: true }
    if (engine.name === 'postgres') {
      t.match(await slow.claim(request('a', again)), { kind: 'captured' }, 'instances share it, so it is looked for')
      t.match(await slow.claim(request('b', { ...OTHER, ...again })), { kind: 'other_request' })
    } else {
      const held = await claim(slow, request('a', again))
      t.same(await slow.capture(held, answer('slow'), record('slow')), answer('fast'))
      const other = await claim(slow, request('b', { ...OTHER, ...again }))
      await t.rejects(slow.capture(other, answer('two')), { name: 'LedgerUnavailable' })
    }
    t.equal((await place.rows('SELECT * FROM revisions')).length, 1)
    const running = await claim(slow, request('c', { isFirstUse: true }))
    t.match(await slow.claim(request('c', { isFirstUse: true })), { kind: 'running' }, 'copies wait all the same')
    slow.release(running)
  })

  t.test('two instances: each knows of the proofs that the other has written down', async (t) => {
    const place = await engine.makePlace(t)
    const [{ ledger: a }, { ledger: b }] = [await openAt(t, place), await openAt(t, place)]
    const held = await claim(a, request('a'))
    t.equal(await b.isKnown('l402:a'), false, 'it may yet come to nothing')
    await a.capture(held, answer('a'), record('a'))
    t.equal(await b.isKnown('l402:a'), true)
    t.equal(await b.isKnown('l402:b'), false)
  })

  t.test('answers past their time are dropped, a bounded number at a time; the books stay', async (t) => {
    const place = await engine.makePlace(t)
    let now = NOW_MS
    const { ledger } = await openAt(t, place, () => now)
    for (let i = 0; i < 5; i++)
      await ledger.capture(await claim(ledger, request(`p${i}`, { answerKeptUntilMs: NOW_MS + i })), answer(`${i}`))
    await ledger.capture(
      await claim(ledger, request('done', { answerKeptUntilMs: NOW_MS })),
      answer('done'),
      record('d')
    )
    t.equal(await ledger.dropExpiredAnswers(10), 0, 'nothing is past its time')
    now = NOW_MS + 4
    t.equal(await ledger.dropExpiredAnswers(3, 0), 0, 'a clock that jumped ahead drops nothing')
    t.equal(await ledger.dropExpiredAnswers(3, now + 0.25), 3, 'a clock that tells fractions of a millisecond is read')
    t.equal(await ledger.dropExpiredAnswers(3, now - 0.25), 0, 'the last millisecond of a fraction still counts')
    t.equal(await ledger.dropExpiredAnswers(3), 1)
    t.equal(await ledger.dropExpiredAnswers(3), 0, 'the last millisecond still counts')
    for (let i = 0; i < 4; i++) t.equal((await bought(ledger, request(`p${i}`))).answer, undefined)
    t.same(await ledger.claim(request('p0', OTHER)), { kind: 'other_request' })
    t.same((await bought(ledger, request('p4'))).answer, answer('4'))
    now = NOW_MS + 1e12
    t.equal(await ledger.dropExpiredAnswers(10), 1)
    t.same((await bought(ledger, request('done'))).answer, answer('done'), 'a workout is kept')
    t.match(
      await place.rows(
        'SELECT count(*) AS n, sum(cast(amount_atomic AS integer)) AS msat, min(length(fingerprint)) AS f FROM payments'
      ),
      [{ n: 6, msat: 6 * 149_000, f: 64 }]
    )
  })

  t.test('closed: what waits is written, and nothing more is taken', async (t) => {
    const place = await engine.makePlace(t)
    const { ledger, database } = await openAt(t, place)
    const held = await claim(ledger, request('a'))
    const captured = ledger.capture(held, answer('a'))
    await ledger.close()
    await database.close()
    t.same(await captured, answer('a'))
    await t.rejects(async () => ledger.claim(request('b')), LedgerUnavailable)
    t.equal(ledger.isWritable(), false)
    await t.rejects(async () => ledger.dropExpiredAnswers(1), LedgerUnavailable)
    t.same((await bought((await openAt(t, place)).ledger, request('a'))).answer, answer('a'))
  })

  t.test('any order of claims, captures, releases and restarts', async (t) => {
    const proof = fc.constantFrom('a', 'b', 'c')
    const fingerprint = fc.constantFrom('ab'.repeat(32), 'cd'.repeat(32))
    const steps = fc.commands<Model, Real, false>(
      [
        // Several times, for a purchase needs both, and a restart undoes a claim.
        ...Array.from({ length: 3 }, () => fc.tuple(proof, fingerprint).map((args) => claimStep(...args))),
        ...Array.from({ length: 3 }, () =>
          fc.tuple(proof, fc.string(), fc.boolean()).map((args) => captureStep(...args))
        ),
        proof.map(releaseStep),
        fc.constant(reopenStep)
      ],
      { maxCommands: 30, size: 'max' }
    )
    const place = await engine.makePlace(t)
    let run = 0
    let paid = 0
    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        const database = await place.open()
        const ledger = openLedger(database, () => NOW_MS)
        const real: Real = { ledger, database, place, run: ++run, claims: new Map() }
        const model: Model = { captured: new Map(), running: new Map() }
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands)
          paid += model.captured.size
          const { length } = await place.rows('SELECT proof_key FROM payments')
          if (length !== paid) throw new Error(`${length} payments, ${paid} answers`)
        } finally {
          await real.ledger.close()
          await real.database.close()
        }
      }),
      { numRuns: 40 }
    )
    t.comment(`${paid} bought`)
    t.ok(paid > 25, 'something was bought')
  })
})
