import type { ProblemItem } from '../../schemas/problem.ts'
import type { WorkoutListQuery } from '../../schemas/workouts.ts'
import { isCalendarDate } from '../calendar/day.ts'
import { movementProblem } from '../compute/names/movement-problem.ts'
import { placeOf } from './list-cursor.ts'

/** All that is wrong with a list's parameters beyond what their schema says. */
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
