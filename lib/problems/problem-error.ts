import type { ProblemItem } from '../../schemas/problem.ts'

/** What a problem carries beside its sentence. */
export interface ProblemExtras {
  /** Everything wrong with the request, one by one. */
  readonly errors?: readonly ProblemItem[]
  readonly retryAfterSeconds?: number
  /** What is canonical now, where a revision came too late. */
  readonly canonicalRevisionId?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** What a client is told about a failure. */
export interface Problem {
  readonly statusCode: number
  /** Stable, machine-readable. */
  readonly code: string
  /** Plain words for the client: what was wrong, where, what would be right; never a secret. */
  readonly detail: string
  readonly extras: ProblemExtras
}

/** A failure that a client is told about, typed where it is known; becomes an RFC 9457 document in one place. */
export class ProblemError extends Error implements Problem {
  readonly statusCode: number
  readonly code: string
  readonly extras: ProblemExtras

  constructor(statusCode: number, code: string, detail: string, extras: ProblemExtras = {}) {
    const stackTraceLimit = Error.stackTraceLimit
    // A client's mistake has no place in this code: its stack would be the dearest part of a free failure.
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
