import { ProblemError } from '../problems/problem-error.ts'

/** What a client is told that asks too often. */
export function tooManyRequests(retryAfterSeconds: number): ProblemError {
  return new ProblemError(429, 'too_many_requests', 'Too many requests came from your address.', { retryAfterSeconds })
}
