import { writeFileSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import t from 'tap'
import { figuresOf } from '../../../lib/curve/figures.ts'
import { SqliteDatabase } from '../../../lib/database/sqlite/sqlite-database.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import { openDatabase } from '../../../lib/storage/open-database.ts'
import { migrations as sqliteMigrations } from '../../../lib/storage/sqlite-migrations.ts'
import { computePowerAnswerExample } from '../../../schemas/compute-power.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { answer, bought, buy, databasePath, NOW_MS, openAt, record, request, revision } from '../ledger/helpers.ts'

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
      message: `the database has schema version ${newer}, this program knows ${newer - 1}`
    })
    t.same(await place.rows(SCHEMA[name]), schema, 'and left as it was')
    await setVersion(place, newer - 1)
    t.ok(await place.open(), 'nothing is locked by what failed')
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

t.test('SQLite: what was bought before there was history is there afterwards', async (t) => {
  const path = databasePath(t)
  new SqliteDatabase(path).close()
  const old = new DatabaseSync(path)
  for (const { name } of old.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[])
    old.exec(`DROP TABLE ${name}`)
  old.exec(sqliteMigrations[0]!)
  old.exec('PRAGMA user_version = 1')
  const body = JSON.stringify(computePowerAnswerExample)
  const key = Buffer.alloc(32, 9)
  for (const id of ['1', '2']) {
    old
      .prepare(
        `INSERT INTO payments VALUES (?, 'l402', 'captured', ?, '/v1/compute-power', '149000', 'msat', ?, ?, 200, NULL, ?, ?)`
      )
      .run(`l402:${id}`, 'ab'.repeat(32), NOW_MS, NOW_MS, `revision-${id}`, NOW_MS)
    old
      .prepare(`INSERT INTO revisions VALUES (?, ?, ?, 'canonical', '2026-01-15', '{}', ?, ?)`)
      .run(`revision-${id}`, `workout-${id}`, key, body, NOW_MS)
  }
  old.close()

  const database = await openDatabase({ kind: 'sqlite', path })
  t.teardown(() => database.close())
  const ledger = openLedger(database, () => NOW_MS)
  t.same((await bought(ledger, request('1'))).answer, { status: 200, body })
  await buy(ledger, request('3'), '3', revision('3', '1', '1', { athleteKey: key }))
  const db = new DatabaseSync(path, { readOnly: true })
  t.teardown(() => db.close())
  const plain = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  t.same(
    plain('SELECT revision_id, state, sequence, workout_sequence, ended_sequence FROM revisions ORDER BY sequence'),
    [
      { revision_id: 'revision-1', state: 'superseded', sequence: 1, workout_sequence: 1, ended_sequence: 3 },
      { revision_id: 'revision-2', state: 'canonical', sequence: 2, workout_sequence: 2, ended_sequence: 0 },
      { revision_id: 'revision-3', state: 'canonical', sequence: 3, workout_sequence: 1, ended_sequence: 0 }
    ]
  )
  t.same(plain('SELECT last FROM record_sequence'), [{ last: 3 }])
  const [{ figures }] = plain("SELECT figures FROM revisions WHERE revision_id = 'revision-2'") as [{ figures: string }]
  t.same(
    JSON.parse(figures),
    figuresOf('workout-2', '2026-01-15', JSON.parse(body)),
    'figures are read from the answers that are there'
  )
  t.same(plain('SELECT movements FROM revisions'), Array(3).fill({ movements: ' thruster pull_up ' }))
})

t.test('SQLite in memory: one connection serves scripts and the query builder', async (t) => {
  const database = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  t.teardown(() => database.close())
  const ledger = openLedger(database, () => NOW_MS)
  await buy(ledger, request('a'), 'a', record('a'))
  const rows = await database.query((queries) =>
    queries.selectFrom('revisions').select(['revision_id', 'state']).execute()
  )
  t.same(
    rows.map((row) => ({ ...row })),
    [{ revision_id: 'revision-a', state: 'canonical' }]
  )
})

t.test('what cannot be opened is told', async (t) => {
  const path = databasePath(t)
  const file = `${path.slice(0, -'/made/ledger.db'.length)}/file`
  writeFileSync(file, 'this is no database, and long enough to be read as one'.repeat(20))
  await t.rejects(openDatabase({ kind: 'sqlite', path: file }), /not a database/)
  await t.rejects(openDatabase({ kind: 'sqlite', path: `${file}/ledger.db` }), Error, 'a file as a folder')
  await t.rejects(openDatabase({ kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' }), /ECONNREFUSED/)
})
