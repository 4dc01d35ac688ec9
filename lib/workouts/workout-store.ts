import { setImmediate as breath } from 'node:timers/promises'
import type { WorkoutFigures } from '../curve/figures.ts'
import { change, rowsOf, type Script } from '../database/script.ts'
import type { AthleteVersion } from './athlete-versions.ts'
import { cursorOf, type ListPlace } from './list-query.ts'
import type { ListFilter, StoredRevision, WorkoutChanges, WorkoutPage } from './workout.ts'
import { isContentOfStored, type SoughtWorkout } from './workout-content.ts'
import type { WorkoutContext, WorkoutDatabase, WorkoutQueries } from './workout-database.ts'
import {
  figuresAfter,
  findSameDay,
  listPage,
  revisionFrom,
  revisionsOf,
  summaryFrom,
  voidedAfter
} from './workout-queries.ts'
import { selectState, type VoidOutcome, voidWorkout, type WorkoutState } from './workout-state.ts'

export type { ListedWorkout, ListFilter, StoredRevision, WorkoutChanges, WorkoutPage } from './workout.ts'

const FIGURES_AT_ONCE = 500
const ERASED_AT_ONCE = 1000
const REGISTRY_NAME = /^\w+$/

/**
 * The completed workouts and their revisions. Athletes are identified only by `athleteKey`; one without records and one
 * that never existed are the same. Every member throws `DatabaseUnavailable` if the database is unavailable.
 */
export class WorkoutStore {
  readonly #database: WorkoutDatabase
  readonly #now: () => number

  /** @param now unix milliseconds */
  constructor(database: WorkoutDatabase, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** Increases with every change to the athlete's records, across instances; 0 without records. */
  async version(athleteKey: Buffer): Promise<number> {
    return (await this.#athlete(athleteKey))?.version ?? 0
  }

  /**
   * Canonical workouts, newest date first, then last bought first. A page continues where the previous one ended,
   * whatever was added or revised meanwhile.
   * @param limit 1 or more
   */
  async list(athleteKey: Buffer, filter: ListFilter, limit: number, after?: ListPlace): Promise<WorkoutPage> {
    if (filter.movement !== undefined && !REGISTRY_NAME.test(filter.movement))
      return { workouts: [], nextCursor: undefined }
    const rows = await this.#database.query((queries: WorkoutQueries) =>
      listPage(queries, athleteKey, filter, after, limit + 1).execute()
    )
    const workouts = rows.slice(0, limit)
    const last = workouts.at(-1)
    return {
      workouts: workouts.map(summaryFrom),
      nextCursor:
        rows.length > limit && last !== undefined
          ? cursorOf({ performedDate: last.performed_date, workoutId: last.workout_id })
          : undefined
    }
  }

  /** The canonical revision of a workout, or the voided one; undefined if the athlete has no such workout. */
  async workout(athleteKey: Buffer, workoutId: string): Promise<StoredRevision | undefined> {
    if (!isStorable(workoutId)) return undefined
    const row = await this.#database.query((queries: WorkoutQueries) =>
      revisionsOf(queries, athleteKey, workoutId).where('state', '<>', 'superseded').executeTakeFirst()
    )
    return row && revisionFrom(row)
  }

  /** The audit trail of a workout, oldest first; empty if the athlete has no such workout. */
  async revisions(athleteKey: Buffer, workoutId: string): Promise<StoredRevision[]> {
    if (!isStorable(workoutId)) return []
    const rows = await this.#database.query((queries: WorkoutQueries) =>
      revisionsOf(queries, athleteKey, workoutId).orderBy('sequence').execute()
    )
    return rows.map(revisionFrom)
  }

  /**
   * The last bought canonical workout with the same date and content, if any. The last five workouts of the day with
   * the same movements are compared.
   */
  async duplicateOf(workout: SoughtWorkout): Promise<string | undefined> {
    return this.#database.read(() => findSameDay(workout, (requestJson) => isContentOfStored(workout, requestJson)))
  }

  /** The workout's state, for the checks before a revision is sold; undefined if the athlete has no such workout. */
  async state(athleteKey: Buffer, workoutId: string): Promise<WorkoutState | undefined> {
    const { holds } = this.#database
    return isStorable(workoutId) ? this.#database.read(() => selectState(holds, athleteKey, workoutId)) : undefined
  }

  /** Voids a workout. Idempotent: a repeated call returns the first outcome. */
  async voidWorkout(
    athleteKey: Buffer,
    workoutId: string,
    revisionId: string,
    reason: string | undefined
  ): Promise<VoidOutcome> {
    if (!isStorable(workoutId)) return { kind: 'not_found' }
    return this.#database.transact(() =>
      voidWorkout(this.#database, { athleteKey, workoutId, revisionId, reason, nowMs: this.#now() })
    )
  }

  /**
   * Erases an athlete's records permanently, with the answers stored with payments; amounts and hashes stay. Many
   * records need several transactions, oldest first: after a crash, call again.
   * @returns the number of revisions
   */
  async erase(athleteKey: Buffer): Promise<number> {
    let erased = 0
    for (;;) {
      const part = await this.#database.transact(() => erasePart(this.#database, athleteKey, ERASED_AT_ONCE))
      erased += part
      if (part < ERASED_AT_ONCE) return erased
      await breath()
    }
  }

  /**
   * The figures of changes since a version, or of all records.
   * @param known version that the caller has
   */
  async changesSince(athleteKey: Buffer, known: number | undefined): Promise<WorkoutChanges> {
    // Read first: a workout added while the rows are read may be reported twice but is never omitted.
    const athlete = await this.#athlete(athleteKey)
    if (athlete === undefined) return { version: 0, startsAnew: true, figures: [], voidedWorkoutIds: [] }
    const startsAnew = known === undefined || known < athlete.since
    const figures = await this.#figuresAfter(athleteKey, startsAnew ? 0 : known)
    const voided = await this.#database.query((queries: WorkoutQueries) =>
      voidedAfter(queries, athleteKey, startsAnew ? athlete.version : known).execute()
    )
    return {
      version: athlete.version,
      startsAnew,
      figures,
      voidedWorkoutIds: voided.map(({ workout_id }) => workout_id)
    }
  }

  async #figuresAfter(athleteKey: Buffer, version: number): Promise<WorkoutFigures[]> {
    const figures: WorkoutFigures[] = []
    for (let after = version; ; ) {
      const rows = await this.#database.query((queries: WorkoutQueries) =>
        figuresAfter(queries, athleteKey, after, FIGURES_AT_ONCE).execute()
      )
      for (const row of rows) figures.push(JSON.parse(row.figures))
      if (rows.length < FIGURES_AT_ONCE) return figures
      after = rows.at(-1)!.sequence
      await breath()
    }
  }

  async #athlete(athleteKey: Buffer): Promise<AthleteVersion | undefined> {
    return this.#database.read(() => this.#database.versions.current(athleteKey))
  }
}

/**
 * Ids are plain text of this service; a text that no row can contain is not queried, because Postgres would report an
 * error.
 */
function isStorable(text: string): boolean {
  return !text.includes('\0')
}

const SELECT_OLDEST = 'SELECT sequence FROM revisions WHERE athlete_key = ? ORDER BY sequence LIMIT ?'
const DELETE_REVISIONS = 'DELETE FROM revisions WHERE athlete_key = ? AND sequence <= ?'

/**
 * Erases an athlete's oldest revisions and the copies kept elsewhere. A completed workout's answer is part of its
 * revision. The oldest go first, so a workout never loses its canonical revision first.
 * @returns the number of erased revisions; fewer than `limit` once nothing is left
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
