import { change, rowsOf, type Script } from '../database/script.ts'
import type { WorkoutContext } from './workout-database.ts'

const SELECT_OLDEST = 'SELECT sequence FROM revisions WHERE athlete_key = ? ORDER BY sequence LIMIT ?'
const DELETE_REVISIONS = 'DELETE FROM revisions WHERE athlete_key = ? AND sequence <= ?'

/**
 * Erases an athlete's oldest revisions, and what others keep of the athlete. A completed workout's answer is part of its
 * revision. A revision is older than the later ones of its workout, so a workout never loses its canonical one first.
 * @returns how many revisions were erased; fewer than `limit` once nothing is left
 */
export function* erasePart({ versions, holds }: WorkoutContext, athleteKey: Buffer, limit: number): Script<number> {
  const version = yield* versions.next(athleteKey, false)
  yield* holds.forgetAthlete(athleteKey)
  if (version === undefined) return 0
  const oldest = yield* rowsOf<{ sequence: number }>(SELECT_OLDEST, athleteKey, limit)
  const upTo = oldest.at(-1)?.sequence ?? 0
  yield* change(DELETE_REVISIONS, athleteKey, upTo)
  if (oldest.length < limit) yield* versions.forget(athleteKey)
  return oldest.length
}
