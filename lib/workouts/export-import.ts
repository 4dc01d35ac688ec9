import { isDeepStrictEqual } from 'node:util'
import { change, type Script } from '../database/script.ts'
import type { AthleteVersions } from './athlete-versions.ts'
import { ImportRefused, lineOf, type ReadLine, readLine } from './record-line.ts'
import { asText } from './revision-entries.ts'
import type { RevisionRow, WorkoutDatabase, WorkoutQueries } from './workout-database.ts'
import { movementsOf, summaryOf } from './workout-summary.ts'

/** Number of revisions in the file. */
export interface ImportOutcome {
  readonly imported: number
  /** Already stored and equal: unchanged. */
  readonly alreadyThere: number
}

/** The revisions of one workout, oldest first. */
type Workout = readonly ReadLine[]

const WORKOUTS_AT_ONCE = 200

const INSERT_REVISION = `
  INSERT INTO revisions (sequence, workout_sequence, ended_sequence, revision_id, workout_id, athlete_key, state,
    performed_date, created_at_ms, ended_at_ms, supersedes_revision_id, reason, void_reason, movements, summary, figures,
    request_json, answer_json)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/**
 * An athlete's records as lines of JSON: workouts in the order of purchase, each with its revisions, oldest first.
 * Payments are not exported.
 * @throws DatabaseUnavailable
 */
export async function* exportRecords(database: WorkoutDatabase, athleteKey: Buffer): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const first = await database.query((queries: WorkoutQueries) =>
      queries
        .selectFrom('revisions')
        .select(['sequence', 'workout_id'])
        .where('athlete_key', '=', athleteKey)
        .where('sequence', '>', after)
        .where('supersedes_revision_id', 'is', null)
        .orderBy('sequence')
        .limit(WORKOUTS_AT_ONCE)
        .execute()
    )
    if (first.length === 0) return
    const rows = await revisionsOf(
      database,
      first.map(({ workout_id }) => workout_id)
    )
    for (const row of rows) yield JSON.stringify(lineOf(row))
    after = first.at(-1)!.sequence
  }
}

/**
 * Imports records under an athlete's key. Equal stored records stay unchanged.
 * @throws ImportRefused if a line is invalid, a workout incomplete, or an id belongs to another record; then nothing of
 *   the file is imported
 * @throws DatabaseUnavailable; what was imported until then stays, and the same file may be imported again
 */
export async function importRecords(
  database: WorkoutDatabase,
  athleteKey: Buffer,
  lines: AsyncIterable<string> | Iterable<string>
): Promise<ImportOutcome> {
  const workouts = await readWorkouts(lines)
  const missing: Workout[] = []
  for (let start = 0; start < workouts.length; start += WORKOUTS_AT_ONCE)
    missing.push(...(await notThere(database, athleteKey, workouts.slice(start, start + WORKOUTS_AT_ONCE))))
  for (let start = 0; start < missing.length; start += WORKOUTS_AT_ONCE) {
    const part = missing.slice(start, start + WORKOUTS_AT_ONCE)
    await database.transact(() => insertWorkouts(database.versions, athleteKey, part))
  }
  const imported = countOf(missing)
  return { imported, alreadyThere: countOf(workouts) - imported }
}

async function readWorkouts(lines: AsyncIterable<string> | Iterable<string>): Promise<Workout[]> {
  const workouts = new Map<string, ReadLine[]>()
  const revisionIds = new Set<string>()
  let line = 0
  for await (const text of lines) {
    line += 1
    if (text.trim() === '') continue
    const read = readLine(text, line)
    const { workout_id: workoutId, revision_id: revisionId } = read.record
    if (revisionIds.has(revisionId)) throw new ImportRefused(line, 'the revision occurs twice')
    revisionIds.add(revisionId)
    const workout = workouts.get(workoutId)
    if (workout === undefined) workouts.set(workoutId, [read])
    else workout.push(read)
  }
  for (const workout of workouts.values()) assertComplete(workout)
  return [...workouts.values()]
}

/** Each revision supersedes the previous one, and only the last is not superseded. */
function assertComplete(workout: Workout): void {
  workout.forEach(({ line, record }, index) => {
    if (record.supersedes_revision_id !== workout[index - 1]?.record.revision_id)
      throw new ImportRefused(line, 'the revision does not supersede the previous revision of its workout')
    const isLast = index === workout.length - 1
    if ((record.state === 'superseded') === isLast)
      throw new ImportRefused(line, isLast ? 'the superseding revision is missing' : 'the state must be superseded')
  })
}

/** The workouts that the database does not have. */
async function notThere(
  database: WorkoutDatabase,
  athleteKey: Buffer,
  workouts: readonly Workout[]
): Promise<Workout[]> {
  const ids = workouts.map(([first]) => first!.record.workout_id)
  const rows = await revisionsOf(database, ids)
  const lines = workouts.flat()
  const others = await database.query((queries: WorkoutQueries) =>
    queries
      .selectFrom('revisions')
      .select(['revision_id'])
      .where(
        'revision_id',
        'in',
        lines.map(({ record }) => record.revision_id)
      )
      .where('workout_id', 'not in', ids)
      .execute()
  )
  const taken = new Set(others.map(({ revision_id }) => revision_id))
  const conflict = lines.find(({ record }) => taken.has(record.revision_id))
  if (conflict !== undefined) throw new ImportRefused(conflict.line, 'the revision_id belongs to another record')
  return workouts.filter((workout) => {
    const there = rows.filter(({ workout_id }) => workout_id === workout[0]!.record.workout_id)
    if (there.length === 0) return true
    const isEqual =
      there.length === workout.length &&
      there.every((row, index) => athleteKey.equals(row.athlete_key) && isSame(row, workout[index]!))
    if (!isEqual) throw new ImportRefused(workout[0]!.line, 'the workout_id belongs to another record')
    return false
  })
}

function isSame(row: RevisionRow, { record }: ReadLine): boolean {
  // Compared as text, because an absent member may be undefined on one side.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(lineOf(row))), record)
}

function revisionsOf(database: WorkoutDatabase, workoutIds: readonly string[]): Promise<RevisionRow[]> {
  return database.query((queries: WorkoutQueries) =>
    queries
      .selectFrom('revisions')
      .selectAll()
      .where('workout_id', 'in', workoutIds)
      .orderBy('workout_sequence')
      .orderBy('sequence')
      .execute()
  )
}

function* insertWorkouts(versions: AthleteVersions, athleteKey: Buffer, workouts: readonly Workout[]): Script<void> {
  for (const workout of workouts) {
    const sequences: number[] = []
    // A further version for the end of the last revision.
    for (let count = 0; count <= workout.length; count++) sequences.push((yield* versions.next(athleteKey, true))!)
    for (const [index, { record, figures, labels }] of workout.entries())
      yield* change(
        INSERT_REVISION,
        sequences[index],
        sequences[0],
        record.state === 'canonical' ? 0 : sequences[index + 1],
        record.revision_id,
        record.workout_id,
        athleteKey,
        record.state,
        record.performed_date,
        record.created_at_ms,
        record.ended_at_ms ?? null,
        record.supersedes_revision_id ?? null,
        asText(record.reason),
        asText(record.void_reason),
        movementsOf(figures),
        JSON.stringify(summaryOf(figures, labels)),
        JSON.stringify(figures),
        record.request,
        record.answer
      )
  }
}

function countOf(workouts: readonly Workout[]): number {
  return workouts.reduce((count, workout) => count + workout.length, 0)
}
