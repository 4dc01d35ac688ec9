import { stringify } from 'csv-stringify/sync'
import type { WorkoutList } from '../../schemas/workouts.ts'

const COLUMNS = [
  'workout_id',
  'revision_id',
  'performed_date',
  'duration_seconds',
  'total_work_j',
  'total_work_uncertainty_j',
  'average_power_elapsed_w',
  'average_power_elapsed_uncertainty_w',
  'movements',
  'created_at'
]

type Workouts = WorkoutList['workouts']

/** Workouts as RFC 4180 text, page by page, one line each; units stand in the names of the columns. */
export async function* workoutsAsCsv(pages: AsyncIterable<Workouts>): AsyncGenerator<string> {
  yield text([COLUMNS])
  for await (const page of pages) if (page.length > 0) yield text(page.map(row))
}

function row(workout: Workouts[number]): (string | number)[] {
  return [
    workout.workout_id,
    workout.revision_id,
    workout.performed_date,
    workout.duration_seconds,
    workout.total_work.value,
    workout.total_work.uncertainty,
    workout.average_power_elapsed.value,
    workout.average_power_elapsed.uncertainty,
    workout.movements.join(' '),
    workout.created_at
  ]
}

function text(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows as (string | number)[][], { record_delimiter: 'windows', escape_formulas: true })
}
