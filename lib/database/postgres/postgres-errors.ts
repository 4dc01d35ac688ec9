/** The five characters of SQLSTATE; undefined if the error did not come from the server. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** Class 23: integrity constraint violation. */
export function isRowFault(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('23') === true
}

/** Serialisation failure, deadlock. */
export function isLostRace(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === '40001' || state === '40P01'
}

/** Whether the server as a whole is at fault: no response, no connection, no space, shutting down, read-only. */
export function isOutage(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === undefined || /^(08|53|57P|58)/.test(state) || state === '25006'
}

/** Whether the server accepts no writes but may be readable: read-only, disk full. */
export function isWriteOutage(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === '25006' || state === '53100'
}
