import type { Board } from './board.ts'
import { needsReps, readable } from './catalogue.ts'
import { type Line, REST, type Typed } from './draft.ts'
import { lineFor } from './line-for.ts'
import { likelyMovements, namedMovement } from './movement-choice.ts'
import type { MovementSearch } from './movement-search.ts'
import { withLoad } from './whiteboard-end.ts'
import { readHead, readRow, readTail } from './whiteboard-heads.ts'
import { type Customs, readLine, type WrittenLine } from './whiteboard-line.ts'
import { partsOf } from './whiteboard-text.ts'
import {
  DISTANCES,
  IMPLEMENT,
  LONGEST_ROW,
  ONCE,
  OPEN,
  QUOTED,
  ROUNDS,
  SHOWN_OF_A_ROW,
  THEN,
  TITLE,
  TURN
} from './whiteboard-words.ts'

/** Reads the rows of one whiteboard, one after the other. */
export class RowReader {
  readonly #board: Board
  readonly #search: MovementSearch
  readonly #customs: Customs
  /** `21-15-9` of a part holds for the parts behind it on the row. */
  #rowScheme = ''

  constructor(board: Board, search: MovementSearch, customs: Customs) {
    this.#board = board
    this.#search = search
    this.#customs = customs
  }

  /** Reads a row, or what is left of one behind a format. */
  read(row: string): void {
    const board = this.#board
    // The search for parts and amounts grows with the cube of the length.
    if (row.length > LONGEST_ROW) {
      board.unread.push({
        row: `${row.slice(0, SHOWN_OF_A_ROW)}…`,
        reason: 'it is too long: write a line for each movement.'
      })
      return
    }
    if (row === '' || this.#readStation(row) || this.#readInterval(row)) return
    if (readRow(row, board)) return
    const rest = this.#readBeginning(row) ?? readHead(row, board)
    if (rest !== undefined) return this.read(rest)
    const [, title = '', more = ''] = TITLE.exec(row) ?? []
    if (board.lines.length === 0 && board.draft.title === '') {
      if (OPEN.test(row)) return this.#setTitle(row)
      const [, quoted, rest = ''] = QUOTED.exec(row) ?? []
      if (quoted !== undefined) {
        this.#setTitle(quoted)
        return this.read(rest)
      }
      if (title !== '' && !this.#isMovement(title)) {
        this.#setTitle(title)
        return this.read(more)
      }
    }
    const whole = readTail(row, board)
    this.#rowScheme = ''
    const before = board.lines.length
    for (const part of partsOf(whole, (text) => this.#isWhole(text))) this.#readPart(part)
    this.#shareLoad(before)
  }

  /** `1 power clean + 1 hang clean + 1 jerk @ 80 kg` is one load. */
  #shareLoad(first: number): void {
    const { lines } = this.#board
    const load = lines.at(-1)?.line.inputs.external_load
    if (load === undefined || lines.length - first < 2) return
    this.#board.lines = lines.map((one, index) =>
      index >= first ? { ...one, line: withLoad(one.line, load, this.#search) } : one
    )
  }

  #setTitle(title: string): void {
    this.#board.draft = { ...this.#board.draft, title }
  }

  /** `1 min rest` among stations, and `4) rest` among turns. */
  #readStation(row: string): boolean {
    const board = this.#board
    const turn = TURN.exec(row)?.[0] ?? ''
    const isRest = /^(?:\d+\s*min(?:ute)?s?\s*)?(?:of\s*)?rest\.?$/i.test(row.slice(turn.length))
    if (!isRest || (turn === '' && board.station === undefined)) return false
    board.draft = { ...board.draft, isAlternating: true }
    const line: Line = { id: board.lines.length + 1, movement: REST, reps: '', extra: '', inputs: {} }
    board.lines.push({ line, sets: '' })
    return true
  }

  /** `20 20 19 18` under the movement of intervals. */
  #readInterval(row: string): boolean {
    const { draft, lines } = this.#board
    const last = lines.at(-1)
    if (draft.format !== 'emom' || last === undefined || !/^\d+(?:[\s,]+\d+)+$/.test(row)) return false
    const counts = row.split(/[\s,]+/)
    lines[lines.length - 1] = { ...last, line: { ...last.line, reps: counts.join('-') } }
    return true
  }

