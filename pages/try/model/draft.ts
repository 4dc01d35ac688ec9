/** A value with its unit as it was typed. */
export interface Typed {
  readonly value: string
  readonly unit: string
}

export interface Line {
  readonly id: number
  /** Registry name; empty until one is chosen. */
  readonly movement: string
  /** Per round: `15`, or `21-15-9` for rounds that differ. */
  readonly reps: string
  /** For an AMRAP: the completed part of the last round. */
  readonly extra: string
  readonly inputs: Readonly<Record<string, Typed>>
  /** Coefficients of a stored workout that a revision takes over. */
  readonly overrides?: Readonly<Record<string, number>>
  /** What the reader of a whiteboard took for granted, as a sentence. */
  readonly remark?: string
  /** Registry names that the written name may mean as well. */
  readonly alternatives?: readonly string[]
  /** The load of both hands, if what was written is the load of one. */
  readonly pairLoad?: Typed
}

/** In place of a movement: a turn of an EMOM in which one rests. */
export const REST = 'rest'

export type Format = 'for_time' | 'amrap' | 'emom'

/** A workout as written on a whiteboard. */
export interface Draft {
  /** Such as `Fran`; may be empty. */
  readonly title: string
  readonly format: Format
  readonly lines: readonly Line[]
  /** Of the whole workout, or the cap of an AMRAP. */
  readonly time: string
  readonly rounds: string
  /** Optional: the time of each round. */
  readonly roundTimes: string
  /** Between two rounds; one time for all of them, or one for each. */
  readonly rest: string
  /** Of an EMOM: how long an interval is, how many there are, and how long one works in each. */
  readonly interval: string
  readonly intervals: string
  readonly working: string
  /** Of an EMOM: one line an interval, by turns. */
  readonly isAlternating: boolean
  /** Of a stored workout: what its splits are called. They hold while there are as many rounds. */
  readonly labels: readonly string[]
}

export interface Athlete {
  readonly height: Typed
  readonly bodyMass: Typed
}

export const EXAMPLE_ATHLETE: Athlete = {
  height: { value: '70', unit: 'in' },
  bodyMass: { value: '180', unit: 'lb' }
}

export const EMPTY_DRAFT: Draft = {
  title: '',
  format: 'for_time',
  lines: [],
  time: '',
  rounds: '1',
  roundTimes: '',
  rest: '',
  interval: '1:00',
  intervals: '10',
  working: '0:40',
  isAlternating: false,
  labels: []
}

export const EXAMPLE_DRAFT: Draft = {
  ...EMPTY_DRAFT,
  title: 'Fran',
  rounds: '3',
  lines: [
    { id: 1, movement: 'thruster', reps: '21-15-9', extra: '', inputs: { external_load: { value: '95', unit: 'lb' } } },
    { id: 2, movement: 'pull_up', reps: '21-15-9', extra: '', inputs: {} }
  ],
  time: '4:20',
  roundTimes: '1:50 1:30 1:00'
}

/** An id that no line of a draft has. */
export function nextId({ lines }: Draft): number {
  return lines.reduce((most, { id }) => Math.max(most, id), 0) + 1
}

/** Repetitions of each round: one number for all or one per round. Undefined for other text. */
export function parseReps(text: string): number[] | undefined {
  const words = text.trim()
  if (words === '') return []
  if (!/^\d+(\s*[-–,/ ]\s*\d+)*$/.test(words)) return undefined
  return words.split(/\s*[-–,/ ]\s*/).map(Number)
}
