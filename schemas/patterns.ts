/** Any 8-4-4-4-12 hex form. */
export const UUID_PATTERN = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
/** The form of a date; the calendar check is elsewhere. */
export const DAY_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$'
/** A line of text: no control characters, no line separators, not blank. Matches without backtracking. */
export const LINE_PATTERN =
  '^[ \\u00a0\\u3000]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$'

/** The message for each pattern; a test finds patterns without one. */
export const PATTERN_WORDS: ReadonlyMap<string, string> = new Map([
  [UUID_PATTERN, 'must be a UUID: 8-4-4-4-12 hexadecimal digits'],
  [DAY_PATTERN, 'must be a date written as YYYY-MM-DD, such as 2026-02-28'],
  [LINE_PATTERN, 'must be one line of text without control characters, and not blank']
])
