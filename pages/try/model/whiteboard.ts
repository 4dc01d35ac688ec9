import { type Draft, EMPTY_DRAFT, type Line } from './draft.ts'
import type { MovementSearch } from './movement-search.ts'
import { parseTime, timeText } from './time.ts'
import { lineFor, readLine } from './whiteboard-line.ts'

const TIME = String.raw`(?:\d+:)?\d{1,2}:\d{2}|\d+(?:[.,]\d+)?(?:\s*(?:hours?|h|min(?:ute)?s?|m|['′]|sec(?:ond)?s?|s)(?![a-z]))?`

const SCHEME = /^(\d+(?:\s*[-–]\s*\d+)+)(?:\s*(?:reps?|rounds?|for time|of|each))*\s*:?$/i
const AMRAP = new RegExp(String.raw`^(?:(${TIME})[\s-]*)?amrap(?:\s*(?:in|for)?\s*(${TIME}))?\s*(?:of)?\s*:?`, 'i')
const EMOM = new RegExp(String.raw`^(?:(${TIME})[\s-]*)?e(\d+:\d{2}|\d*)mom(?:\s*(?:for|x|×)?\s*(${TIME}))?\s*:?`, 'i')
const EVERY = new RegExp(String.raw`^every\s+(${TIME})\s*(?:for|x|×)\s*(${TIME})\s*(rounds?|sets?)?\s*:?`, 'i')
const ROUNDS = /^(\d+)\s*(?:rounds?|rds?|rft)\b\s*(?:for time)?\s*(?:of)?\s*:?/i
const FOR_TIME = /^for time\s*(?:of)?\s*:?/i
const REST = new RegExp(String.raw`^rest\s*:?\s*(${TIME})\b.*$`, 'i')
const SCORE = /^(?:score|result)?\s*[:=]?\s*(\d+)\s*(?:rounds?|rds?)?\s*\+\s*(\d+)\s*(?:reps?)?$/i
const DONE_IN = /^(?:time|score|result)?\s*[:=]?\s*((?:\d+:)?\d{1,2}:\d{2})\s*(?:rx)?$/i
const VEST = /^(?:with (?:a )?)?(\d+(?:[.,]\d+)?)\s*(lb|lbs|kg)\s*(?:weight )?vest$/i
/** `Odd:`, `Min 1:`, `A)` before a line: the lines take turns. */
const TURN = /^(?:odd|even|min(?:ute)?\s*\d+|[a-d](?=[:.)]))\s*[:.)-]\s*/i

interface Reading {
  draft: Draft
  scheme: string
  remainder: number
  vest: { readonly value: string; readonly unit: string } | undefined
}

/** A whole whiteboard as a draft; lines whose movement is not found come back as `unread`. */
export function readWhiteboard(text: string, search: MovementSearch): { draft: Draft; unread: string[] } {
  const reading: Reading = { draft: EMPTY_DRAFT, scheme: '', remainder: 0, vest: undefined }
  const lines: Line[] = []
  const unread: string[] = []
  const rows = text.split('\n').flatMap((row) => row.split(/[,;]\s+(?=\d)/))
  for (const row of rows.map((one) => one.trim())) {
    const rest = readHead(row, reading)
    if (rest === '') continue
    const written = readLine(rest)
    const movement = search.exact(written.name) ?? search.find(written.name, 1)[0]
    if (movement !== undefined) {
      lines.push(lineFor(movement, { ...written, reps: written.reps || reading.scheme }, lines.length + 1))
      if (written.sets !== '') reading.draft = { ...reading.draft, rounds: written.sets }
    } else if (lines.length === 0 && reading.draft.title === '' && !/\d/.test(row)) {
      reading.draft = { ...reading.draft, title: row }
    } else unread.push(row)
  }
  const { draft, scheme, remainder, vest } = reading
  const rounds = scheme === '' ? draft.rounds : String(scheme.split('-').length)
  return { draft: { ...draft, rounds, lines: withRemainder(withVest(lines, vest, search), remainder) }, unread }
}

