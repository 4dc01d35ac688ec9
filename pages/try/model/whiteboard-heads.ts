import type { Draft, Typed } from './draft.ts'
import { parseTime, timeText } from './time.ts'

export const CLOCK = String.raw`(?:\d+:)?\d{1,3}:\d{2}(?:[.,]\d+)?`
const SPAN = String.raw`${CLOCK}|:\d{2}|\d+(?:[.,]\d+)?(?:\s*(?:hours?|h|min(?:ute)?s?|m|'|sec(?:ond)?s?|s|")(?![a-z]))?`
/** A time whose unit is written. */
const SURE_SPAN = String.raw`${CLOCK}|:\d{2}|\d+(?:[.,]\d+)?\s*(?:min(?:ute)?s?|m|'|sec(?:ond)?s?|s|")(?![a-z])`
/** A time behind the format; a bare number there may begin a movement. */
const AFTER = String.raw`${SURE_SPAN}|(?:${SPAN})(?=\s*(?:of\b|[:,;-]|$|x|for\b))`
const COUNT = '(?:rounds?|rds?|rnds?|sets?)'

/** A row that is not in the draft, and why. */
export interface UnreadRow {
  readonly row: string
  readonly reason: string
}

/** What a whiteboard says beside its movements, while it is read. */
export interface Reading {
  draft: Draft
  /** Repetitions of every line that has none of its own, such as `21-15-9`. */
  scheme: string
  /** Repetitions of an unfinished round. */
  remainder: number
  /** Repetitions of a whole AMRAP. */
  total: number | undefined
  cap: string
  vest: Typed | undefined
  /** Each movement of a Tabata has all its intervals. */
  isTabata: boolean
  /** Rows that the form has no place for, with the reason. */
  readonly unread: UnreadRow[]
}

type Read = (reading: Reading, ...groups: (string | undefined)[]) => void

function set(reading: Reading, change: Partial<Draft>): void {
  reading.draft = { ...reading.draft, ...change }
}

