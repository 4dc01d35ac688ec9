import { STATUS_CODES } from 'node:http'
import type { ProblemDocument, ProblemItem } from '../../schemas/problem.ts'
import { EventChannel } from '../observe/event-channel.ts'

/** Further members of a problem. */
export interface ProblemExtras {
  /** All problems of the request. */
  readonly errors?: readonly ProblemItem[]
  readonly retryAfterSeconds?: number
  /** The canonical revision, if the request names another. */
  readonly canonicalRevisionId?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** The client-visible description of a failure. */
export interface Problem {
  readonly statusCode: number
  /** Stable, machine-readable. */
  readonly code: string
  /** For the client: what is wrong, where, and what is accepted; never a secret. */
  readonly detail: string
  readonly extras: ProblemExtras
}

/** A failure reported to the client, with a type; one place converts it to an RFC 9457 document. */
export class ProblemError extends Error implements Problem {
  readonly statusCode: number
  readonly code: string
  readonly extras: ProblemExtras

  constructor(statusCode: number, code: string, detail: string, extras: ProblemExtras = {}) {
    const stackTraceLimit = Error.stackTraceLimit
    // A client's mistake has no location in this code, and the stack would be the most expensive part of a free
    // failure.
    if (statusCode < 500) Error.stackTraceLimit = 0
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'ProblemError'
    this.statusCode = statusCode
    this.code = code
    this.extras = extras
  }

  get detail(): string {
    return this.message
  }
}

/** Media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8'

/** Statuses for which the same request may succeed later. */
const RETRYABLE = new Set([408, 409, 429, 500, 503])

/** Members with an athlete's UUID, in a body or a path. Even a mistyped one is almost the key to the records. */
const SECRET_PLACES = ['/athlete_uuid', ':athlete_uuid'] as const

/**
 * The `type` of a problem: the page that explains it.
 * @param publicUrl without a trailing slash
 */
export function problemType(publicUrl: string, code: string): string {
  return `${publicUrl}/docs/errors/${code}`
}

/**
 * The RFC 9457 document of a problem.
 * @param publicUrl the service's own URL
 */
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
  if (item.given === undefined || !SECRET_PLACES.some((place) => item.pointer.endsWith(place))) return item
  const { given: _, ...rest } = item
  return rest
}

/** A rejected or failed request, by its stable code. */
export interface ProblemEvent {
  readonly code: string
  readonly status: number
}

export const problemEvents = new EventChannel<ProblemEvent>('problem')
