import type { Board } from './board.ts'
import { type Draft, EMPTY_DRAFT, type Typed } from './draft.ts'
import type { MovementSearch } from './movement-search.ts'
import { RowReader } from './row-reader.ts'
import { finished } from './whiteboard-end.ts'
import type { Reading } from './whiteboard-heads.ts'
import type { Customs } from './whiteboard-line.ts'
import { rowsOf } from './whiteboard-text.ts'

/**
 * A whole whiteboard as a draft. Rows that are not understood come back as `unread`, each with the reason; what was taken
 * for granted stands at its line.
 * @param bodyMass for loads such as `1.5x BW`
 */
export function readWhiteboard(
  text: string,
  search: MovementSearch,
  bodyMass?: Typed
): { readonly draft: Draft; readonly unread: Reading['unread'] } {
  const isMetric = /\d\s*(?:kgs?|kilos?|cm)\b/i.test(text) && !/\d\s*(?:lbs?|#|pounds?)/i.test(text)
  const customs: Customs = { massUnit: isMetric ? 'kg' : 'lb', ...(bodyMass && { bodyMass }) }
  const board: Board = {
    draft: EMPTY_DRAFT,
    scheme: '',
    remainder: 0,
    total: undefined,
    cap: '',
    vest: undefined,
    isTabata: false,
    unread: [],
    lines: [],
    load: undefined,
    station: undefined,
    once: undefined,
    hasRounds: false
  }
  const reader = new RowReader(board, search, customs)
  for (const row of rowsOf(text)) reader.read(row)
  return { draft: finished(board, search), unread: board.unread }
}
