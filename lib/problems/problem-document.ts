import { STATUS_CODES } from 'node:http'
import type { ProblemDocument } from '../../schemas/problem.ts'
import type { ProblemError } from './problem-error.ts'

/** Media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8'

/** Statuses after which the same request may succeed later. */
const RETRYABLE = new Set([408, 409, 429, 500, 503])

/** The RFC 9457 document of a problem. */
export function problemDocument(problem: ProblemError): ProblemDocument {
  const { statusCode: status, code, message: detail, extras } = problem
  return {
    type: `urn:power-oracle:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    retryable: status === 409 ? extras.retryAfterSeconds !== undefined : RETRYABLE.has(status),
    ...(extras.canonicalRevisionId !== undefined && { canonical_revision_id: extras.canonicalRevisionId }),
    ...(extras.errors && { errors: [...extras.errors] })
  }
}
