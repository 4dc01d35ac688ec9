import { isCalendarDate, utcDay } from '../../calendar/day.ts'
import { FIRST_DAY, LAST_DAY } from '../limits.ts'
import type { EvaluationContext } from '../plan.ts'
import type { Problems } from './problems.ts'
import { type JsonObject, readString } from './read.ts'

const DATE_LENGTH = { min: 10, max: 10 }

/** The contexts with a date, its field and its range; one day either way allows for time zones. */
const DATED: readonly {
  readonly context: EvaluationContext
  readonly field: string
  readonly from: (nowMs: number) => string
  readonly to: (nowMs: number) => string
}[] = [
  { context: 'completed', field: 'performed_date', from: () => FIRST_DAY, to: (nowMs) => utcDay(nowMs, 1) },
  { context: 'planned', field: 'planned_for_date', from: (nowMs) => utcDay(nowMs, -1), to: () => LAST_DAY }
]

/** The date that belongs to the context: required by one, forbidden for the others. */
export function readDate(
  problems: Problems,
  body: JsonObject,
  context: EvaluationContext | undefined,
  nowMs: number
): string | undefined {
  let read: string | undefined
  for (const { context: wantedBy, field, from, to } of DATED) {
    const pointer = `/${field}`
    const given = body[field]
    if (given === undefined) {
      if (context !== wantedBy || problems.faulty('', field)) continue
      problems.add(
        pointer,
        'required_for_context',
        `${field} is required when evaluation_context is ${context}.`,
        given
      )
      continue
    }
    if (context !== undefined && context !== wantedBy) {
      const detail = `${field} is only for ${wantedBy} workouts; evaluation_context is ${context}.`
      problems.add(pointer, 'forbidden_for_context', detail, given)
      continue
    }
    const date = readString(problems, body, '', field, DATE_LENGTH)
    if (date === undefined) continue
    if (!isCalendarDate(date)) {
      problems.add(pointer, 'date_invalid', `${field} must be a calendar date such as 2026-02-28.`, date)
      continue
    }
    const [first, last] = [from(nowMs), to(nowMs)]
    if (date >= first && date <= last) {
      if (context === wantedBy) read = date
      continue
    }
    const detail = `${field} must be a date from ${first} to ${last}.`
    problems.add(pointer, 'date_out_of_range', detail, date, { allowed: [first, last] })
  }
  return read
}
