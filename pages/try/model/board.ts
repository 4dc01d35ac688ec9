import type { Line, Typed } from './draft.ts'
import type { Reading } from './whiteboard-heads.ts'

/** A line of the draft, and when it is done. */
export interface ReadLine {
  readonly line: Line
  readonly sets: string
  /** A buy-in is done once before the rounds, a cash-out once after them. */
  readonly once?: 'before' | 'after'
}

/** The whole whiteboard while it is read. */
export interface Board extends Reading {
  lines: ReadLine[]
  /** Of lines that have none of their own: `all at 60 kg`. */
  load: Typed | undefined
  /** Seconds of a station of which each line is one. */
  station: number | undefined
  once: 'before' | 'after' | undefined
  hasRounds: boolean
}
