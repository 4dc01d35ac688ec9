import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { CompiledQuery } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { latestVersion } from '../../../lib/database/migration.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import { openExistingStorage, openStorage } from '../../../lib/storage/open-storage.ts'
import { postgresMigrations } from '../../../lib/storage/postgres-migrations.ts'
import type { WorkoutDatabase, WorkoutQueries } from '../../../lib/workouts/workout-database.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { isServersRun, noPostgres } from '../../support/servers.ts'
import { answer, bought, buy, databasePath, NOW_MS, openAt, record, request } from '../ledger/helpers.ts'

const SCHEMA = {
  sqlite: 'SELECT name, sql FROM sqlite_schema ORDER BY name',
  postgres: `SELECT table_name AS t, column_name AS c, data_type AS d, is_nullable AS n FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY 1, 2`
}
const VERSION = { sqlite: 'PRAGMA user_version', postgres: 'SELECT version AS user_version FROM schema_version' }

async function setVersion({ config }: Place, version: number) {
  if (config.kind === 'sqlite') {
    const db = new DatabaseSync(config.path)
    db.exec(`PRAGMA user_version = ${version}`)
    return db.close()
  }
  const client = new pg.Client(config.url)
  await client.connect()
  await client.query(`UPDATE schema_version SET version = ${version}`)
  await client.end()
}

await onEachEngine(t, (t, { name, makePlace }) => {
  t.test('opened again and again: migrations run once, and nothing is lost', async (t) => {
    const place = await makePlace(t)
    const first = await openAt(t, place)
    await buy(first.ledger, request('a'), 'a', record('a'))
    await first.database.close()
    const schema = await place.rows(SCHEMA[name])
    t.ok(schema.length > 8)
    const [version] = await place.rows(VERSION[name])
    for (let i = 0; i < 3; i++) {
      const { ledger, database } = await openAt(t, place)
      t.same((await bought(ledger, request('a'))).answer, answer('a'))
      await database.close()
    }
    t.same(await place.rows(SCHEMA[name]), schema)
    t.same(await place.rows(VERSION[name]), [version])

    const newer = Number(version!.user_version) + 1
    await setVersion(place, newer)
    await t.rejects(place.open(), {
      message: `the database has schema version ${newer}; this program supports versions up to ${newer - 1}`
    })
    t.same(await place.rows(SCHEMA[name]), schema, 'and left as it was')
    await setVersion(place, newer - 1)
    t.ok(await place.open(), 'nothing is locked by what failed')
  })

  t.test('a command opens a database as it is: neither created nor migrated', async (t) => {
    const place = await makePlace(t)
    const open = () => openExistingStorage(place.config)
    await t.rejects(open(), {
      message: name === 'sqlite' ? /^there is no database at / : /^the database has no schema/
    })
    if (name === 'sqlite') t.notOk(existsSync((place.config as { path: string }).path))
    else t.strictSame(await place.rows(SCHEMA[name]), [])
    await (await place.open()).close()
    await (await open()).close()

    const schema = await place.rows(SCHEMA[name])
    const [version] = await place.rows(VERSION[name])
    const current = Number(version!.user_version)
    for (const other of [current - 1, current + 1]) {
      await setVersion(place, other)
      await t.rejects(open(), { message: `the database has schema version ${other}` })
      t.same(await place.rows(VERSION[name]), [{ user_version: other }])
    }
    t.same(await place.rows(SCHEMA[name]), schema)
    await setVersion(place, current)
    await (await open()).close()
  })

  t.test('eight instances start at once: one migrates, the others wait', async (t) => {
    const place = await makePlace(t)
    const databases = await Promise.all(Array.from({ length: 8 }, () => place.open()))
    await Promise.all(
      databases.map((database, index) =>
        buy(
          openLedger(database, () => NOW_MS),
          request(`${index}`),
          `${index}`,
          record(`${index}`)
        )
      )
    )
    t.same(await place.rows('SELECT count(*) AS n FROM revisions'), [{ n: 8 }])
  })
})

if (isServersRun)
  t.test('a migration that waits for a backup holds up no sale', { skip: noPostgres }, async (t) => {
    const server = await PostgresServer.start()
    t.teardown(() => server.remove())
    const url = await server.makeDatabase()
    const connect = async () => {
      const client = new pg.Client(url)
      await client.connect()
      t.teardown(() => client.end())
      return client
    }
    await (await openStorage({ kind: 'postgres', url })).close()
    const [backup, sale] = await Promise.all([connect(), connect()])
    await sale.query('ALTER TABLE payments DROP COLUMN held_until_ms; UPDATE schema_version SET version = 6')
    await backup.query('BEGIN; LOCK TABLE payments IN ACCESS SHARE MODE')

    let isOpen = false
    const opened = openStorage({ kind: 'postgres', url }).finally(() => {
      isOpen = true
    })
    const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE relation = 'payments'::regclass AND NOT granted`
    while ((await sale.query(waiting)).rows[0].n === 0) await sleep(20)
    await sale.query("SET lock_timeout = '20s'")
    await sale.query('UPDATE payments SET delivered_at_ms = 0')
    t.notOk(isOpen, 'the sale overtakes the migration')
    await backup.query('COMMIT')
    await (await opened).close()
    t.same((await sale.query('SELECT version FROM schema_version')).rows, [
      { version: latestVersion(postgresMigrations) }
    ])
  })

if (isServersRun)
  t.test('a report of a command may take longer than a request', { skip: noPostgres }, async (t) => {
    const server = await PostgresServer.start()
    t.teardown(() => server.remove())
    const config = { kind: 'postgres', url: await server.makeDatabase() } as const
    const [service, command] = [await openStorage(config), await openExistingStorage(config)]
    t.teardown(() => Promise.all([service.close(), command.close()]))
    const report = (database: WorkoutDatabase) =>
      database.query((queries) => queries.executeQuery(CompiledQuery.raw('SELECT pg_sleep(5.5)')))
    await Promise.all([t.rejects(report(service), { name: 'DatabaseUnavailable' }), report(command)])
  })

t.test('SQLite in memory: one connection serves scripts and the query builder', async (t) => {
  const database = await openStorage({ kind: 'sqlite', path: ':memory:' })
  t.teardown(() => database.close())
  const ledger = openLedger(database, () => NOW_MS)
  await buy(ledger, request('a'), 'a', record('a'))
  const rows = await database.query((queries: WorkoutQueries) =>
    queries.selectFrom('revisions').select(['revision_id', 'state']).execute()
  )
  t.same(
    rows.map((row) => ({ ...row })),
    [{ revision_id: 'revision-a', state: 'canonical' }]
  )
})

t.test('a database that does not open is reported', async (t) => {
  const path = databasePath(t)
  const file = `${path.slice(0, -'/made/ledger.db'.length)}/file`
  writeFileSync(file, 'this is no database, and long enough to be read as one'.repeat(20))
  await t.rejects(openStorage({ kind: 'sqlite', path: file }), /not a database/)
  await t.rejects(openStorage({ kind: 'sqlite', path: `${file}/ledger.db` }), Error, 'a file as a folder')
  await t.rejects(openStorage({ kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' }), /ECONNREFUSED/)
})
