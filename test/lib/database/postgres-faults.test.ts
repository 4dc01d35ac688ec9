import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { DatabaseUnavailable } from '../../../lib/database/database.ts'
import { change, rowOf, type Script } from '../../../lib/database/script.ts'
import { type Ledger, LedgerUnavailable } from '../../../lib/ledger/ledger.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { until } from '../../support/until.ts'
import { ATHLETE_KEY, answer, bought, buy, claim, NOW_MS, openAt, record, request } from '../ledger/helpers.ts'

/** A proof whose capture failed is free, or has bought that very answer; never anything else. */
async function isSoundAfterFault(ledger: Ledger, proof: string): Promise<boolean> {
  const outcome = await ledger.claim(request(proof))
  if (outcome.kind === 'claimed')
    return (await ledger.capture(outcome.claim, answer(proof), record(proof))).body === answer(proof).body
  return outcome.kind === 'captured' && outcome.purchase.answer?.body === answer(proof).body
}

/** A stranger's session on the same database. */
async function stranger(t: Test, { config }: Place): Promise<pg.Client> {
  const client = new pg.Client(config.kind === 'postgres' ? config.url : '')
  await client.connect()
  t.teardown(() => client.end())
  return client
}

await onEachEngine(t, (t, { server, makePlace }) => {
  if (server === undefined) return
  const end =
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'

  t.test('frozen: every call ends, nothing more is sold, and it heals by itself', async (t) => {
    const place = await makePlace(t)
    const { ledger, database } = await openAt(t, place)
    const store = new WorkoutStore(database, () => NOW_MS)
    await buy(ledger, request('before'), 'before', record('before'))
    const held = await Promise.all(['a', 'b', 'c'].map((proof) => claim(ledger, request(proof))))
    server.freeze()
    t.teardown(() => server.thaw())
    const asked = ledger.claim(request('during'))
    const captures = held.map((one) =>
      ledger.capture(one, answer(one.request.proofKey.slice(5)), record(one.request.proofKey.slice(5)))
    )
    await t.rejects(asked as Promise<unknown>, LedgerUnavailable, 'a claim that was on its way')
    for (const result of await Promise.allSettled(captures))
      t.ok(result.status === 'rejected' && result.reason instanceof LedgerUnavailable, 'a capture that was on its way')
    t.equal(ledger.isWritable(), false)
    t.throws(() => ledger.claim(request('later')), LedgerUnavailable, 'told at once')
    await t.rejects(store.list(ATHLETE_KEY, {}, 10), DatabaseUnavailable)
    await t.rejects(store.version(ATHLETE_KEY), DatabaseUnavailable)
    server.thaw()
    await until('it thawed', () => ledger.isWritable())
    t.same((await bought(ledger, request('before'))).answer, answer('before'))
    for (const proof of ['a', 'b', 'c']) t.ok(await isSoundAfterFault(ledger, proof))
    t.same(
      await place.rows('SELECT count(*) AS n FROM revisions'),
      [{ n: 4 }],
      'no workout twice, none without payment'
    )
  })

  t.test('crashed and started again: what was captured is there, and it heals by itself', async (t) => {
    const place = await makePlace(t)
    const { ledger } = await openAt(t, place)
    await buy(ledger, request('before'), 'before', record('before'))
    const held = await claim(ledger, request('a'))
    await server.stop('SIGKILL')
    await t.rejects(ledger.capture(held, answer('a'), record('a')), LedgerUnavailable)
    // A backend outlives the killed server for a moment, and may pass a health check.
    await until('the outage is noticed', () => !ledger.isWritable())
    await server.run()
    await until('it runs again', () => ledger.isWritable())
    t.same((await bought(ledger, request('before'))).answer, answer('before'))
    t.ok(await isSoundAfterFault(ledger, 'a'))
  })

  t.test('connections that die in the pool hurt at most their own call', async (t) => {
    const place = await makePlace(t)
    const { ledger } = await openAt(t, place)
    await Promise.all(Array.from({ length: 8 }, (_, i) => buy(ledger, request(`${i}`), `${i}`, record(`${i}`))))
    const other = await stranger(t, place)
    await other.query(end)
    await until('the pool is well', () => ledger.isWritable())
    for (let i = 0; i < 8; i++) {
      for (let tries = 0; ; tries++) {
        try {
          t.same((await bought(ledger, request(`${i}`))).answer, answer(`${i}`))
          break
        } catch (error) {
          if (tries > 100) throw error
          await sleep(50)
        }
      }
    }
  })

  t.test('read-only: nothing is sold until it takes writes', async (t) => {
    const place = await makePlace(t)
    const { ledger } = await openAt(t, place)
    const held = await claim(ledger, request('a'))
    const other = await stranger(t, place)
    const [{ name }] = (await place.rows('SELECT current_database() AS name')) as [{ name: string }]
    await other.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    await other.query(end)
    await t.rejects(ledger.capture(held, answer('a'), record('a')), LedgerUnavailable)
    await until('it is found out', () => !ledger.isWritable())
    await other.query(
      `SET default_transaction_read_only = off; ALTER DATABASE ${name} SET default_transaction_read_only = off`
    )
    await other.query(end)
    await until('it takes writes', () => ledger.isWritable())
    t.ok(await isSoundAfterFault(ledger, 'a'))
  })

  t.test('locked by a stranger: calls end, and go on once the lock is gone', async (t) => {
    const place = await makePlace(t)
    const { ledger } = await openAt(t, place)
    const held = await claim(ledger, request('a'))
    const other = await stranger(t, place)
    await other.query('BEGIN; LOCK TABLE payments IN ACCESS EXCLUSIVE MODE')
    await t.rejects(ledger.claim(request('b')) as Promise<unknown>, LedgerUnavailable)
    await until('the server as a whole is well', () => ledger.isWritable())
    await t.rejects(ledger.capture(held, answer('a'), record('a')), LedgerUnavailable)
    await other.query('ROLLBACK')
    await until('the lock is gone', () => ledger.isWritable())
    t.ok(await isSoundAfterFault(ledger, 'a'))
  })

  t.test("a deadlock's victim goes again", async (t) => {
    const place = await makePlace(t)
    const { database, ledger } = await openAt(t, place)
    const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const
    for (const [i, athleteKey] of keys.entries())
      await buy(ledger, request(`${i}`), `${i}`, record(`${i}`, { athleteKey }))
    let runs = 0
    function* cross(first: Buffer, second: Buffer): Script<void> {
      runs++
      yield* change('UPDATE athletes SET since = since + 1 WHERE athlete_key = ?', first)
      yield* rowOf('SELECT pg_sleep(0.3)')
      yield* change('UPDATE athletes SET since = since + 1 WHERE athlete_key = ?', second)
    }
    const before = await place.rows('SELECT sum(since)::int AS n FROM athletes')
    await Promise.all([
      database.transact(() => cross(keys[0], keys[1])),
      database.transact(() => cross(keys[1], keys[0]))
    ])
    t.ok(runs > 2, `${runs} runs`)
    const after = await place.rows('SELECT sum(since)::int AS n FROM athletes')
    t.equal(Number(after[0]!.n) - Number(before[0]!.n), 4, 'each counts once')
  })

  t.test('closed while frozen: it does not hang', async (t) => {
    const place = await makePlace(t)
    const { ledger, database } = await openAt(t, place)
    await claim(ledger, request('a'))
    server.freeze()
    t.teardown(() => server.thaw())
    const late = t.rejects(ledger.claim(request('b')) as Promise<unknown>, LedgerUnavailable)
    await ledger.close()
    await database.close()
    await late
    server.thaw()
    t.equal(ledger.isWritable(), false)
    await t.rejects(async () => ledger.claim(request('c')), LedgerUnavailable)
  })
})
