import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import t from 'tap'
import { latestVersion } from '../../../lib/database/migration.ts'
import { PostgresDatabase } from '../../../lib/database/postgres/postgres-database.ts'
import { SqliteDatabase } from '../../../lib/database/sqlite/sqlite-database.ts'
import { postgresMigrations } from '../../../lib/storage/postgres-migrations.ts'
import { sqliteMigrations } from '../../../lib/storage/sqlite-migrations.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { ROOT } from '../../runner/joined.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { commandsOf, OPERATIONS, runCommands } from '../../support/operations.ts'
import { missing } from '../../support/program.ts'
import { databaseUrl } from '../../support/test-service.ts'
import {
  ATHLETE_KEY,
  answer,
  bought,
  buy,
  deferred,
  NOW_MS,
  openAt,
  pending,
  record,
  request,
  revision
} from '../ledger/helpers.ts'

/** Databases that an earlier version wrote: every state of a payment and of a revision is in them. */
const WRITTEN = { sqlite: 'sqlite-3.sql', postgres: 'postgres-2.sql' }

const VECTORS = join(import.meta.dirname, '../../vectors/database')

async function restore({ config }: Place, file: string): Promise<void> {
  const sql = readFileSync(join(VECTORS, file), 'utf8')
  if (config.kind === 'sqlite') {
    const db = new DatabaseSync(config.path)
    db.exec(sql)
    return db.close()
  }
  const client = new pg.Client(config.url)
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** What a schema consists of, whatever the spelling and the order in which it was made. */
const SCHEMA = {
  sqlite: `
    SELECT m.name AS t, c.name AS c, c.type AS d, c."notnull" AS n, c.dflt_value AS v
    FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2`,
  postgres: `
    SELECT table_name AS t, column_name AS c, data_type AS d, is_nullable AS n, column_default AS v
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
}
const INDEXES = {
  sqlite: `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`,
  postgres: `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`
}
const PAYMENT = `INSERT INTO payments (proof_key, rail, state, fingerprint, route, amount_atomic, asset, claimed_at_ms,
  answer_kept_until_ms) VALUES ('l402:x', 'l402', 'STATE', '', '', '1', 'msat', 0, 0)`

async function execute({ config }: Place, sql: string): Promise<void> {
  if (config.kind === 'sqlite') {
    const db = new DatabaseSync(config.path)
    try {
      db.exec(sql)
    } finally {
      db.close()
    }
    return
  }
  const client = new pg.Client(config.url)
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

t.test('a schema has one version number on both engines, and versions rise by one', async (t) => {
  const versions = [sqliteMigrations, postgresMigrations].map((list) => list.map(({ version }) => version))
  t.equal(versions[0]!.at(-1), versions[1]!.at(-1))
  for (const list of versions) for (const [index, version] of list.entries()) t.equal(version, list[0]! + index)
})

await onEachEngine(t, (t, { name, makePlace }) => {
  t.test('a database that an earlier version wrote is migrated, with every purchase in it', async (t) => {
    const fresh = await makePlace(t)
    await (await fresh.open()).close()
    const place = await makePlace(t)
    if (place.config.kind === 'sqlite') await (await place.open()).close()
    if (place.config.kind === 'sqlite') await emptied(place)
    await restore(place, WRITTEN[name])
    const before = await place.rows('SELECT * FROM payments ORDER BY proof_key')
    const revisionsBefore = await place.rows('SELECT * FROM revisions ORDER BY sequence')
    const { database, ledger } = await openAt(t, place)

    t.same(await place.rows(SCHEMA[name]), await fresh.rows(SCHEMA[name]), 'the same columns as in a new database')
    t.same(
      (await place.rows(INDEXES[name])).map(unspaced),
      (await fresh.rows(INDEXES[name])).map(unspaced),
      'and the same indexes'
    )
    t.same(columnsOf(await place.rows('SELECT * FROM payments ORDER BY proof_key'), before), before)
    const renamed = revisionsBefore.map(({ digest, ...row }) => ({ ...row, summary: digest }))
    t.same(await place.rows('SELECT * FROM revisions ORDER BY sequence'), renamed)

    t.same((await bought(ledger, request('revised'))).answer, answer('b'))
    t.same((await bought(ledger, request('plan'))).answer, answer('plan'))
    t.equal((await bought(ledger, deferred('delivered'))).settlement, '0xtransaction')
    t.equal((await pending(ledger, deferred('settling'))).payment.state, 'settling')
    t.equal((await pending(ledger, deferred('unknown'))).payment.state, 'unknown')
    await ledger.capturePending('x402:unknown', '0xlate')
    const store = new WorkoutStore(database, () => NOW_MS)
    t.match(await store.state(ATHLETE_KEY, 'workout-a'), {
      state: 'canonical',
      revisionId: 'revision-b',
      isReserved: true
    })
    t.match(await store.state(ATHLETE_KEY, 'workout-c'), { state: 'voided', revisionId: 'revision-c' })
    const { workouts } = await store.list(ATHLETE_KEY, {}, 10)
    t.same(
      workouts.map(({ workoutId }) => workoutId),
      ['workout-f', 'workout-d', 'workout-a']
    )
    t.ok(workouts.every(({ summary }) => summary.workJ === 48_592))
    await buy(ledger, request('owed'), 'again', record('h'))
    await t.rejects(buy(ledger, request('late'), 'late', revision('i', 'a', 'b')), { name: 'RevisionConflict' })
  })

  t.test('states that no payment has are refused alike', async (t) => {
    const place = await makePlace(t)
    await (await place.open()).close()
    for (const state of ['claimed', 'computed', 'paid', ''])
      await t.rejects(execute(place, PAYMENT.replace('STATE', state)), /check/i, state)
    await execute(place, PAYMENT.replace('STATE', 'released'))
  })

  t.test('a resolved payment cannot hold its proof', async (t) => {
    const place = await makePlace(t)
    await (await place.open()).close()
    const proof = PAYMENT.replace('answer_kept_until_ms)', 'answer_kept_until_ms, pending_proof)').replace(
      '0, 0)',
      "0, 0, 'p')"
    )
    for (const state of ['captured', 'released'])
      await t.rejects(execute(place, proof.replace('STATE', state)), /check/i, state)
    await execute(place, proof.replace('STATE', 'settling'))
    await t.rejects(execute(place, "UPDATE payments SET state = 'captured'"), /check/i)
    await execute(place, "UPDATE payments SET state = 'captured', pending_proof = NULL")
  })

  const client = missing(name === 'sqlite' ? 'sqlite3' : 'psql')
  t.test('a rollback as docs/operations.md has it, and the upgrade again', { skip: client }, async (t) => {
    const place = await makePlace(t)
    const { database, ledger } = await openAt(t, place)
    await buy(ledger, request('a'), 'a', record('a'))
    await database.close()
    const schema = await place.rows(SCHEMA[name])
    const commands = commandsOf('Upgrade, rollback, rotation')
    const undo = commands.find((block) => block.startsWith(name === 'sqlite' ? 'sqlite3' : 'psql'))!
    const path = databaseUrl(place).replace('sqlite:', '')
    await runCommands(undo.replaceAll('data/power-oracle.db', path), ROOT, { ...process.env, DATABASE_URL: path })

    const latest = latestVersion(sqliteMigrations)
    t.match(OPERATIONS, `| ${latest} to ${latest - 1} | `, 'the newest migration has its undo')
    const openPrevious = async () => {
      if (place.config.kind === 'sqlite')
        await new SqliteDatabase(place.config.path, { migrations: sqliteMigrations.slice(0, -1) }).close()
      else await (await PostgresDatabase.connect(place.config.url, postgresMigrations.slice(0, -1))).end()
    }
    await openPrevious()
    const again = await openAt(t, place)
    t.same(await place.rows(SCHEMA[name]), schema)
    t.same((await bought(again.ledger, request('a'))).answer, answer('a'))
    await again.database.close()
    await t.rejects(openPrevious(), { message: `the database has schema version ${latest}` })
  })

  t.test('a database from before the first migration is left unchanged', async (t) => {
    const place = await makePlace(t)
    await (await place.open()).close()
    const setVersion = { sqlite: 'PRAGMA user_version = 1', postgres: 'UPDATE schema_version SET version = 1' }
    await execute(place, setVersion[name])
    await t.rejects(place.open(), {
      message: /^the database has schema version 1; this program migrates version [23] or later$/
    })
  })
})

/** Leaves a SQLite file without tables, as a restore needs it. */
async function emptied(place: Place): Promise<void> {
  const tables = await place.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
  await execute(place, `${tables.map(({ name }) => `DROP TABLE "${name}";`).join('')}PRAGMA user_version = 0`)
}

/** Rows with the columns of others alone: a migration may add some. */
function columnsOf(rows: readonly Record<string, unknown>[], others: readonly Record<string, unknown>[]) {
  const names = Object.keys(others[0] ?? {})
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))
}

function unspaced({ name, sql }: Record<string, unknown>) {
  return { name, sql: String(sql).replace(/\s+/g, ' ').replaceAll('"', '') }
}
