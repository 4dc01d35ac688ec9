import { CompiledQuery } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { rowsOf, type Script } from '../../../lib/database/script.ts'
import { findPayment } from '../../../lib/ledger/payment-row.ts'
import type { WorkoutDatabase, WorkoutQueries } from '../../../lib/workouts/workout-database.ts'
import { figuresAfter, listPage, revisionsOf, voidedAfter } from '../../../lib/workouts/workout-queries.ts'
import { selectState, voidWorkout } from '../../../lib/workouts/workout-state.ts'
import { erasePart } from '../../../lib/workouts/workout-store.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { ATHLETE_KEY, buy, claim, deferred, NOW_MS, openAt, record, request, revision } from '../ledger/helpers.ts'

/** Pending payments are few, and have an index that holds no others. */
const READS_ALL = /SCAN (?!CONSTANT|payments USING INDEX pending_payments)|Seq Scan/

interface Asked {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** How an engine would go about a query, line by line. Postgres is kept from reading small tables whole. */
async function planOf(place: Place, database: WorkoutDatabase, { sql, parameters }: Asked): Promise<string> {
  if (place.config.kind === 'sqlite') {
    const { rows } = await database.query((queries) =>
      queries.executeQuery<{ detail: string }>(CompiledQuery.raw(`EXPLAIN QUERY PLAN ${sql}`, [...parameters]))
    )
    return rows.map(({ detail }) => detail).join('\n')
  }
  const client = new pg.Client(place.config.url)
  await client.connect()
  try {
    await client.query('SET enable_seqscan = off')
    let count = 0
    const text = `EXPLAIN ${sql.replace(/\?/g, () => `$${++count}`)}`
    const { rows } = await client.query(text, [...parameters])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    await client.end()
  }
}

/** Every statement of a script, with what it would really be given; nothing stays. */
async function statementsOf(database: WorkoutDatabase, script: Script<unknown>): Promise<Asked[]> {
  const asked: Asked[] = []
  const rollback = new Error('rolled back')
  function* record(): Script<void> {
    for (let step = script.next(); !step.done; ) {
      asked.push(step.value)
      step = script.next(yield step.value)
    }
    throw rollback
  }
  await database.transact(() => record()).catch(() => {})
  return asked
}

await onEachEngine(t, (t, engine) => {
  t.test('no query reads a table from end to end, or sorts more than its page', async (t) => {
    const place = await engine.makePlace(t)
    const { database, ledger } = await openAt(t, place)
    for (let i = 0; i < 50; i++) await buy(ledger, request(`${i}`), `${i}`, record(`${i}`))
    await buy(ledger, request('again'), 'again', revision('again', '1', '1'))
    const held = await claim(ledger, deferred('x'))
    await ledger.beginSettling(held, { status: 200, body: '{}' })
    const below = { performedDate: '2026-01-15', workoutId: 'workout-25' }
    const filter = { performedFrom: '2026-01-01', performedTo: '2026-12-31' }
    const compiled = await database.query(async (queries: WorkoutQueries) =>
      [
        listPage(queries, ATHLETE_KEY, {}, undefined, 21),
        listPage(queries, ATHLETE_KEY, filter, below, 21),
        listPage(queries, ATHLETE_KEY, { movement: 'thruster' }, below, 21),
        revisionsOf(queries, ATHLETE_KEY, 'workout-1'),
        figuresAfter(queries, ATHLETE_KEY, 0, 500),
        voidedAfter(queries, ATHLETE_KEY, 0)
      ].map((query) => query.compile())
    )
    const scripts = [
      () => findPayment(deferred('y', { purchaseKey: 'ee'.repeat(32) })),
      () => selectState(database.holds, ATHLETE_KEY, 'workout-1'),
      () => database.versions.current(ATHLETE_KEY),
      () =>
        voidWorkout(database, {
          athleteKey: ATHLETE_KEY,
          workoutId: 'workout-2',
          revisionId: 'revision-2',
          reason: undefined,
          nowMs: NOW_MS
        }),
      () => erasePart(database, ATHLETE_KEY, 10)
    ]
    const statements: Asked[] = []
    for (const script of scripts) statements.push(...(await statementsOf(database, script())))
    t.ok(statements.length > 8)
    for (const asked of [...compiled, ...statements]) {
      if (/^\s*(INSERT|UPDATE record_sequence)|FROM record_sequence/.test(asked.sql)) continue
      const plan = await planOf(place, database, asked)
      t.notMatch(plan, READS_ALL, asked.sql.trim().slice(0, 80))
    }
    const pageBelow = await planOf(place, database, compiled[2]!)
    t.match(pageBelow, /\(performed_date, ?workout_sequence\) ?</, 'a page begins where the one before ended')
    for (const list of compiled.slice(0, 3)) {
      const plan = await planOf(place, database, list)
      t.match(plan, /canonical_workouts/)
      t.ok((plan.match(/TEMP B-TREE|Sort {2}\(/g) ?? []).length <= 1, 'the page itself may be sorted')
    }
    const kept = await database.read(() => rowsOf('SELECT 1 FROM revisions'))
    t.equal(kept.length, 51, 'the scripts left nothing behind')
  })
})
