import { rowsOf, type Script } from '../database/script.ts'
import type { ListPlace } from './list-query.ts'
import type { ListedWorkout, ListFilter, StoredRevision } from './workout.ts'
import type { SoughtWorkout } from './workout-content.ts'
import type { RevisionRow, WorkoutQueries } from './workout-database.ts'
import { movementsFrom } from './workout-summary.ts'

/** One page of an athlete's canonical workouts: first the keys of the page, then their rows. */
export function listPage(
  queries: WorkoutQueries,
  athleteKey: Buffer,
  filter: ListFilter,
  after: ListPlace | undefined,
  limit: number
) {
  return queries
    .selectFrom('revisions')
    .select(['revision_id', 'workout_id', 'performed_date', 'created_at_ms', 'movements', 'summary'])
    .where('sequence', 'in', pageKeys(queries, athleteKey, filter, after, limit))
    .orderBy('performed_date', 'desc')
    .orderBy('workout_sequence', 'desc')
}

function pageKeys(
  queries: WorkoutQueries,
  athleteKey: Buffer,
  { movement, performedFrom, performedTo }: ListFilter,
  after: ListPlace | undefined,
  limit: number
) {
  // A literal in the query, so that the planner uses the index of canonical workouts, which covers this query.
  let keys = queries
    .selectFrom('revisions')
    .where('athlete_key', '=', athleteKey)
    .where('ended_sequence', '=', (eb) => eb.lit(0))
  if (performedFrom !== undefined) keys = keys.where('performed_date', '>=', performedFrom)
  if (performedTo !== undefined) keys = keys.where('performed_date', '<=', performedTo)
  if (after !== undefined)
    keys = keys.where(({ eb, fn, lit, refTuple, tuple }) => {
      // If the cursor's workout no longer exists, its day starts again: records may repeat, and none is lost. SQLite
      // uses the index for both parts if the second is not a plain column.
      const sequence = fn.coalesce(sequenceOf(queries, athleteKey, after.workoutId), lit(Number.MAX_SAFE_INTEGER))
      return eb(refTuple('performed_date', 'workout_sequence'), '<', tuple(after.performedDate, sequence))
    })
  // Both engines match exact substrings this way; LIKE treats an underscore as a wildcard.
  if (movement !== undefined)
    keys = keys.where(({ eb, fn, val, ref }) =>
      eb(fn<string>('replace', [ref('movements'), val(` ${movement} `), val('')]), '<>', ref('movements'))
    )
  return keys.select('sequence').orderBy('performed_date', 'desc').orderBy('workout_sequence', 'desc').limit(limit)
}

const SELECT_SAME_DAY = `
  SELECT workout_id, request_json FROM revisions
  WHERE athlete_key = ? AND performed_date = ? AND ended_sequence = 0 AND movements = ? AND workout_id <> ?
  ORDER BY workout_sequence DESC`
// Limits are literals: SQLite prepares a statement with bound ones anew at each call.
const SELECT_LAST_OF_DAY = `${SELECT_SAME_DAY} LIMIT 1`
const SELECT_EARLIER_OF_DAY = `${SELECT_SAME_DAY} LIMIT 4 OFFSET 1`

/**
 * The last canonical workout of a day with exactly these movements and the wanted request, among the last five of them.
 * The last one alone is read first: a workout that is sent twice equals it.
 */
export function* findSameDay(
  { athleteKey, performedDate, movements, exceptWorkoutId = '' }: SoughtWorkout,
  isWanted: (requestJson: string) => boolean
): Script<string | undefined> {
  for (const sql of [SELECT_LAST_OF_DAY, SELECT_EARLIER_OF_DAY]) {
    const rows = yield* rowsOf<Pick<RevisionRow, 'workout_id' | 'request_json'>>(
      sql,
      athleteKey,
      performedDate,
      movements,
      exceptWorkoutId
    )
    const found = rows.find(({ request_json }) => isWanted(request_json))
    if (found !== undefined || rows.length === 0) return found?.workout_id
  }
  return undefined
}

/**
 * The position of a workout within its day, the same for all its revisions; null if the athlete has no such workout.
 */
function sequenceOf(queries: WorkoutQueries, athleteKey: Buffer, workoutId: string) {
  return revisionsOf(queries, athleteKey, workoutId).clearSelect().select('workout_sequence').limit(1).$asScalar()
}

export function summaryFrom(
  row: Pick<RevisionRow, 'revision_id' | 'workout_id' | 'performed_date' | 'created_at_ms' | 'movements' | 'summary'>
): ListedWorkout {
  return {
    workoutId: row.workout_id,
    revisionId: row.revision_id,
    performedDate: row.performed_date,
    createdAtMs: row.created_at_ms,
    movements: movementsFrom(row.movements),
    summary: JSON.parse(row.summary)
  }
}

/** The revisions of an athlete's workout. */
export function revisionsOf(queries: WorkoutQueries, athleteKey: Buffer, workoutId: string) {
  return (
    queries
      .selectFrom('revisions')
      .selectAll()
      .where('workout_id', '=', workoutId)
      // Always true: it makes the planner prefer the workout's index; the athlete's would be scanned completely.
      .where('ended_sequence', '>=', (eb) => eb.lit(0))
      .where('athlete_key', '=', athleteKey)
  )
}

export function revisionFrom(row: RevisionRow): StoredRevision {
  return {
    revisionId: row.revision_id,
    state: row.state,
    performedDate: row.performed_date,
    supersedesRevisionId: row.supersedes_revision_id ?? undefined,
    reason: row.reason === null ? undefined : JSON.parse(row.reason),
    createdAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
    voidReason: row.void_reason === null ? undefined : JSON.parse(row.void_reason),
    requestJson: row.request_json,
    answerJson: row.answer_json
  }
}

/** Figures of canonical revisions that were stored after a version, oldest first. */
export function figuresAfter(queries: WorkoutQueries, athleteKey: Buffer, version: number, limit: number) {
  return queries
    .selectFrom('revisions')
    .select(['sequence', 'figures'])
    .where('athlete_key', '=', athleteKey)
    .where('sequence', '>', version)
    .where('state', '=', 'canonical')
    .orderBy('sequence')
    .limit(limit)
}

/** Workouts that were voided after a version. */
export function voidedAfter(queries: WorkoutQueries, athleteKey: Buffer, version: number) {
  return queries
    .selectFrom('revisions')
    .select('workout_id')
    .where('athlete_key', '=', athleteKey)
    .where('ended_sequence', '>', (eb) => eb.lit(0))
    .where('ended_sequence', '>', version)
    .where('state', '=', 'voided')
}
