import { STATUS_CODES } from 'node:http'
import type { ProblemDocument, ProblemItem } from '../../schemas/problem.ts'
import type { Problem } from './problem-error.ts'

/** Media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8'

/** Statuses after which the same request may succeed later. */
const RETRYABLE = new Set([408, 409, 429, 500, 503])

/** Where an athlete's UUID belongs, in a body or a path. Even a mistyped one is nearly the key to the records. */
const SECRET_PLACE = /[/:]athlete_uuid$/

/** The `type` of a problem: the page that explains it. @param publicUrl without a slash at its end */
export function problemType(publicUrl: string, code: string): string {
  return `${publicUrl}/docs/errors/${code}`
}

/** The RFC 9457 document of a problem. @param publicUrl what this service calls itself */
export function problemDocument(problem: Problem, publicUrl: string): ProblemDocument {
  const { statusCode: status, code, detail, extras } = problem
  return {
    type: problemType(publicUrl, code),
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    retryable: status === 409 ? extras.retryAfterSeconds !== undefined : RETRYABLE.has(status),
    ...(extras.canonicalRevisionId !== undefined && { canonical_revision_id: extras.canonicalRevisionId }),
    ...(extras.errors && { errors: extras.errors.map(withoutSecret) })
  }
}

function withoutSecret(item: ProblemItem): ProblemItem {
  if (item.given === undefined || !SECRET_PLACE.test(item.pointer)) return item
  const { given: _, ...rest } = item
  return rest
}
