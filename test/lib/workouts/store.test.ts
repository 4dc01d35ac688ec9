import t, { type Test } from 'tap'
import type { Ledger } from '../../../lib/ledger/ledger.ts'
import { placeOf } from '../../../lib/workouts/list-query.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import type { ListFilter } from '../../../lib/workouts/workout-store.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { type Engine, onEachEngine, type Place } from '../../support/engines.ts'
import {
  ATHLETE_KEY,
  answer,
  bought,
  buy,
  claim,
  deferred,
  NOW_MS,
  openAt,
  pending,
  record,
  request,
  revision
} from '../ledger/helpers.ts'

const OTHER_KEY = Buffer.alloc(32, 8)
const NOBODY = Buffer.alloc(32, 1)

interface WorkoutCase {
  readonly place: Place
  readonly database: WorkoutDatabase
  readonly ledger: Ledger
  readonly store: WorkoutStore
  /** Buys a workout, or a revision of one. */
  readonly add: (workout: WorkoutRecord) => Promise<unknown>
}

async function makeWorkoutCase(t: Test, engine: Engine, now = () => NOW_MS): Promise<WorkoutCase> {
  const place = await engine.makePlace(t)
  const { database, ledger } = await openAt(t, place, now)
  let purchases = 0
  const add = (workout: WorkoutRecord) => buy(ledger, request(`p${++purchases}`), workout.revisionId, workout)
  return { place, database, ledger, store: new WorkoutStore(database, now), add }
}

async function listed(store: WorkoutStore, filter: ListFilter = {}, limit = 100): Promise<string[]> {
  return (await store.list(ATHLETE_KEY, filter, limit)).workouts.map(({ revisionId }) => revisionId)
}

/** Every page of a list; `between` happens after each. */
async function paged(store: WorkoutStore, limit: number, filter: ListFilter = {}, between = async () => {}) {
  const pages: string[][] = []
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await store.list(ATHLETE_KEY, filter, limit, cursor === undefined ? undefined : placeOf(cursor))
    pages.push(page.workouts.map(({ workoutId }) => workoutId))
    cursor = page.nextCursor
    await between()
  }
  return pages
}

