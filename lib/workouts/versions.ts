import type { Script } from '../database/script.ts'

/** How far an athlete's records have come. */
export interface AthleteVersion {
  /** Of the last change. */
  readonly version: number
  /** Of the oldest record there is: what was known at an earlier version is void. */
  readonly since: number
}

/** Versions of athletes' records: they rise, over all athletes, in the order in which they are seen. */
export interface Versions {
  /** @returns undefined for an athlete without records */
  current(athleteKey: Buffer): Script<AthleteVersion | undefined>
  /**
   * The next version, for a change; holds everyone else from changing the athlete's records until the transaction ends.
   * @param makesAthlete false: an athlete without records stays unknown
   * @returns undefined for an athlete without records
   */
  next(athleteKey: Buffer, makesAthlete: boolean): Script<number | undefined>
  /** Nothing is left of the athlete. */
  forget(athleteKey: Buffer): Script<void>
}
