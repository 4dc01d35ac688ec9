import { DatabaseUnavailable } from '../lib/database/database.ts'
import { ProblemError } from '../lib/problems/problem-error.ts'

const RETRY_AFTER_SECONDS = 5

/** The error handler of routes that read or change records: a database that is away is told as such. */
export function tellOutage(error: Error): never {
  if (!(error instanceof DatabaseUnavailable)) throw error
  throw new ProblemError(503, 'records_unavailable', 'The records cannot be reached now. Ask again shortly.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: error
  })
}
