/** Any 8-4-4-4-12 hex form. */
export const UUID_PATTERN = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
/** The form of a day; whether the calendar has it is checked elsewhere. */
export const DAY_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$'

/** What a text that fails a pattern is told to be; a test finds patterns without words. */
export const PATTERN_WORDS: ReadonlyMap<string, string> = new Map([
  [UUID_PATTERN, 'must be a UUID: 8-4-4-4-12 hexadecimal digits'],
  [DAY_PATTERN, 'must be a day written as YYYY-MM-DD, such as 2026-02-28']
])