  /** Rounds, buy-ins, turns. @returns the rest of the row; undefined where it begins otherwise */
  #readBeginning(row: string): string | undefined {
    const board = this.#board
    const rounds = ROUNDS.exec(row)
    if (rounds !== null && board.draft.format !== 'amrap') {
      const rest = row.slice(rounds[0].length)
      if (board.hasRounds || (rest !== '' && !this.#isRead(rest))) {
        const reason = board.hasRounds ? 'a second part is a workout of its own.' : 'its movements are not written.'
        board.unread.push({ row, reason })
        return ''
      }
      board.hasRounds = true
      board.draft =
        board.draft.format === 'emom'
          ? { ...board.draft, intervals: rounds[1]! }
          : { ...board.draft, rounds: rounds[1]! }
      // What is written above the rounds is done once.
      board.lines = board.lines.map((line) => ({ ...line, once: line.once ?? 'before' }))
      board.once = undefined
      return rest
    }
    if (rounds !== null && board.lines.length > 0 && rounds[0].length === row.length) {
      board.draft = { ...board.draft, rounds: rounds[1]! }
      return ''
    }
    const once = ONCE.exec(row)
    if (once !== null) {
      board.once = once[1] === undefined ? 'before' : 'after'
      return row.slice(once[0].length)
    }
    const then = THEN.exec(row)
    if (then !== null) {
      if (board.hasRounds && !ROUNDS.test(row.slice(then[0].length))) board.once = 'after'
      return row.slice(then[0].length)
    }
    const turn = TURN.exec(row)
    if (turn === null) return undefined
    if (board.draft.format === 'emom') board.draft = { ...board.draft, isAlternating: true }
    return row.slice(turn[0].length)
  }

