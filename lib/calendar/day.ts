const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const FEBRUARY = 2
const DAY_MS = 86_400_000

/** Whether a text is a calendar date as YYYY-MM-DD: 2026-02-30 is not. */
export function isCalendarDate(text: string): boolean {
  if (!DAY.test(text)) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8))
  const isLeapDay = month === FEBRUARY && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return isLeapDay || (day >= 1 && day <= (DAYS_OF_MONTHS[month - 1] ?? 0))
}

/** Cache of the last date: every request asks for the same one. */
let known = { number: Number.NaN, text: '' }

/** The UTC date as YYYY-MM-DD, `days` later or, if negative, earlier. */
export function utcDay(nowMs: number, days = 0): string {
  const number = Math.floor(nowMs / DAY_MS) + days
  if (number !== known.number) known = { number, text: new Date(number * DAY_MS).toISOString().slice(0, 10) }
  return known.text
}
