import type { Evaluation } from '../../schemas/compute-power.ts'
import { DatabaseUnavailable } from '../database/database.ts'
import type { WorkoutContent } from './workout-content.ts'
import type { WorkoutRecord } from './workout-record.ts'
import type { WorkoutStore } from './workout-store.ts'

type Note = Evaluation['notes'][number]

/**
 * What a client is told whose athlete already has a workout of the same day in which the same was done.
 * @param workoutId of the workout that the athlete has
 */
export function duplicateNote(workoutId: string): Note {
  return {
    code: 'possible_duplicate',
    message: `The athlete already has a workout of this day with the same content: ${workoutId}. If it is the same workout, void one of the two.`,
    workout_id: workoutId
  }
}

/**
 * The note for a record that is being sold, where there is one. A database that cannot be asked is no reason to stop:
 * whether the record can be stored is decided where it is stored.
 */
export async function duplicateNotes(
  store: Pick<WorkoutStore, 'duplicateOf'>,
  { athleteKey, performedDate, workoutId }: WorkoutRecord,
  content: WorkoutContent
): Promise<Note[]> {
  try {
    const duplicate = await store.duplicateOf(athleteKey, performedDate, content, workoutId)
    return duplicate === undefined ? [] : [duplicateNote(duplicate)]
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return []
    throw error
  }
}
