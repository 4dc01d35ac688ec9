/** One SQL statement with `?` for each value, in order. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** What is wanted of it: all rows, the first row, or how many rows it changed. */
  readonly wants: 'rows' | 'row' | 'changes'
}

/**
 * The steps of a transaction: it yields statements and is given what they want. Written once, run by either engine, by
 * SQLite without leaving the turn of the event loop.
 */
export type Script<T> = Generator<Statement, T, unknown>

export function* rowsOf<Row>(sql: string, ...parameters: readonly unknown[]): Script<readonly Row[]> {
  return (yield { sql, parameters, wants: 'rows' }) as readonly Row[]
}

export function* rowOf<Row>(sql: string, ...parameters: readonly unknown[]): Script<Row | undefined> {
  return (yield { sql, parameters, wants: 'row' }) as Row | undefined
}

/** Writes. @returns how many rows were inserted, updated or deleted */
export function* change(sql: string, ...parameters: readonly unknown[]): Script<number> {
  return (yield { sql, parameters, wants: 'changes' }) as number
}
