import type { CurveQuery } from '../../schemas/curve.ts'
import type { ProblemItem } from '../../schemas/problem.ts'
import { isCalendarDate } from '../calendar/day.ts'

/** Problems of a curve's parameters that their schema cannot express: dates outside the calendar, bounds out of order. */
export function curveQueryProblems(query: CurveQuery): ProblemItem[] {
  const { from_seconds, to_seconds, performed_from, performed_to } = query
  const problems: ProblemItem[] = []
  const add = (name: string, code: string, detail: string, given: unknown) =>
    problems.push({ pointer: `query:${name}`, code, detail, given })
  if (from_seconds >= to_seconds) {
    const detail = `from_seconds must be below to_seconds, which is ${to_seconds}.`
    add('from_seconds', 'window_empty', detail, from_seconds)
  }
  const unreal = Object.entries({ performed_from, performed_to }).filter(
    ([, date]) => date !== undefined && !isCalendarDate(date)
  )
  for (const [name, date] of unreal) {
    add(name, 'date_invalid', `${name} must be a calendar date such as 2026-02-28.`, date)
  }
  const areReversed = performed_from !== undefined && performed_to !== undefined && performed_from > performed_to
  if (unreal.length === 0 && areReversed) {
    const detail = `performed_from must not be after performed_to, which is ${performed_to}.`
    add('performed_from', 'dates_reversed', detail, performed_from)
  }
  return problems
}
