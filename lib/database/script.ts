/** One SQL statement with `?` for each value, in order. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** Whether more than the first row is wanted. */
  readonly wantsAll: boolean
}

/**
 * The steps of a transaction: it yields statements and is given their rows. Written once, run by either engine, by
 * SQLite without leaving the turn of the event loop.
 */
export type Script<T> = Generator<Statement, T, readonly unknown[]>

export function* rowsOf<Row>(sql: string, ...parameters: readonly unknown[]): Script<readonly Row[]> {
  return (yield { sql, parameters, wantsAll: true }) as readonly Row[]
}

export function* rowOf<Row>(sql: string, ...parameters: readonly unknown[]): Script<Row | undefined> {
  return (yield { sql, parameters, wantsAll: false })[0] as Row | undefined
}

/** Whether a statement that ends in `RETURNING` touched a row. */
export function* touches(sql: string, ...parameters: readonly unknown[]): Script<boolean> {
  return (yield { sql, parameters, wantsAll: false }).length > 0
}
