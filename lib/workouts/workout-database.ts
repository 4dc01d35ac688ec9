import type { Selectable } from 'kysely'
import type { Database, Queries } from '../database/database.ts'
import type { Script } from '../database/script.ts'
import type { AthleteVersions } from './athlete-versions.ts'

/** The table of workouts' revisions, alike on both engines. */
export interface RevisionsTable {
  /** Rises over all revisions; no value occurs twice. */
  sequence: number
  revision_id: string
  workout_id: string
  athlete_key: Buffer
  state: 'canonical' | 'superseded' | 'voided'
  performed_date: string
  /** Sequence of the workout's first revision: its place in lists, unchanged by revisions. */
  workout_sequence: number
  /** The athlete's version that ended it; 0 while canonical, so that a workout has at most one canonical revision. */
  ended_sequence: number
  created_at_ms: number
  ended_at_ms: number | null
  supersedes_revision_id: string | null
  /** The client's words, as a JSON string. */
  reason: string | null
  /** The client's words, as a JSON string. */
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

/** A revision as it is read. */
export type RevisionRow = Selectable<RevisionsTable>

/** The query builder over the tables that this folder reads. */
export type WorkoutQueries = Queries<{ revisions: RevisionsTable }>

/**
 * What others hold on workouts, asked inside the transaction that changes them. Workouts know no payment: whoever sells
 * revisions implements this.
 */
export interface WorkoutHolds {
  /**
   * Whether somebody else's unfinished revision may yet change the workout.
   * @param exceptHolder whose own hold does not count
   */
  isReserved(workoutId: string, exceptHolder: string): Script<boolean>
  /** Drops every copy of an athlete's requests and answers that is kept outside the revisions. */
  forgetAthlete(athleteKey: Buffer): Script<void>
}

/** What a change to workouts consults beside its own rows. */
export interface WorkoutContext {
  readonly versions: AthleteVersions
  readonly holds: WorkoutHolds
}

/** A database that stores workouts. */
export interface WorkoutDatabase extends Database, WorkoutContext {}