await onEachEngine(t, (t, engine) => {
  t.test('a list: newest day first, then the last bought; voided and superseded ones are not in it', async (t) => {
    const { store, add } = await makeWorkoutCase(t, engine)
    t.same(await store.list(NOBODY, {}, 10), { workouts: [], nextCursor: undefined })
    await add(record('1', { performedDate: '2026-01-15' }))
    await add(record('2', { performedDate: '2026-03-01' }))
    await add(record('3', { performedDate: '2026-01-15' }))
    await add(record('4', { performedDate: '2025-12-31' }))
    await add(record('other', { athleteKey: OTHER_KEY }))
    t.same(await listed(store), ['revision-2', 'revision-3', 'revision-1', 'revision-4'])
    const { workouts } = await store.list(ATHLETE_KEY, {}, 1)
    t.same(workouts, [
      {
        workoutId: 'workout-2',
        revisionId: 'revision-2',
        performedDate: '2026-03-01',
        createdAtMs: NOW_MS,
        movements: ['thruster', 'pull_up'],
        summary: {
          elapsedSeconds: 180,
          activeSeconds: 132,
          restSeconds: 0,
          workJ: 48_592,
          workSigmaJ: Math.hypot(1395.3, 1537.5)
        }
      }
    ])
    await add(revision('1b', '1', '1', { performedDate: '2026-01-15' }))
    await store.voidWorkout(ATHLETE_KEY, 'workout-2', 'revision-2', undefined)
    t.same(await listed(store), ['revision-3', 'revision-1b', 'revision-4'], 'a revision keeps its place in the day')
  })

  t.test('filters: days inclusive, movements of what is canonical now', async (t) => {
    const { store, add } = await makeWorkoutCase(t, engine)
    const rower = { ...record('3').figures, session: { durationSeconds: 60, workJ: 1, sigmasJ: { row_calories: 1 } } }
    await add(record('1', { performedDate: '2026-01-15' }))
    await add(record('2', { performedDate: '2026-01-16' }))
    await add(record('3', { performedDate: '2026-01-17', figures: rower }))
    t.same(await listed(store, { performedFrom: '2026-01-16' }), ['revision-3', 'revision-2'])
    t.same(await listed(store, { performedTo: '2026-01-16' }), ['revision-2', 'revision-1'])
    t.same(await listed(store, { performedFrom: '2026-01-16', performedTo: '2026-01-16' }), ['revision-2'])
    t.same(await listed(store, { performedFrom: '2026-02-01', performedTo: '2026-01-01' }), [])
    t.same(await listed(store, { movement: 'row_calories' }), ['revision-3'])
    t.same(await listed(store, { movement: 'thruster', performedFrom: '2026-01-16' }), ['revision-2'])
    for (const movement of [
      'never',
      '%',
      '',
      ' ',
      'THRUSTER',
      'thruste',
      'pull-up',
      'thruster pull_up',
      'thruster\0',
      "x' OR 1=1"
    ])
      t.same(await listed(store, { movement }), [])
    await add(revision('2b', '2', '2', { performedDate: '2026-01-16', figures: rower }))
    await store.voidWorkout(ATHLETE_KEY, 'workout-1', 'revision-1', undefined)
    t.same(await listed(store, { movement: 'thruster' }), [])
    t.same(await listed(store, { movement: 'row_calories' }), ['revision-3', 'revision-2b'])
  })

  t.test('pages: every workout once, whatever is added or revised between them', async (t) => {
    const { store, add } = await makeWorkoutCase(t, engine)
    const days = ['2026-01-01', '2026-01-02', '2026-01-03']
    for (let i = 0; i < 23; i++) await add(record(`${i}`, { performedDate: days[i % 3]! }))
    const whole = (await paged(store, 100))[0]!
    t.equal(whole.length, 23)
    for (const limit of [1, 2, 7, 22, 23]) {
      const pages = await paged(store, limit)
      t.same(pages.flat(), whole)
      t.equal(pages.length, Math.ceil(23 / limit), 'no empty last page')
    }
    t.same((await paged(store, 4, { movement: 'thruster' })).flat(), whole)
    let added = 0
    const seen = await paged(store, 5, {}, async () => {
      await add(record(`new${++added}`, { performedDate: days[added % 3]! }))
      // One that was shown, and one that is yet to come.
      const current = async (workoutId: string) => (await store.workout(ATHLETE_KEY, workoutId))!.revisionId.slice(9)
      for (const workoutId of [whole[0]!, whole[22]!]) {
        const of = workoutId.slice('workout-'.length)
        const { performedDate } = (await store.workout(ATHLETE_KEY, workoutId))!
        await add(revision(`${of}-again${added}`, of, await current(workoutId), { performedDate }))
      }
    })
    t.ok(added > 4)
    const old = seen.flat().filter((workoutId) => !workoutId.startsWith('workout-new'))
    t.same(old, whole, 'each of those that were there at the start, once, in their order')
    t.equal(new Set(seen.flat()).size, seen.flat().length)
    const oldest = whole.filter((_, index) => index >= 15)
    const strange = await store.list(ATHLETE_KEY, {}, 100, { performedDate: days[0]!, workoutId: 'never-bought' })
    t.same(
      strange.workouts.map(({ workoutId }) => workoutId).filter((workoutId) => whole.includes(workoutId)),
      oldest,
      'after a workout that is not there its day begins anew: nothing is left out'
    )
    for (const cursor of ['', 'x', 'MjAyNi0wMS0wMS4x ', Buffer.from('2026-01-01.\0').toString('base64url')])
      t.equal(placeOf(cursor), undefined, `no cursor: ${cursor}`)
  })

  t.test('a cursor reveals nothing about sales', async (t) => {
    const quiet = await makeWorkoutCase(t, engine)
    const busy = await makeWorkoutCase(t, engine)
    for (let i = 0; i < 9; i++) await busy.add(record(`other${i}`, { athleteKey: OTHER_KEY }))
    for (const { add } of [quiet, busy]) for (const name of ['1', '2']) await add(record(name))
    const [one, other] = [await quiet.store.list(ATHLETE_KEY, {}, 1), await busy.store.list(ATHLETE_KEY, {}, 1)]
    t.type(one.nextCursor, 'string')
    t.equal(other.nextCursor, one.nextCursor)
  })

  t.test('a cursor stays good whatever becomes of its workout, and is good for its athlete alone', async (t) => {
    const { store, add } = await makeWorkoutCase(t, engine)
    for (const name of ['1', '2', '3']) await add(record(name))
    await add(record('early', { performedDate: '2026-01-01' }))
    for (const name of ['4', '5']) await add(record(name, { athleteKey: OTHER_KEY }))
    const { nextCursor } = await store.list(ATHLETE_KEY, {}, 1)
    const after = placeOf(nextCursor!)
    const rest = async () => (await store.list(ATHLETE_KEY, {}, 10, after)).workouts.map(({ workoutId }) => workoutId)
    const below = ['workout-2', 'workout-1', 'workout-early']
    t.same(await rest(), below)
    await add(revision('3b', '3', '3', { performedDate: '2025-01-01' }))
    t.same(await rest(), [...below, 'workout-3'], 'moved to another day, it comes there')
    await store.voidWorkout(ATHLETE_KEY, 'workout-3', 'revision-3b', undefined)
    t.same(await rest(), below, 'voided')
    const others = (await store.list(OTHER_KEY, {}, 10, after)).workouts.map(({ workoutId }) => workoutId)
    t.same(others, ['workout-5', 'workout-4'], "another's place is none in one's own day, which begins anew")
  })

  t.test('a workout and its audit trail', async (t) => {
    let now = NOW_MS
    const { store, add } = await makeWorkoutCase(t, engine, () => now)
    await add(record('1'))
    now += 1000
    // What Postgres cannot keep as text, and what no UTF-8 has.
    const reason = 'é😀 \0 \ud800 "quoted"'
    await add(revision('2', '1', '1', { supersedes: { revisionId: 'revision-1', reason } }))
    now += 1000
    const first = {
      revisionId: 'revision-1',
      state: 'superseded',
      performedDate: '2026-01-15',
      supersedesRevisionId: undefined,
      reason: undefined,
      createdAtMs: NOW_MS,
      endedAtMs: NOW_MS + 1000,
      voidReason: undefined,
      requestJson: '{"of":"1"}',
      answerJson: answer('revision-1').body
    }
    const second = {
      revisionId: 'revision-2',
      state: 'canonical',
      performedDate: '2026-01-15',
      supersedesRevisionId: 'revision-1',
      reason,
      createdAtMs: NOW_MS + 1000,
      endedAtMs: undefined,
      voidReason: undefined,
      requestJson: '{"of":"2"}',
      answerJson: answer('revision-2').body
    }
    t.same(await store.workout(ATHLETE_KEY, 'workout-1'), second)
    t.same(await store.revisions(ATHLETE_KEY, 'workout-1'), [first, second])
    t.same(await store.state(ATHLETE_KEY, 'workout-1'), {
      state: 'canonical',
      revisionId: 'revision-2',
      isReserved: false
    })
    await store.voidWorkout(ATHLETE_KEY, 'workout-1', 'revision-2', reason)
    const voided = { ...second, state: 'voided', endedAtMs: NOW_MS + 2000, voidReason: reason }
    t.same(await store.workout(ATHLETE_KEY, 'workout-1'), voided)
    t.same(await store.revisions(ATHLETE_KEY, 'workout-1'), [first, voided])
    t.match(await store.state(ATHLETE_KEY, 'workout-1'), { state: 'voided', revisionId: 'revision-2' })
    for (const [key, id] of [
      [OTHER_KEY, 'workout-1'],
      [ATHLETE_KEY, 'workout-2'],
      [ATHLETE_KEY, 'workout-1\0'],
      [ATHLETE_KEY, 'revision-1']
    ] as const) {
      t.equal(await store.workout(key, id), undefined)
      t.same(await store.revisions(key, id), [])
      t.equal(await store.state(key, id), undefined)
      t.same(await store.voidWorkout(key, id, 'revision-2', undefined), { kind: 'not_found' })
    }
  })

  t.test('voiding: once, by the canonical revision alone, and never under a payment', async (t) => {
    let now = NOW_MS
    const { store, add, ledger } = await makeWorkoutCase(t, engine, () => now)
    await add(record('1'))
    await add(revision('2', '1', '1'))
    const voidBy = (revisionId: string, reason?: string) =>
      store.voidWorkout(ATHLETE_KEY, 'workout-1', revisionId, reason)
    const conflict = (canonicalRevisionId: string | undefined, undecided = false) => ({
      kind: 'conflict',
      conflict: { canonicalRevisionId, undecided }
    })
    t.match(await voidBy('revision-1'), conflict('revision-2'))
    t.match(await voidBy('none'), conflict('revision-2'))
    const held = await claim(ledger, deferred('a'))
    await ledger.beginSettling(held, answer('a'), revision('3', '1', '2'))
    t.match(await voidBy('revision-2'), conflict('revision-2', true))
    t.match(await store.state(ATHLETE_KEY, 'workout-1'), { isReserved: true })
    await ledger.release(held)
    const before = await store.version(ATHLETE_KEY)
    const done = { kind: 'voided', revisionId: 'revision-2', voidedAtMs: NOW_MS }
    t.same(await voidBy('revision-2', 'entered twice'), done)
    const after = await store.version(ATHLETE_KEY)
    t.ok(after > before)
    now += 5000
    t.same(await voidBy('revision-2', 'another reason'), done, 'again')
    t.equal(await store.version(ATHLETE_KEY), after, 'and nothing changed')
    t.match(await store.workout(ATHLETE_KEY, 'workout-1'), { voidReason: 'entered twice' })
    t.match(await voidBy('revision-1'), conflict(undefined))
    await t.rejects(add(revision('3', '1', '2')), { name: 'RevisionConflict', canonicalRevisionId: undefined })
  })

  t.test('ten at once void and revise one workout: one of them wins', async (t) => {
    const { store, add, place } = await makeWorkoutCase(t, engine)
    await add(record('1'))
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, async (_, i) => {
        if (i % 2 === 0) return add(revision(`r${i}`, '1', '1'))
        const outcome = await store.voidWorkout(ATHLETE_KEY, 'workout-1', 'revision-1', undefined)
        if (outcome.kind === 'conflict') throw outcome.conflict
        return outcome
      })
    )
    const states = await place.rows('SELECT state FROM revisions ORDER BY sequence')
    const won = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []))
    t.ok(won.every((i) => i % 2 === 1) || won.length === 1, `won: ${won}`)
    t.same(
      states.map(({ state }) => state),
      won[0]! % 2 === 0 ? ['superseded', 'canonical'] : ['voided']
    )
  })

  t.test('what changed: new, revised, voided, erased; asked from any version', async (t) => {
    const { store, add } = await makeWorkoutCase(t, engine)
    const nothing = { version: 0, startsAnew: true, figures: [], voidedWorkoutIds: [] }
    t.same(await store.changesSince(ATHLETE_KEY, undefined), nothing)
    t.same(await store.changesSince(ATHLETE_KEY, 7), nothing)
    t.equal(await store.version(ATHLETE_KEY), 0)
    const ids = ({ figures }: { figures: readonly { workoutId: string; performedDate: string }[] }) =>
      figures.map(({ workoutId, performedDate }) => `${workoutId} ${performedDate}`)
    await add(record('1'))
    const one = await store.version(ATHLETE_KEY)
    await add(record('other', { athleteKey: OTHER_KEY }))
    t.equal(await store.version(ATHLETE_KEY), one, 'another athlete changes nothing')
    await add(record('2'))
    await add(revision('1b', '1', '1', { performedDate: '2026-02-02' }))
    const whole = await store.changesSince(ATHLETE_KEY, undefined)
    t.match(whole, { version: await store.version(ATHLETE_KEY), startsAnew: true, voidedWorkoutIds: [] })
    t.same(ids(whole), ['workout-2 2026-01-15', 'workout-1 2026-02-02'])
    t.same(whole.figures[0], record('2').figures)
    const part = await store.changesSince(ATHLETE_KEY, one)
    t.same([part.startsAnew, ids(part)], [false, ids(whole)])
    t.same(await store.changesSince(ATHLETE_KEY, whole.version), { ...whole, startsAnew: false, figures: [] })
    await store.voidWorkout(ATHLETE_KEY, 'workout-2', 'revision-2', undefined)
    const afterVoid = await store.changesSince(ATHLETE_KEY, whole.version)
    t.match(afterVoid, { startsAnew: false, figures: [], voidedWorkoutIds: ['workout-2'] })
    t.ok(afterVoid.version > whole.version)
    t.same(ids(await store.changesSince(ATHLETE_KEY, undefined)), ['workout-1 2026-02-02'])
    await store.erase(ATHLETE_KEY)
    t.same(await store.changesSince(ATHLETE_KEY, afterVoid.version), nothing)
    await add(record('3'))
    const reborn = await store.changesSince(ATHLETE_KEY, afterVoid.version)
    t.same([reborn.startsAnew, ids(reborn)], [true, ['workout-3 2026-01-15']], 'what was known before is void')
    t.ok(reborn.version > afterVoid.version, 'no version comes twice')
  })

  t.test('changes are seen by another instance', async (t) => {
    const { place, store, add } = await makeWorkoutCase(t, engine)
    const other = new WorkoutStore((await openAt(t, place)).database, () => NOW_MS)
    await add(record('1'))
    const version = await other.version(ATHLETE_KEY)
    t.equal(version, await store.version(ATHLETE_KEY))
    await other.voidWorkout(ATHLETE_KEY, 'workout-1', 'revision-1', undefined)
    t.ok((await store.version(ATHLETE_KEY)) > version)
  })

  t.test('erasing: records and answers go, the books stay', async (t) => {
    const { store, add, ledger, place } = await makeWorkoutCase(t, engine)
    await add(record('1'))
    await add(revision('1b', '1', '1'))
    await add(record('2'))
    await add(record('other', { athleteKey: OTHER_KEY }))
    await buy(ledger, request('planned'), 'planned')
    const [held, left, others] = [
      await claim(ledger, deferred('a')),
      await claim(ledger, deferred('b')),
      await claim(ledger, deferred('c'))
    ]
    await ledger.beginSettling(held, answer('a'), revision('2b', '2', '2'))
    await ledger.beginSettling(left, answer('b'), record('3'))
    await ledger.beginSettling(others, answer('c'), record('4', { athleteKey: OTHER_KEY }))
    await ledger.leaveUnknown(left)
    t.equal(await store.erase(ATHLETE_KEY), 3)
    t.equal(await store.erase(ATHLETE_KEY), 0, 'again')
    t.same(await listed(store), [])
    t.same(await place.rows('SELECT revision_id FROM revisions'), [{ revision_id: 'revision-other' }])
    if (engine.name === 'postgres') t.same(await place.rows('SELECT count(*) AS n FROM athletes'), [{ n: 1 }])
    t.match(await bought(ledger, request('p1')), { answer: undefined }, 'the proof stays consumed')
    t.match(await bought(ledger, request('planned')), { answer: answer('planned') })
    t.match((await pending(ledger, deferred('b'))).purchase, { answer: undefined })
    t.same(
      await ledger.capture(held, answer('a'), revision('2b', '2', '2'), '0xa'),
      answer('a'),
      'who pays now gets the answer, and nothing is kept of it'
    )
    t.match(await ledger.capturePending('x402:b', '0xb'), { answer: undefined, settlement: '0xb' })
    t.same(await ledger.capture(others, answer('c'), undefined, '0xc'), answer('c'))
    t.same(await place.rows('SELECT revision_id FROM revisions ORDER BY sequence'), [
      { revision_id: 'revision-other' },
      { revision_id: 'revision-4' }
    ])
    const books = await place.rows('SELECT proof_key, state, amount_atomic FROM payments ORDER BY proof_key')
    t.equal(books.length, 8)
    t.ok(books.every(({ state, amount_atomic: amount }) => state === 'captured' && Number(amount) > 0))
    const left_over = await place.rows(
      'SELECT answer_body, pending_record FROM payments WHERE answer_body IS NOT NULL OR pending_record IS NOT NULL'
    )
    t.same(left_over, [{ answer_body: answer('planned').body, pending_record: null }])
  })

  t.test('erasing many records goes part by part, and what is bought meanwhile is erased or stays whole', async (t) => {
    const { store, add, place } = await makeWorkoutCase(t, engine)
    const count = 2300
    for (let i = 0; i < count; i += 100)
      await Promise.all(Array.from({ length: 100 }, (_, k) => add(record(`${i + k}`))))
    const [erased] = await Promise.all([
      store.erase(ATHLETE_KEY),
      ...Array.from({ length: 5 }, (_, k) => add(record(`late${k}`)))
    ])
    const [{ n }] = (await place.rows('SELECT count(*) AS n FROM revisions')) as [{ n: number }]
    t.equal(erased + n, count + 5)
    t.equal((await listed(store)).length, n)
    await store.erase(ATHLETE_KEY)
    if (engine.name === 'postgres') t.same(await place.rows('SELECT * FROM athletes'), [])
  })
})
