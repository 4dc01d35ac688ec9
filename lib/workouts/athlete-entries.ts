import type { NextVersion } from '../database/next-version.ts'
import { rowOf, rowsOf, type Script } from '../database/script.ts'

/** How far an athlete's records have come. */
export interface AthleteVersion {
  /** Of the last change. */
  readonly version: number
  /** Of the first record, or of the last erasure: what was read before is void. */
  readonly since: number
}

const SELECT_ATHLETE = 'SELECT version, since FROM athletes WHERE athlete_key = ?'
const FORGET_PENDING = `
  UPDATE payments SET pending_record = NULL, answer_body = NULL, reserves_workout_id = NULL
  WHERE state IN ('settling', 'unknown') AND pending_record LIKE ?`
const SELECT_OLDEST = 'SELECT sequence FROM revisions WHERE athlete_key = ? ORDER BY sequence LIMIT ?'
const DELETE_REVISIONS = 'DELETE FROM revisions WHERE athlete_key = ? AND sequence <= ?'
const DELETE_MOVEMENTS = 'DELETE FROM canonical_movements WHERE athlete_key = ? AND sequence <= ?'
const START_ANEW = 'UPDATE athletes SET since = ? WHERE athlete_key = ?'
const DELETE_ATHLETE = 'DELETE FROM athletes WHERE athlete_key = ?'

export function selectAthlete(athleteKey: Buffer): Script<AthleteVersion | undefined> {
  return rowOf<AthleteVersion>(SELECT_ATHLETE, athleteKey)
}

/**
 * Erases an athlete's oldest revisions, and what pending payments keep of the athlete. A captured payment's answer is
 * its revision, and goes with it. A revision is older than those that came after it in its workout, so that a workout
 * never loses its canonical one first.
 * @returns how many revisions were erased; fewer than `limit` once nothing is left
 */
export function* erasePart(nextVersion: NextVersion, athleteKey: Buffer, limit: number): Script<number> {
  const version = yield* nextVersion(athleteKey, false)
  // As a record is written; inside its strings the quotes would be escaped.
  yield* rowOf(FORGET_PENDING, `%"athleteKey":"${athleteKey.toString('hex')}"%`)
  if (version === undefined) return 0
  const oldest = yield* rowsOf<{ sequence: number }>(SELECT_OLDEST, athleteKey, limit)
  const upTo = oldest.at(-1)?.sequence ?? 0
  yield* rowOf(DELETE_MOVEMENTS, athleteKey, upTo)
  yield* rowOf(DELETE_REVISIONS, athleteKey, upTo)
  if (oldest.length < limit) yield* rowOf(DELETE_ATHLETE, athleteKey)
  else yield* rowOf(START_ANEW, version, athleteKey)
  return oldest.length
}