  /** Whether what follows on a row can be read at all. */
  #isRead(text: string): boolean {
    const { name } = readLine(text, this.#customs)
    if (readRow(text, { ...this.#board, unread: [] })) return true
    return IMPLEMENT.test(name) || partsOf(text, (part) => this.#isWhole(part)).some((part) => this.#isMovement(part))
  }

  #isMovement(text: string): boolean {
    return this.#search.named(readLine(text, this.#customs).name).kind !== 'unknown'
  }

  #isWhole(text: string): boolean {
    return this.#isMovement(text) || readRow(text, { ...this.#board, unread: [] })
  }

  #readPart(part: string): void {
    const board = this.#board
    if (readRow(part, board)) return
    const written = readLine(part, this.#customs)
    if (written.reps.includes('-')) this.#rowScheme = written.reps
    if (this.#readAmounts(written)) return
    const { kind, nearest, reason } = namedMovement(this.#search, written.name)
    const isNumbered = written.reps !== '' || written.sets !== '' || written.amounts.length > 0 || board.scheme !== ''
    if (kind === 'unmeasured') {
      board.unread.push({ row: part, reason: `it is not measured: ${reason}.` })
      return
    }
    if (kind === 'unknown' && (nearest.length === 0 || !isNumbered)) {
      const isTitle = board.lines.length === 0 && board.draft.title === '' && !/\d/.test(part)
      if (isTitle) this.#setTitle(part)
      else board.unread.push({ row: part, reason: this.#unknownReason(nearest) })
      return
    }
    this.#add(written, likelyMovements(this.#search, nearest, this.#hasLoad(written)), kind === 'unknown')
  }

  #unknownReason(nearest: readonly string[]): string {
    const names = nearest.map(readable)
    return names.length > 0 ? `no movement has this name. Near it: ${names.join(', ')}.` : 'no movement has this name.'
  }

  /** Amounts without a movement: of the line above, or of all of them. */
  #readAmounts(written: WrittenLine): boolean {
    const { name, reps, sets, amounts, bare, loads } = written
    const board = this.#board
    if (!IMPLEMENT.test(name)) return false
    const last = board.lines.at(-1)
    const masses = amounts.filter(({ unit }) => unit === 'kg' || unit === 'lb')
    const mass = masses[0]
    const first = bare[0]
    const load = mass ?? (first === undefined ? undefined : { value: first, unit: this.#customs.massUnit })
    const isOpen = last !== undefined && last.line.reps === '' && this.#isCounted(last.line)
    const each = loads ?? (masses.length > 1 ? masses : undefined)
    if (name === '' && isOpen && each !== undefined) {
      board.lines.pop()
      // `3 @ 80 kg, 2 @ 90 kg`
      const counts = bare.length === each.length - 1 ? [reps, ...bare].join('-') : reps
      this.#addSets({ ...written, reps: counts, bare: [] }, each, [last.line.movement], false)
      return true
    }
    if (name === '' && (sets !== '' || reps !== '') && isOpen) {
      const inputs = load === undefined ? last.line.inputs : { ...last.line.inputs, external_load: load }
      board.lines[board.lines.length - 1] = { ...last, sets, line: { ...last.line, reps, inputs } }
      return true
    }
    if (load === undefined || reps !== '') return false
    board.load = load
    return true
  }

  #isCounted({ movement, inputs }: Line): boolean {
    const known = this.#search.movement(movement)
    return known !== undefined && needsReps(known, Object.keys(inputs))
  }

  #hasLoad({ amounts, bare }: WrittenLine): boolean {
    return bare.length > 0 || this.#board.load !== undefined || amounts.some(({ unit }) => /^(?:kg|lb)$/.test(unit))
  }

  /** @param nearest registry names that the name may mean, the chosen one first */
  #add(written: WrittenLine, names: readonly string[], isGuess: boolean): void {
    if (written.loads !== undefined) return this.#addSets(written, written.loads, names, isGuess)
    const distances = written.amounts.filter(({ unit }) => DISTANCES.has(unit))
    if (distances.length > 1 && this.#search.movement(names[0]!)?.per.startsWith('distance')) {
      // `Row: 500 m, 400 m, 300 m`
      for (const distance of distances) this.#add({ ...written, amounts: [distance] }, names, isGuess)
      return
    }
    const [chosen, ...others] = names
    const board = this.#board
    const hasOwn = written.amounts.length > 0 && written.sets !== ''
    const reps = written.reps || (hasOwn ? '' : board.scheme || this.#rowScheme)
    const last = board.lines.at(-1)
    // `Tabata row`, and below it what is done.
    if (last !== undefined && last.line.movement === chosen && last.line.reps === '' && !hasInputs(last.line))
      board.lines.pop()
    const line = lineFor(this.#search.movement(chosen!)!, { ...written, reps }, board.lines.length + 1, this.#customs)
    const words = isGuess
      ? `No movement is called “${written.name}”; this is the nearest.`
      : others.length > 0 && `“${written.name}” may also mean ${others.map(readable).join(' or ')}.`
    const remark = [words, line.remark].filter(Boolean).join(' ')
    board.lines.push({
      line: { ...line, ...(remark !== '' && { remark }), ...(others.length > 0 && { alternatives: others }) },
      sets: written.sets,
      ...(board.once && { once: board.once })
    })
    if (written.seconds !== undefined && written.reps === '') board.station = written.seconds
  }

  /** A line for each set, where each has a load of its own. */
  #addSets(written: WrittenLine, loads: readonly Typed[], names: readonly string[], isGuess: boolean): void {
    const { loads: _, ...shared } = written
    const reps = (written.reps || this.#board.scheme).split('-')
    for (const [index, load] of loads.entries())
      this.#add({ ...shared, sets: '', reps: reps[index] ?? reps[0]!, amounts: [load] }, names, isGuess)
  }
}

function hasInputs({ inputs }: Line): boolean {
  return Object.keys(inputs).length > 0
}
