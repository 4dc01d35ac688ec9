import type { Catalogue } from './catalogue.ts'
import { type Draft, type Line, parseReps, type Typed } from './draft.ts'
import { parseTime, parseTimes } from './time.ts'

export interface Quantity {
  readonly value: number
  readonly unit: string
}

/** A whiteboard that is read, and where its problems go. */
export interface Plan {
  readonly draft: Draft
  readonly catalogue: Catalogue
  readonly tell: (field: string, detail: string) => void
  readonly lines: readonly Line[]
}

/** Repetitions of each round; empty where none are written, undefined where they cannot be read. */
export function repsOf({ tell }: Plan, line: Line): number[] | undefined {
  const reps = parseReps(line.reps)
  if (reps === undefined) tell(`line:${line.id}:reps`, 'Write a number, or one for each round, such as 21-15-9.')
  return reps
}

/** Repetitions of one round. @param round from 0 */
export function repsIn(reps: readonly number[], round: number, rounds: number): number | undefined {
  return reps.length > 1 && reps.length === rounds ? reps[round] : (reps[round] ?? reps[0])
}

/** The rest after each round; none after the last one, unless each round has its own. */
export function restsOf({ draft, tell }: Plan, count: number | undefined): number[] | undefined {
  const rests = parseTimes(draft.rest)
  if (rests === undefined) tell('rest', 'Write a time such as 1:30, or one for each rest.')
  if (rests === undefined || count === undefined || rests.length === 0) return rests
  if (rests.length === count - 1 || rests.length === count) return rests
  if (rests.length === 1) return Array.from({ length: count - 1 }, () => rests[0]!)
  tell('rest', `There are ${count} rounds and ${rests.length} rests.`)
  return undefined
}

/** Seconds of each round; empty where none are written, undefined where they do not fit. */
export function roundTimesOf({ draft, tell }: Plan, count: number | undefined): number[] | undefined {
  const times = parseTimes(draft.roundTimes)
  if (times === undefined) {
    tell('roundTimes', 'Write times such as 1:50 1:30 1:00.')
    return undefined
  }
  if (times.length > 0 && count !== undefined && times.length !== count) {
    tell('roundTimes', `There are ${count} rounds and ${times.length} times.`)
    return undefined
  }
  return times
}

/** A time that is needed, in seconds. */
export function timeOf(text: string, field: string, tell: Plan['tell']): number | undefined {
  const seconds = parseTime(text)
  if (seconds === undefined || seconds <= 0)
    tell(field, text.trim() === '' ? 'A time is needed, such as 4:30.' : 'Write a time such as 4:30.')
  return seconds === undefined || seconds <= 0 ? undefined : seconds
}

/** A whole number that is needed, from 1 to 1000. */
export function countOf(text: string, field: string, tell: Plan['tell']): number | undefined {
  const count = Number(text.trim())
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count
  tell(field, 'A whole number is needed.')
  return undefined
}

/** A value that is needed, with its unit. */
export function quantityOf({ value, unit }: Typed, field: string, tell: Plan['tell']): Quantity | undefined {
  const number = Number(value.trim().replace(',', '.'))
  if (value.trim() !== '' && Number.isFinite(number)) return { value: number, unit }
  tell(field, value.trim() === '' ? 'A value is needed.' : 'This is not a number.')
  return undefined
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