/** Reads what is not a movement. @returns what is left of the row */
function readHead(row: string, reading: Reading): string {
  const set = (change: Partial<Draft>) => {
    reading.draft = { ...reading.draft, ...change }
  }
  const [, time] = DONE_IN.exec(row) ?? []
  if (time !== undefined) {
    set({ time })
    return ''
  }
  const [, rest] = REST.exec(row) ?? []
  if (rest !== undefined) {
    set({ rest: clockOf(rest) })
    return ''
  }
  const [, whole, more] = SCORE.exec(row) ?? []
  if (whole !== undefined) {
    set({ rounds: whole })
    reading.remainder = Number(more)
    return ''
  }
  const [, value, unit] = VEST.exec(row) ?? []
  if (value !== undefined) {
    reading.vest = { value: value.replace(',', '.'), unit: unit!.toLowerCase().replace('lbs', 'lb') }
    return ''
  }
  const [, scheme] = SCHEME.exec(row) ?? []
  if (scheme !== undefined) {
    reading.scheme = scheme.replace(/[^\d–-]/g, '').replace(/–/g, '-')
    return ''
  }
  const head = readFormat(row, set)
  if (head !== undefined) return row.slice(head.length).trim()
  if (!TURN.test(row)) return row
  set({ isAlternating: true })
  return row.replace(TURN, '')
}

/** Reads the format at the beginning of a row. @returns the text that says it */
function readFormat(row: string, set: (change: Partial<Draft>) => void): string | undefined {
  const amrap = AMRAP.exec(row)
  if (amrap !== null) {
    set({ format: 'amrap', rounds: '1', time: clockOf(amrap[1] ?? amrap[2]) })
    return amrap[0]
  }
  const emom = EMOM.exec(row)
  if (emom !== null) {
    const interval = clockOf(emom[2] || '1')
    const total = parseTime(clockOf(emom[1] ?? emom[3] ?? '10')) ?? 0
    set({ format: 'emom', interval, intervals: String(Math.floor(total / parseTime(interval)!)) })
    return emom[0]
  }
  const every = EVERY.exec(row)
  if (every !== null) {
    const [head, interval, total, isCount] = every
    const count = isCount === undefined ? parseTime(clockOf(total))! / parseTime(clockOf(interval))! : Number(total)
    set({ format: 'emom', interval: clockOf(interval), intervals: String(Math.floor(count)) })
    return head
  }
  const rounds = ROUNDS.exec(row)
  if (rounds !== null) {
    set({ rounds: rounds[1]! })
    return rounds[0]
  }
  return FOR_TIME.exec(row)?.[0]
}

/** A time as it is written beside a format, where a bare number is minutes. */
function clockOf(written = ''): string {
  const text = written.trim().replace(/\s*['′]$/, ' min')
  if (text === '') return ''
  return timeText(parseTime(/^\d+(?:[.,]\d+)?$/.test(text) ? `${text} min` : text) ?? 0)
}

/** A vest is worn in every line that can have one. */
function withVest(lines: readonly Line[], vest: Reading['vest'], search: MovementSearch): readonly Line[] {
  if (vest === undefined) return lines
  return lines.map((line) => {
    const canWear = search.exact(line.movement)?.inputs.some(({ name }) => name === 'vest_load')
    return canWear ? { ...line, inputs: { ...line.inputs, vest_load: vest } } : line
  })
}

/** Repetitions of an unfinished round, from its first line on; a distance counts as one, a calorie as one each. */
function withRemainder(lines: readonly Line[], remainder: number): readonly Line[] {
  let left = remainder
  return lines.map((line) => {
    if (left <= 0) return line
    const { calories, travel_distance: distance } = line.inputs
    const whole = Number(line.reps || calories?.value || 1)
    const done = Math.min(left, whole)
    left -= done
    const isDistance = line.reps === '' && calories === undefined && distance !== undefined
    return { ...line, extra: isDistance ? distance.value : String(done) }
  })
}
