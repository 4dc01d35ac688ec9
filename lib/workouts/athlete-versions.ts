import { change, rowOf, type Script } from '../database/script.ts'

/** The version of an athlete's records. */
export interface AthleteVersion {
  /** Version of the last change. */
  readonly version: number
  /** Version of the oldest record: a reader's state at an earlier version is invalid. */
  readonly since: number
}

/** Versions of athletes' records: they rise over all athletes, in the order in which readers see them. */
export interface AthleteVersions {
  /** @returns undefined for an athlete without records */
  current(athleteKey: Buffer): Script<AthleteVersion | undefined>
  /**
   * The next version, for a change; locks the athlete's records until the transaction ends.
   * @param makesAthlete false: does not create an athlete
   * @returns undefined for an athlete without records
   */
  next(athleteKey: Buffer, makesAthlete: boolean): Script<number | undefined>
  /** Removes the athlete. */
  forget(athleteKey: Buffer): Script<void>
}

const SQLITE_LAST = 'SELECT last FROM record_sequence'
const SQLITE_KEEP_LAST = 'UPDATE record_sequence SET last = ?'
const SQLITE_ATHLETE = 'SELECT 1 FROM revisions WHERE athlete_key = ? LIMIT 1'
// Three index look-ups: the last change is a new or an ended revision.
const SQLITE_VERSION = `
  SELECT
    max((SELECT max(sequence) FROM revisions WHERE athlete_key = ?),
      coalesce((SELECT max(ended_sequence) FROM revisions WHERE athlete_key = ? AND ended_sequence > 0), 0)) AS version,
    (SELECT min(sequence) FROM revisions WHERE athlete_key = ?) AS since`

/** SQLite has a single writer: versions are counted in memory and written once per transaction. */
export class SqliteAthleteVersions implements AthleteVersions {
  /** The last version in this transaction. */
  #last: number | undefined;

  *current(athleteKey: Buffer): Script<AthleteVersion | undefined> {
    const row = yield* rowOf<{ version: number | null; since: number }>(
      SQLITE_VERSION,
      athleteKey,
      athleteKey,
      athleteKey
    )
    return row === undefined || row.version === null ? undefined : { version: row.version, since: row.since }
  }

  *next(athleteKey: Buffer, makesAthlete: boolean): Script<number | undefined> {
    if (!makesAthlete && (yield* rowOf(SQLITE_ATHLETE, athleteKey)) === undefined) return undefined
    this.#last ??= (yield* rowOf<{ last: number }>(SQLITE_LAST))!.last
    this.#last += 1
    return this.#last
  }

  *forget(): Script<void> {}

  /** Writes the counter, just before a commit. */
  *keep(): Script<void> {
    if (this.#last !== undefined) yield* change(SQLITE_KEEP_LAST, this.#last)
    this.#last = undefined
  }

  /** Discards the versions of a rolled-back transaction. */
  drop(): void {
    this.#last = undefined
  }
}

const POSTGRES_VERSION = 'SELECT version, since FROM athletes WHERE athlete_key = ?'
/** A version is assigned while the row is locked, so that versions rise in visible order. */
export const RENEW_OR_CREATE_ATHLETE = `
  INSERT INTO athletes (athlete_key, version, since)
  SELECT next.athlete_key, next.version, next.version
  FROM (SELECT ?::bytea AS athlete_key, nextval('record_sequence') AS version) AS next
  ON CONFLICT (athlete_key) DO UPDATE SET version = nextval('record_sequence')
  RETURNING athlete_key, version`
const RENEW_ATHLETE = `UPDATE athletes SET version = nextval('record_sequence') WHERE athlete_key = ? RETURNING version`
const FORGET_ATHLETE = 'DELETE FROM athletes WHERE athlete_key = ?'

/** In Postgres each athlete has a row, which a transaction that changes the records locks. */
export const postgresAthleteVersions: AthleteVersions = {
  current(athleteKey: Buffer): Script<AthleteVersion | undefined> {
    return rowOf<AthleteVersion>(POSTGRES_VERSION, athleteKey)
  },

  *next(athleteKey: Buffer, makesAthlete: boolean): Script<number | undefined> {
    const sql = makesAthlete ? RENEW_OR_CREATE_ATHLETE : RENEW_ATHLETE
    return (yield* rowOf<{ version: number }>(sql, athleteKey))?.version
  },

  *forget(athleteKey: Buffer): Script<void> {
    yield* change(FORGET_ATHLETE, athleteKey)
  }
}
