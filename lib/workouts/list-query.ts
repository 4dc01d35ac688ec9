import type { ProblemItem } from '../../schemas/problem.ts'
import type { WorkoutListQuery } from '../../schemas/workouts.ts'
import { isCalendarDate } from '../calendar/day.ts'
import { movementProblem } from '../compute/names/movement-problem.ts'

/** Problems of a list's parameters that their schema cannot express. */
export function listQueryProblems({ cursor, movement, performed_from, performed_to }: WorkoutListQuery): ProblemItem[] {
  const problems: ProblemItem[] = []
  const add = (name: string, code: string, detail: string) => problems.push({ pointer: `query:${name}`, code, detail })
  const unreal = Object.entries({ performed_from, performed_to }).filter(
    ([, date]) => date !== undefined && !isCalendarDate(date)
  )
  for (const [name] of unreal) add(name, 'date_invalid', `${name} must be a calendar date such as 2026-02-28.`)
  const areReversed = performed_from !== undefined && performed_to !== undefined && performed_from > performed_to
  if (unreal.length === 0 && areReversed)
    add('performed_to', 'dates_reversed', 'performed_to must not be before performed_from.')
  const misnamed = typeof movement === 'string' ? movementProblem(movement) : undefined
  if (misnamed !== undefined) problems.push({ pointer: 'query:movement', given: movement, ...misnamed })
  if (cursor !== undefined && placeOf(cursor) === undefined)
    add('cursor', 'cursor_invalid', 'cursor must be the next_cursor of the previous page, unchanged.')
  return problems
}

/** The last workout of a page, after which the next page starts. */
export interface ListPlace {
  /** The date under which the page listed it, whatever a later revision says. */
  readonly performedDate: string
  readonly workoutId: string
}

const PLACE = /^(\d{4}-\d{2}-\d{2})\.([\x21-\x7e]{1,100})$/

/**
 * A list position as an opaque word for URLs. It reveals no more than the page: row numbers would count every purchase
 * of the service.
 */
export function cursorOf({ performedDate, workoutId }: ListPlace): string {
  return Buffer.from(`${performedDate}.${workoutId}`).toString('base64url')
}

/** @returns undefined for an invalid cursor */
export function placeOf(cursor: string): ListPlace | undefined {
  const [, performedDate, workoutId] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (performedDate === undefined || workoutId === undefined) return undefined
  const place = { performedDate, workoutId }
  // Base64 has several encodings of the same bytes.
  return cursorOf(place) === cursor ? place : undefined
}
