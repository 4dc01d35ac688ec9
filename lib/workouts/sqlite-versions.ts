import { change, rowOf, type Script } from '../database/script.ts'
import type { AthleteVersion, Versions } from './versions.ts'

const SELECT_LAST = 'SELECT last FROM record_sequence'
const KEEP_LAST = 'UPDATE record_sequence SET last = ?'
const SELECT_ATHLETE = 'SELECT 1 FROM revisions WHERE athlete_key = ? LIMIT 1'
// Three looks into an index: the last change is a new revision, or the end of one.
const SELECT_VERSION = `
  SELECT
    max((SELECT max(sequence) FROM revisions WHERE athlete_key = ?),
      coalesce((SELECT max(ended_sequence) FROM revisions WHERE athlete_key = ? AND ended_sequence > 0), 0)) AS version,
    (SELECT min(sequence) FROM revisions WHERE athlete_key = ?) AS since`

/** Who writes holds all of SQLite, so that versions are counted here and kept once for a transaction. */
export class SqliteVersions implements Versions {
  /** The last one given in this transaction. */
  #last: number | undefined;

  *current(athleteKey: Buffer): Script<AthleteVersion | undefined> {
    const row = yield* rowOf<{ version: number | null; since: number }>(
      SELECT_VERSION,
      athleteKey,
      athleteKey,
      athleteKey
    )
    return row === undefined || row.version === null ? undefined : { version: row.version, since: row.since }
  }

  *next(athleteKey: Buffer, makesAthlete: boolean): Script<number | undefined> {
    if (!makesAthlete && (yield* rowOf(SELECT_ATHLETE, athleteKey)) === undefined) return undefined
    this.#last ??= (yield* rowOf<{ last: number }>(SELECT_LAST))!.last
    this.#last += 1
    return this.#last
  }

  *forget(): Script<void> {}

  /** Before a commit. */
  *keep(): Script<void> {
    if (this.#last !== undefined) yield* change(KEEP_LAST, this.#last)
    this.#last = undefined
  }

  /** After a transaction that came to nothing. */
  drop(): void {
    this.#last = undefined
  }
}
