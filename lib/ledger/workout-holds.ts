import { change, rowOf, type Script } from '../database/script.ts'
import type { WorkoutHolds } from '../workouts/workout-database.ts'

const SELECT_RESERVATION = `
  SELECT 1 FROM payments
  WHERE reserves_workout_id = ? AND state IN ('settling', 'unknown') AND proof_key <> ?`
// A payment whose answer was erased must not be settled.
const FORGET_PENDING = `
  UPDATE payments SET pending_record = NULL, pending_proof = NULL, answer_body = NULL, reserves_workout_id = NULL
  WHERE state IN ('settling', 'unknown') AND pending_record LIKE ?`
const FORGET_ANSWERS = `
  UPDATE payments SET answer_body = NULL, answer_athlete_key = NULL WHERE answer_athlete_key = ?`

/** The holds of payments on workouts: revisions that are settling, and stored answers. */
export const paymentHolds: WorkoutHolds = {
  *isReserved(workoutId: string, exceptProofKey: string): Script<boolean> {
    return (yield* rowOf(SELECT_RESERVATION, workoutId, exceptProofKey)) !== undefined
  },

  *forgetAthlete(athleteKey: Buffer): Script<void> {
    // The key as `recordToJson` writes it; quotes inside strings of the record are escaped.
    yield* change(FORGET_PENDING, `%"athleteKey":"${athleteKey.toString('hex')}"%`)
    yield* change(FORGET_ANSWERS, athleteKey)
  }
}
