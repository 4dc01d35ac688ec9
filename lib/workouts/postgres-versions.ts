import { change, rowOf, type Script } from '../database/script.ts'
import type { AthleteVersion, Versions } from './versions.ts'

const SELECT_VERSION = 'SELECT version, since FROM athletes WHERE athlete_key = ?'
/** Versions are drawn once the athlete is held, so that they rise in the order in which they are seen. */
export const RENEW_OR_MAKE_ATHLETE = `
  INSERT INTO athletes (athlete_key, version, since)
  SELECT next.athlete_key, next.version, next.version
  FROM (SELECT ?::bytea AS athlete_key, nextval('record_sequence') AS version) AS next
  ON CONFLICT (athlete_key) DO UPDATE SET version = nextval('record_sequence')
  RETURNING athlete_key, version`
const RENEW_ATHLETE = `UPDATE athletes SET version = nextval('record_sequence') WHERE athlete_key = ? RETURNING version`
const FORGET_ATHLETE = 'DELETE FROM athletes WHERE athlete_key = ?'

/** Each athlete has a row, which whoever changes the records holds. */
export const postgresVersions: Versions = {
  current(athleteKey: Buffer): Script<AthleteVersion | undefined> {
    return rowOf<AthleteVersion>(SELECT_VERSION, athleteKey)
  },

  *next(athleteKey: Buffer, makesAthlete: boolean): Script<number | undefined> {
    const sql = makesAthlete ? RENEW_OR_MAKE_ATHLETE : RENEW_ATHLETE
    return (yield* rowOf<{ version: number }>(sql, athleteKey))?.version
  },

  *forget(athleteKey: Buffer): Script<void> {
    yield* change(FORGET_ATHLETE, athleteKey)
  }
}
