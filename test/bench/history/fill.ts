import { randomBytes } from 'node:crypto'
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import type { DatabaseConfig } from '../../../lib/database/database.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import { openStorage } from '../../../lib/storage/open-storage.ts'
import { capture, workoutOf } from './workouts.ts'

const MOST_OF_ONE_ATHLETE = 3000
const EACH_OTHER_ATHLETE = 100
const AT_ONCE = 64

type Run = (sql: string, parameters?: readonly (number | Buffer)[]) => Promise<void>

/**
 * Fills an empty store: one athlete's workouts as they are bought, up to ten years of them; the rest are copies of these
 * that belong to others, a hundred each, made by SQL with ids of their own.
 * @returns how many are the athlete's
 */
export async function fill(config: DatabaseConfig, workouts: number, athleteUuid: string): Promise<number> {
  const own = Math.min(workouts, MOST_OF_ONE_ATHLETE)
  const database = await openStorage(config)
  const ledger = openLedger(database, Date.now)
  for (let index = 0; index < own; index += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, own - index) }, (_, offset) => index + offset)
    await Promise.all(indexes.map((each) => capture(ledger, workoutOf(athleteUuid, each))))
  }
  await ledger.close()
  await database.close()
  if (workouts > own) await beside(config, (run, id) => copyToOthers(run, id, (workouts - own) / EACH_OTHER_ATHLETE))
  if (config.kind === 'postgres') await vacuum(config.url)
  return own
}

/** As the server does by itself after a thousand inserts: without it an index-only scan reads every row's page. */
async function vacuum(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('VACUUM ANALYZE')
  await client.end()
}

/** Works on the database while nobody else does. `id` is the engine's expression for a new one. */
async function beside(config: DatabaseConfig, work: (run: Run, id: string) => Promise<void>): Promise<void> {
  if (config.kind === 'sqlite') {
    const db = new DatabaseSync(config.path)
    db.exec('PRAGMA synchronous = OFF; BEGIN')
    await work(async (sql, parameters = []) => {
      db.prepare(sql).run(...parameters)
    }, 'lower(hex(randomblob(16)))')
    db.exec('UPDATE record_sequence SET last = (SELECT max(sequence) FROM revisions)')
    db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
    return db.close()
  }
  const client = new pg.Client(config.url)
  // What fails tells its query; the end of the server that follows is no news.
  client.on('error', () => {})
  await client.connect()
  await client.query('BEGIN')
  await work(async (sql, parameters = []) => {
    let count = 0
    await client.query(
      sql.replace(/\?/g, () => `$${++count}`),
      [...parameters]
    )
  }, 'gen_random_uuid()::text')
  await client.query(`SELECT setval('record_sequence', (SELECT max(sequence) FROM revisions))`)
  await client.query(`
    INSERT INTO athletes (athlete_key, version, since)
    SELECT athlete_key, max(sequence), min(sequence) FROM revisions
    WHERE athlete_key NOT IN (SELECT athlete_key FROM athletes) GROUP BY athlete_key`)
  await client.query('COMMIT')
  await client.end()
}

const COPIED =
  'state, performed_date, ended_sequence, created_at_ms, movements, summary, figures, request_json, answer_json'

async function copyToOthers(run: Run, id: string, others: number): Promise<void> {
  await run('CREATE TABLE others (number INTEGER PRIMARY KEY, athlete_key BYTEA)')
  for (let number = 0; number < others; number++)
    await run(`INSERT INTO others VALUES (${number}, ?)`, [randomBytes(32)])
  // Postgres leaves gaps between sequences, so the athlete's are counted, and the others' come after the last.
  const sequence = `((SELECT max(sequence) FROM revisions) + number * ${EACH_OTHER_ATHLETE} + place)`
  await run(`
    INSERT INTO revisions (sequence, workout_sequence, revision_id, workout_id, athlete_key, ${COPIED})
    SELECT ${sequence}, ${sequence}, ${id}, ${id}, others.athlete_key, ${COPIED}
    FROM others CROSS JOIN (SELECT *, row_number() OVER (ORDER BY sequence) AS place FROM revisions) AS copied
    WHERE place <= ${EACH_OTHER_ATHLETE} ORDER BY number, place`)
  const bought = 'rail, state, fingerprint, route, amount_atomic, asset, claimed_at_ms, captured_at_ms, answer_status'
  await run(`
    INSERT INTO payments (proof_key, ${bought}, answer_revision_id, answer_kept_until_ms)
    SELECT 'l402:' || revision_id, ${bought.replaceAll('state', 'one.state')}, revision_id, answer_kept_until_ms
    FROM revisions CROSS JOIN (SELECT * FROM payments LIMIT 1) AS one
    WHERE revision_id NOT IN (SELECT answer_revision_id FROM payments WHERE answer_revision_id IS NOT NULL)`)
  await run('DROP TABLE others')
}
