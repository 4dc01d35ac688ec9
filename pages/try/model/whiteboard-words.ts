export const ROUNDS =
  /^(\d+)\s*(?:rounds?|rnds?|rds?|rfts?|sets?|x(?=\s*$))\b\s*(?:for time|for quality|each)?\s*(?:of\b)?\s*[:,-]?\s*/i
export const ONCE =
  /^(?:buy[\s-]?in|cash[\s-]?in)\s*[:-]?\s*|^((?:cash|buy)[\s-]?out|finish(?:er)?(?:\s+with)?)\s*[:-]?\s*/i
export const THEN = /^(?:then|straight into)\b\s*[:,-]?\s*/i
/** `Odd:`, `Min 1:`, `A)`, `1)` before a line: the lines take turns. */
export const TURN =
  /^(?:odds?|evens?|(?:min(?:ute)?|station)s?\s*\d+(?:[\s,&/-]+\d+)*|[a-d](?=[:.)])|\d(?=\)))\s*[:.)-]\s*/i
export const TITLE = /^([a-z][a-z' .-]{1,30}?)\s*[:-]\s+(.+)$/i
export const QUOTED = /^"([^"]+)"\s*[:,-]?\s*(.*)$/
export const OPEN = /^(?:(?:crossfit\s+)?open\s+)?\d{2}\.\d[a-c]?$/i
export const DISTANCES: ReadonlySet<string> = new Set(['m', 'km', 'mi', 'yd'])
export const LONGEST_ROW = 400
export const SHOWN_OF_A_ROW = 60
/** Rows that name the implement of all lines. */
export const IMPLEMENT = /^(?:all|both|everything|barbell|bar|weight|load|dumbbells?|db|kettlebells?|kb|men|rx)?$/i
