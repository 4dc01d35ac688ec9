/** What a service has written down, read from its database file while it runs. */
import { createHash } from 'node:crypto'
import { DatabaseSync } from '@photostructure/sqlite'

export interface Entry {
  readonly state: string
  readonly asset: string
  readonly amount_atomic: string
  readonly workout_id: string | null
}

const ALL = `
  SELECT p.state, p.asset, p.amount_atomic, r.workout_id
  FROM payments p LEFT JOIN revisions r ON r.revision_id = p.answer_revision_id`

/** Every payment with the workout that it bought. */
export function payments(database: string): Entry[] {
  return read(database, ALL) as Entry[]
}

/** The entry of one payment, found by its preimage. */
export function paymentOf(database: string, preimage: string): Entry[] {
  const hash = createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex')
  return read(database, `${ALL} WHERE p.proof_key = ?`, `l402:${hash}`) as Entry[]
}

/** The ids of an athlete's workouts. */
export function workoutsOf(database: string, athlete: string): unknown[] {
  const key = createHash('sha256').update(athlete).digest()
  const rows = read(database, 'SELECT workout_id FROM revisions WHERE athlete_key = ?', key)
  return rows.map((row) => (row as { workout_id: string }).workout_id)
}

/** How many versions of workouts there are. */
export function revisionCount(database: string): number {
  return read(database, 'SELECT revision_id FROM revisions').length
}

function read(database: string, sql: string, ...values: (string | Buffer)[]): unknown[] {
  const db = new DatabaseSync(database, { readOnly: true })
  try {
    return db.prepare(sql).all(...values)
  } finally {
    db.close()
  }
}
