import type { Selectable } from 'kysely'
import type { Database, Queries } from '../database/database.ts'
import type { Script } from '../database/script.ts'
import type { AthleteVersions } from './athlete-versions.ts'

/** The table of revisions, the same on both engines. */
export interface RevisionsTable {
  /** Increasing over all revisions; unique. */
  sequence: number
  revision_id: string
  workout_id: string
  athlete_key: Buffer
  state: 'canonical' | 'superseded' | 'voided'
  performed_date: string
  /** Sequence of the workout's first revision: its position in lists, unchanged by revisions. */
  workout_sequence: number
  /** The athlete's version that ended it; 0 while canonical, so that a workout has at most one canonical revision. */
  ended_sequence: number
  created_at_ms: number
  ended_at_ms: number | null
  supersedes_revision_id: string | null
  /** The client's text, as a JSON string. */
  reason: string | null
  /** The client's text, as a JSON string. */
  void_reason: string | null
  /** Registry names, each once, each between spaces. */
  movements: string
  /** `WorkoutSummary` as JSON. */
  summary: string
  /** `WorkoutFigures` as JSON, for the curve. */
  figures: string
  request_json: string
  answer_json: string
}

/** A revision row as read. */
export type RevisionRow = Selectable<RevisionsTable>

/** The query builder over the tables that this folder reads. */
export type WorkoutQueries = Queries<{ revisions: RevisionsTable }>

/**
 * Holds of other parts on workouts, read inside the transaction that changes them. Workouts know no payments: the
 * seller of revisions implements this.
 */
export interface WorkoutHolds {
  /**
   * Whether another unfinished revision may still change the workout.
   * @param exceptHolder whose own hold is ignored
   */
  isReserved(workoutId: string, exceptHolder: string): Script<boolean>
  /** Drops all copies of an athlete's requests and answers outside the revisions. */
  forgetAthlete(athleteKey: Buffer): Script<void>
}

/** What a change to workouts reads beside its own rows. */
export interface WorkoutContext {
  readonly versions: AthleteVersions
  readonly holds: WorkoutHolds
}

/** A database that stores workouts. */
export interface WorkoutDatabase extends Database, WorkoutContext {}
