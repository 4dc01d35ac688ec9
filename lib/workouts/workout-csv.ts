import { stringify } from 'csv-stringify/sync'
import { presentSummary } from './workout-presenter.ts'
import type { ListedWorkout } from './workout-store.ts'

const COLUMNS = [
  'workout_id',
  'revision_id',
  'performed_date',
  'title',
  'duration_seconds',
  'total_work_j',
  'total_work_uncertainty_j',
  'average_power_elapsed_w',
  'average_power_elapsed_uncertainty_w',
  'movements',
  'split_labels',
  'created_at'
]

type Workouts = readonly ListedWorkout[]

/**
 * Workouts as RFC 4180 text, page by page, one line each; column names contain the units. A spreadsheet reads no cell
 * as a formula, whether its separator is a comma, a semicolon or a tab.
 */
export async function* workoutsAsCsv(pages: AsyncIterable<Workouts>): AsyncGenerator<string> {
  yield text([COLUMNS])
  for await (const page of pages) if (page.length > 0) yield text(page.map(row))
}

function row(listed: ListedWorkout): (string | number)[] {
  const workout = presentSummary(listed)
  return [
    workout.workout_id,
    workout.revision_id,
    workout.performed_date,
    line(workout.title ?? ''),
    workout.duration_seconds,
    workout.total_work.value,
    workout.total_work.uncertainty,
    workout.average_power_elapsed.value,
    workout.average_power_elapsed.uncertainty,
    workout.movements.join(' '),
    line((listed.summary.labels ?? []).join(' | ')),
    workout.created_at
  ]
}

/**
 * A client's text in one line. A spreadsheet with semicolons as separator splits a text there, so text after one is
 * escaped like the start of a cell.
 */
function line(words: string): string {
  return words
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .replace(/;(\s*)(?=[=+\-@＝＋－＠])/g, ";$1'")
}

function text(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows as (string | number)[][], { record_delimiter: 'windows', escape_formulas: true })
}
