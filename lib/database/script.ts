/** One SQL statement with `?` for each value, in order. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** The wanted result: all rows, the first row, or the number of changed rows. */
  readonly wants: 'rows' | 'row' | 'changes'
}

/**
 * The steps of a transaction: it yields statements and receives their results. Either engine runs it, SQLite within one
 * turn of the event loop.
 */
export type Script<T> = Generator<Statement, T, unknown>

export function* rowsOf<Row>(sql: string, ...parameters: readonly unknown[]): Script<readonly Row[]> {
  return (yield { sql, parameters, wants: 'rows' }) as readonly Row[]
}

export function* rowOf<Row>(sql: string, ...parameters: readonly unknown[]): Script<Row | undefined> {
  return (yield { sql, parameters, wants: 'row' }) as Row | undefined
}

/**
 * Writes.
 * @returns the number of rows inserted, updated or deleted
 */
export function* change(sql: string, ...parameters: readonly unknown[]): Script<number> {
  return (yield { sql, parameters, wants: 'changes' }) as number
}
