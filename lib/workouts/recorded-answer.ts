import type { ComputePowerAnswer, Evaluation } from '../../schemas/compute-power.ts'
import { DatabaseUnavailable } from '../database/database.ts'
import type { WorkoutContent } from './workout-content.ts'
import type { WorkoutRecord } from './workout-record.ts'
import type { WorkoutStore } from './workout-store.ts'
import { movementsOf } from './workout-summary.ts'

type Note = Evaluation['notes'][number]
type DuplicateSearch = Pick<WorkoutStore, 'duplicateOf'>

/**
 * The note that the athlete already has a workout with the same date and content.
 * @param workoutId of the stored workout
 */
export function duplicateNote(workoutId: string): Note {
  return {
    code: 'possible_duplicate',
    message: `The athlete already has a workout of this day with the same content: ${workoutId}. If it is the same workout, void one of the two.`,
    workout_id: workoutId
  }
}

/**
 * The answer of a workout that is stored once it is paid: its ids, its figures, and a note where the athlete already has
 * the same workout.
 * @param content what was done, as the request says it
 */
export async function recordedAnswer(
  store: DuplicateSearch,
  record: WorkoutRecord,
  { results, notes, model }: Evaluation,
  content: WorkoutContent
): Promise<ComputePowerAnswer> {
  const { workoutId, revisionId } = record
  const duplicate = await duplicateNotes(store, record, content)
  return { workout_id: workoutId, revision_id: revisionId, results, notes: [...notes, ...duplicate], model }
}

/**
 * The duplicate note for a record that is being sold, if any. An unavailable database does not stop the sale here:
 * storing the record decides.
 */
async function duplicateNotes(
  store: DuplicateSearch,
  { athleteKey, performedDate, figures, requestJson, workoutId: exceptWorkoutId }: WorkoutRecord,
  content: WorkoutContent
): Promise<Note[]> {
  const movements = movementsOf(figures)
  try {
    const duplicate = await store.duplicateOf({
      athleteKey,
      performedDate,
      movements,
      content,
      requestJson,
      exceptWorkoutId
    })
    return duplicate === undefined ? [] : [duplicateNote(duplicate)]
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return []
    throw error
  }
}
