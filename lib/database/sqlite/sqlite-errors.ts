/** Primary result codes: SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const STORAGE_FAULTS: readonly (number | undefined)[] = [8, 10, 13, 14]
const SQLITE_CONSTRAINT = 19

/** Whether the file system rejected a write: read-only, full, or failing. */
export function isStorageFault(error: unknown): boolean {
  return STORAGE_FAULTS.includes(primaryCode(error))
}

/** Whether the written row is at fault and the database is healthy. */
export function isConstraintFailure(error: unknown): boolean {
  return primaryCode(error) === SQLITE_CONSTRAINT
}

/** The low byte of the extended code. */
function primaryCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number }
  return errcode === undefined ? undefined : errcode & 0xff
}