/** Whole rows that are no movement. */
const ROWS: readonly (readonly [pattern: RegExp, read: Read])[] = [
  [
    new RegExp(`^(?:(?:times?|splits?|rounds?)\\s*:?\\s*)?(${CLOCK}(?:\\s*[,;/ ]\\s*${CLOCK})+)$`, 'i'),
    (reading, times = '') => set(reading, { roundTimes: times.split(/\s*[,;/ ]\s*/).join(' ') })
  ],
  [
    new RegExp(
      `^(?:(?:time|score|result|finish(?:ed)?|done|@)\\s*[:=-]?\\s*)?(?:in\\s+)?(${CLOCK})\\s*(?:rx\\+?|min(?:ute)?s?)?$`,
      'i'
    ),
    (reading, time) => set(reading, { time: time! })
  ],
  [
    new RegExp(`^(?:total\\s+)?(?:time|finished in|done in)\\s*[:=]?\\s*(${SPAN})$`, 'i'),
    (reading, time) => set(reading, { time: clockOf(time) })
  ],
  [
    new RegExp(
      `^\\(?(?:time\\s*cap|cap|tc)\\s*[:=]?\\s*(${SPAN})\\)?$|^\\(?(${SPAN})[\\s-]*(?:time\\s*)?cap\\)?$`,
      'i'
    ),
    (reading, one, other) => {
      reading.cap = clockOf(one ?? other)
    }
  ],
  [
    new RegExp(`^(?:then\\s+)?rest\\s*:?\\s*(${SPAN})\\b.*$|^(${SPAN})\\s*(?:of\\s*)?rest\\b.*$`, 'i'),
    (reading, one, other) => set(reading, { rest: restOf(one ?? other) })
  ],
  [
    /^(?:score|result|rounds?|dnf|capped)?\s*[:=-]?\s*(?:at\s+)?(\d+)\s*(?:rounds?|rds?|rnds?)?\s*(?:\+|and|plus|&|,)\s*(\d+)\s*(?:extra\s*)?(?:reps?)?$/i,
    (reading, whole, more) => {
      set(reading, { rounds: whole! })
      reading.remainder = Number(more)
    }
  ],
  [
    /^(?:score|result)\s*[:=]?\s*(\d+)\s*(?:rounds?|rds?|rnds?)?$/i,
    (reading, whole) => set(reading, { rounds: whole! })
  ],
  [
    /^(?:score|result|total)\s*[:=]?\s*(\d+)\s*(?:total\s*)?reps?$|^(\d+)\s*(?:total\s*reps?|reps?\s*total)$/i,
    (reading, one, other) => {
      reading.total = Number(one ?? other)
    }
  ],
  [
    /^\(?(?:with (?:a )?|wear(?:ing)? (?:a )?|in (?:a )?)?(\d+(?:[.,]\d+)?)(?:\s*\/\s*\d+(?:[.,]\d+)?)?\s*(lbs?|#|kgs?)\s*(?:weight(?:ed)?\s*)?vest\)?$/i,
    (reading, value, unit) => {
      reading.vest = { value: value!.replace(',', '.'), unit: /^k/i.test(unit!) ? 'kg' : 'lb' }
    }
  ],
  [
    /^(?:(?:reps?|rounds?)\s*:?\s*)?(\d+(?:\s*-\s*\d+)+)(?:\s*(?:reps?|rounds?|for time|of|each))*\s*:?$/i,
    (reading, scheme = '') => {
      reading.scheme = scheme.replace(/\s/g, '')
    }
  ],
  [
    /^(\d{1,2})\s*(?:down\s*)?to\s*1(?:\s*reps?)?$/i,
    (reading, first) => {
      reading.scheme = Array.from({ length: Number(first) }, (_, index) => Number(first) - index).join('-')
    }
  ],
  [
    /^(\d+(?:\s*-\s*\d+)+)\s*-?\s*(?:\.{2,}|…|etc\.?).*$/i,
    (reading, ladder = '') =>
      reading.unread.push({
        row: ladder,
        reason: 'a ladder has no rounds of one size. Write the repetitions that were done, such as 3-6-9-12, for time.'
      })
  ],
  [
    new RegExp(
      `^(?:(\\d+)\\s*(?:x|${COUNT}|${COUNT}\\s*of)?\\s*:?\\s*)?(${SURE_SPAN})\\s*(?:on|work)?\\s*[,/: -]+\\s*(${SURE_SPAN})\\s*(?:off|rest)(?:\\s*(?:x|for)\\s*(\\d+)(?:\\s*${COUNT})?)?$`,
      'i'
    ),
    (reading, before, on, off, after) => {
      const working = secondsOf(on)
      set(reading, {
        format: 'emom',
        working: timeText(working),
        interval: timeText(working + secondsOf(off)),
        ...((before ?? after) && { intervals: before ?? after! })
      })
    }
  ]
]

/** Reads a row that is no movement. @returns whether it was one */
export function readRow(row: string, reading: Reading): boolean {
  for (const [pattern, read] of ROWS) {
    const found = pattern.exec(row)
    if (found === null) continue
    read(reading, ...found.slice(1))
    return true
  }
  return false
}

const IN_WORDS = 'as many (?:rounds|reps)(?: and reps)? as possible'

/** Beginnings of rows that say the format. */
const HEADS: readonly (readonly [pattern: RegExp, read: Read])[] = [
  [
    new RegExp(
      `^(?:(${SPAN})[\\s-]*(?:amrap|${IN_WORDS})|(?:amrap|${IN_WORDS})(?:[\\s-]*(?:in|for|x)?[\\s:-]*(${AFTER}))?)\\s*(?:of\\b)?`,
      'i'
    ),
    (reading, before, after) => set(reading, { format: 'amrap', rounds: '1', time: clockOf(before ?? after) })
  ],
  [
    new RegExp(
      `^(?:(${SPAN})[\\s-]*)?(?:alternating\\s+)?(?:e(\\d+:\\d{2}|\\d*)(s?)m?om|every minute(?: on the minute)?|e(\\d+)(s)(?:ec)?)(?:\\s*(x|for)?\\s*:?\\s*(${AFTER}|\\d+(?=\\s*${COUNT}))(\\s*${COUNT})?)?`,
      'i'
    ),
    (reading, before, every, isSeconds, own, _s, by, after, isCount) => {
      const interval = own !== undefined || isSeconds ? timeText(Number(own ?? every)) : clockOf(every || '1')
      const total = before ?? after
      // Of `E3MOM x 5` there are five; `EMOM x 12` are twelve anyway.
      const isNumber = isCount !== undefined || (by?.toLowerCase() === 'x' && /^\d+$/.test(total ?? ''))
      const count = isNumber ? Number(total) : secondsOf(clockOf(total ?? '10')) / secondsOf(interval)
      set(reading, { format: 'emom', interval, intervals: String(Math.max(1, Math.floor(count))) })
    }
  ],
  [
    new RegExp(`^every\\s+(${SPAN})\\s*,?\\s*(?:(for|x)\\s*:?\\s*(${SPAN})\\s*(${COUNT}|times)?)?`, 'i'),
    (reading, every, by, total, isCount) => {
      const interval = clockOf(every)
      const isNumber = isCount !== undefined || (by?.toLowerCase() === 'x' && /^\d+$/.test(total ?? ''))
      const count = isNumber ? Number(total) : secondsOf(clockOf(total ?? '10')) / secondsOf(interval)
      set(reading, { format: 'emom', interval, intervals: String(Math.max(1, Math.floor(count))) })
    }
  ],
  [
    /^tabata\b(?:\s+(?:this|something else)\b)?/i,
    (reading) => {
      reading.isTabata = true
      set(reading, { format: 'emom', interval: '0:30', intervals: '8', working: '0:20' })
    }
  ],
  [/^(?:for time|time)\s*(?:of)?\s*:/i, () => {}],
  [/^for time(?:\s*of)?/i, () => {}]
]

/** Reads the format at the beginning of a row. @returns the rest of the row; undefined where it has none */
export function readHead(row: string, reading: Reading): string | undefined {
  for (const [pattern, read] of HEADS) {
    const found = pattern.exec(row)
    if (found === null || (/\w$/.test(found[0]) && /^\w/.test(row.slice(found[0].length)))) continue
    read(reading, ...found.slice(1))
    return row.slice(found[0].length).replace(/^\s*(?:of\b|[:,–-])?\s*/i, '')
  }
  return undefined
}

/** A rest and a time after what they belong to: `4 x 500 m row, rest 2:00`, `5 km run 24:30`. */
export function readTail(row: string, reading: Reading): string {
  const rest = new RegExp(
    `[\\s,(]+(?:(?:w/|with)\\s*)?(?:rest\\s*:?\\s*(${SPAN})|(${SPAN})\\s*rest)\\b[^,;]*$`,
    'i'
  ).exec(row)
  if (rest !== null && rest.index > 0) {
    set(reading, { rest: restOf(rest[1] ?? rest[2]) })
    return readTail(row.slice(0, rest.index), reading)
  }
  const every = new RegExp(`[\\s,]+every\\s+(${SPAN})$`, 'i').exec(row)
  if (every !== null) {
    set(reading, { format: 'emom', interval: clockOf(every[1]) })
    return row.slice(0, every.index)
  }
  const rounds = /[\s,]+-?\s*(\d+)\s*(?:rounds?|rds?|rnds?)(?:\s*(?:\+|and)\s*(\d+)(?:\s*reps?)?)?$/i.exec(row)
  if (rounds !== null && rounds.index > 0 && reading.draft.format === 'amrap') {
    set(reading, { rounds: rounds[1]! })
    reading.remainder = Number(rounds[2] ?? 0)
    return row.slice(0, rounds.index)
  }
  const time = new RegExp(`[\\s,:=@-]+(?:in\\s+)?(${CLOCK})\\s*(?:rx)?$`, 'i').exec(row)
  if (time === null || time.index === 0) return row
  set(reading, { time: time[1]! })
  return row.slice(0, time.index)
}

/** A time as it is written beside a format, where a bare number is minutes. */
function clockOf(written = ''): string {
  const text = spelt(written)
  if (text === '') return ''
  return timeText(parseTime(/^\d+(?:[.,]\d+)?$/.test(text) ? `${text} min` : text) ?? 0)
}

/** A rest: a bare number is seconds from 10 on, and minutes below. */
function restOf(written = ''): string {
  const text = spelt(written)
  return /^\d\d+$/.test(text) ? timeText(Number(text)) : clockOf(text)
}

function secondsOf(written = ''): number {
  return parseTime(spelt(written)) ?? 0
}

function spelt(written: string): string {
  return written.trim().replace(/\s*'$/, ' min').replace(/\s*"$/, ' s').replace(/^:/, '0:')
}
