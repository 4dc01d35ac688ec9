import { change, rowsOf, type Script } from '../database/script.ts'
import type { Versions } from './versions.ts'

const FORGET_PENDING = `
  UPDATE payments SET pending_record = NULL, answer_body = NULL, reserves_workout_id = NULL
  WHERE state IN ('settling', 'unknown') AND pending_record LIKE ?`
const FORGET_ANSWERS = `
  UPDATE payments SET answer_body = NULL, answer_athlete_key = NULL WHERE answer_athlete_key = ?`
const SELECT_OLDEST = 'SELECT sequence FROM revisions WHERE athlete_key = ? ORDER BY sequence LIMIT ?'
const DELETE_REVISIONS = 'DELETE FROM revisions WHERE athlete_key = ? AND sequence <= ?'

/**
 * Erases an athlete's oldest revisions, what pending payments keep of the athlete, and answers that were not stored as
 * workouts. A completed workout's answer is its revision, and goes with it. A revision is older than those that came
 * after it in its workout, so that a workout never loses its canonical one first.
 * @returns how many revisions were erased; fewer than `limit` once nothing is left
 */
export function* erasePart(versions: Versions, athleteKey: Buffer, limit: number): Script<number> {
  const version = yield* versions.next(athleteKey, false)
  // As a record is written; inside its strings the quotes would be escaped.
  yield* change(FORGET_PENDING, `%"athleteKey":"${athleteKey.toString('hex')}"%`)
  yield* change(FORGET_ANSWERS, athleteKey)
  if (version === undefined) return 0
  const oldest = yield* rowsOf<{ sequence: number }>(SELECT_OLDEST, athleteKey, limit)
  const upTo = oldest.at(-1)?.sequence ?? 0
  yield* change(DELETE_REVISIONS, athleteKey, upTo)
  if (oldest.length < limit) yield* versions.forget(athleteKey)
  return oldest.length
}
