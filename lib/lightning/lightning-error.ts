/**
 * `unavailable`: down, locked or starting. `timeout`: no answer within the limit. `busy`: too many requests wait.
 * `auth`: certificate or macaroon not accepted. `refused`: the node rejects the call. `mismatch`: not the requested
 * invoice.
 */
export type LightningErrorCode = 'unavailable' | 'timeout' | 'refused' | 'busy' | 'mismatch' | 'auth'

/** The only error of a Lightning adapter. Message and `cause` contain no key, preimage, macaroon or invoice. */
export class LightningError extends Error {
  override readonly name = 'LightningError'
  readonly code: LightningErrorCode

  constructor(code: LightningErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause: harmlessCause(cause) })
    this.code = code
  }

  /** For logs: the node's own text, if any. */
  get reason(): string {
    return this.cause instanceof Error ? this.cause.message : this.message
  }
}

const CODES: ReadonlyArray<[RegExp, LightningErrorCode]> = [
  // A wrong or expired certificate is reported as UNAVAILABLE, a bad macaroon as UNKNOWN: only the text distinguishes
  // them.
  [/certificate|macaroon|permission denied|verification failed|unauthenticated/i, 'auth'],
  [/wallet locked|wallet not created|starting up|unknown service|not yet ready/i, 'unavailable']
]

const GRPC_CODES: Readonly<Record<number, LightningErrorCode>> = {
  1: 'unavailable',
  4: 'timeout',
  7: 'auth',
  8: 'busy',
  14: 'unavailable',
  16: 'auth'
}

/** Converts the rejection of a call to a `LightningError`: a gRPC error, or ln-service's `[code, name, {err}]`. */
export function toLightningError(thrown: unknown): LightningError {
  if (thrown instanceof LightningError) return thrown
  const error = Array.isArray(thrown) ? (thrown[2]?.err ?? { details: String(thrown[1]) }) : thrown
  const { code, details } = errorFields(error)
  const byText = CODES.find(([pattern]) => pattern.test(details))?.[1]
  const known = byText ?? GRPC_CODES[code] ?? (code >= 0 ? 'refused' : 'unavailable')
  return new LightningError(known, `the Lightning node's call failed: ${known}`, error)
}

/** Throws the error of a call that exceeded its time limit. */
export function noAnswer(): never {
  throw new LightningError('timeout', 'the node did not respond in time')
}

function errorFields(error: unknown): { code: number; details: string } {
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>
  const details = fields.details ?? fields.message ?? ''
  return { code: typeof fields.code === 'number' ? fields.code : -1, details: String(details) }
}

/** A new error with only a short text: the original's metadata and stack could contain request fields. */
function harmlessCause(cause: unknown): Error {
  const { code, details } = errorFields(cause)
  const text = details.replace(/ln(bc|tb|sb)\w{20,}|[\w+/=-]{32,}/gi, '[removed]').slice(0, 200)
  const harmless = new Error(code >= 0 ? `${code}: ${text}` : text)
  delete harmless.stack
  return harmless
}
