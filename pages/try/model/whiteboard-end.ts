import type { Board } from './board.ts'
import { type Draft, type Line, REST, type Typed } from './draft.ts'
import type { MovementSearch } from './movement-search.ts'
import { timeText } from './time.ts'

/** The draft of a whiteboard that is read to its end. */
export function finished(board: Board, search: MovementSearch): Draft {
  const scheme = board.scheme === '' ? undefined : board.scheme.split('-').length
  const draft = { ...board.draft, ...(scheme !== undefined && { rounds: String(scheme) }) }
  const lines = worn(loaded(onceAndSets(board, draft), board, search), board, search)
  // What was done of a round makes a capped workout an AMRAP.
  const isCapped = draft.format === 'for_time' && board.remainder > 0
  if (draft.format === 'amrap' || isCapped)
    return amrap({ ...draft, format: 'amrap', time: draft.time || board.cap }, lines, board)
  if (board.station !== undefined && lines.length === 1 && draft.rounds === '1')
    return { ...draft, lines, time: draft.time || timeText(board.station) }
  if (board.station !== undefined)
    return {
      ...draft,
      lines,
      format: 'emom',
      isAlternating: true,
      interval: timeText(board.station),
      working: timeText(board.station),
      intervals: String(lines.length * Number(draft.rounds))
    }
  if (board.isTabata && lines.length > 1)
    return { ...draft, lines, isAlternating: true, intervals: String(lines.length * Number(draft.intervals)) }
  const [first] = board.lines
  const isOneLine = board.lines.length === 1 && !board.hasRounds
  if (draft.format === 'emom' && isOneLine && first!.sets !== '') return { ...draft, lines, intervals: first!.sets }
  if (draft.format === 'for_time' && isOneLine && first!.sets !== '') return { ...draft, lines, rounds: first!.sets }
  const times = draft.roundTimes === '' ? 0 : draft.roundTimes.split(' ').length
  return { ...draft, lines, ...(isOneLine && times > 1 && draft.rounds === '1' && { rounds: String(times) }) }
}

/** Lines that are done once have a place in one of the rounds; several sets are all their repetitions. */
function onceAndSets({ lines, hasRounds }: Board, { format, rounds }: Draft): readonly Line[] {
  const count = Number(rounds)
  const isOneLine = lines.length === 1 && !hasRounds
  return lines.map(({ line, sets, once }) => {
    const all = sets === '' || isOneLine ? line : { ...line, reps: String(Number(sets) * Number(line.reps || 1)) }
    if (once === undefined || format !== 'for_time' || count < 2 || all.reps.includes('-')) return all
    const place = once === 'before' ? 0 : count - 1
    return {
      ...all,
      reps: Array.from({ length: count }, (_, round) => (round === place ? all.reps || '1' : '0')).join('-')
    }
  })
}

/** The load that is written for all lines, in those that need one. */
function loaded(lines: readonly Line[], { load }: Board, search: MovementSearch): readonly Line[] {
  if (load === undefined) return lines
  return lines.map((line) => withLoad(line, load, search))
}

/** A line with a load, where it needs one and has none. */
export function withLoad(line: Line, load: Typed, search: MovementSearch): Line {
  const isNeeded = search
    .movement(line.movement)
    ?.inputs.some(({ name, isRequired }) => name === 'external_load' && isRequired)
  if (!isNeeded || line.inputs.external_load !== undefined) return line
  return { ...line, inputs: { ...line.inputs, external_load: load } }
}

/** A vest is worn in every line that can have one. */
function worn(lines: readonly Line[], { vest }: Board, search: MovementSearch): readonly Line[] {
  if (vest === undefined) return lines
  return lines.map((line) => {
    const canWear = search.movement(line.movement)?.inputs.some(({ name }) => name === 'vest_load')
    return canWear ? { ...line, inputs: { ...line.inputs, vest_load: vest } } : line
  })
}

/** The rounds of an AMRAP, and what was done of one: as it is written, or from all repetitions. */
function amrap(draft: Draft, lines: readonly Line[], { total, remainder }: Board): Draft {
  const each = lines.reduce((sum, line) => sum + countIn(line), 0)
  if (total === undefined || each === 0) return { ...draft, lines: withRemainder(lines, remainder) }
  return { ...draft, rounds: String(Math.floor(total / each)), lines: withRemainder(lines, total % each) }
}

/** What a line counts in a score: a calorie is one, a distance is one as a whole. */
function countIn({ movement, reps, inputs }: Line): number {
  if (movement === REST) return 0
  return Number(reps || inputs.calories?.value || 1)
}

/** Repetitions of an unfinished round, from its first line on. */
function withRemainder(lines: readonly Line[], remainder: number): readonly Line[] {
  let left = remainder
  return lines.map((line) => {
    if (left <= 0) return line
    const { calories, travel_distance: distance } = line.inputs
    const done = Math.min(left, countIn(line))
    left -= done
    const isDistance = line.reps === '' && calories === undefined && distance !== undefined
    return { ...line, extra: isDistance ? distance.value : String(done) }
  })
}
