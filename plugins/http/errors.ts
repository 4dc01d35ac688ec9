import type { FastifyError, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { NoRailUp } from '../../lib/billing/offer.ts'
import { DatabaseUnavailable } from '../../lib/database/database.ts'
import { PRIVATE_HEADERS } from '../../lib/http/response-headers.ts'
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts'
import { partProblems } from '../../lib/problems/part-problems.ts'
import {
  PROBLEM_MEDIA_TYPE,
  ProblemError,
  type ProblemExtras,
  problemDocument,
  problemEvents
} from '../../lib/problems/problem.ts'
import { notFound } from './not-found.ts'

/** Fastify's own rejections, in this service's wording. */
const KNOWN: Readonly<Record<string, [status: number, code: string, detail: string, extras?: ProblemExtras]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'json_malformed', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'json_malformed', 'The body is empty. Send a JSON object.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'media_type_unsupported', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'length_mismatch', 'The length of the body differs from Content-Length.'],
  // The intended route is unknown here: any of these URLs may contain an athlete's UUID.
  FST_ERR_BAD_URL: [400, 'url_malformed', 'The URL is malformed.', { headers: PRIVATE_HEADERS }],
  FST_ERR_MAX_PARAM_LENGTH: [404, 'not_found', 'No resource exists at this path.', { headers: PRIVATE_HEADERS }]
}

/** Fastify examines the content type before it looks for a route, and requires one of QUERY (RFC 10008). */
const BEFORE_ROUTING = new Set(['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE'])

const RETRY_AFTER_SECONDS = 5
/** Interval at which a database that stays down is logged again. */
const TOLD_AGAIN_MS = 10_000

/** Turns every error into a problem document. No client input causes a 500. */
export default fp(
  async (app) => {
    let toldMs = Number.NEGATIVE_INFINITY
    app.setErrorHandler((error: FastifyError, request, reply) => {
      // A rail that is down was logged when it went down.
      if (sendError(error, reply) < 500 || error instanceof NoRailUp) return
      // A payment whose outcome is still unknown is a regular response, not a failure of the request.
      if (error instanceof ProblemError && error.code === 'settlement_pending') return
      // A line for each request while the database is down would flood the log.
      if (error instanceof LedgerUnavailable || error instanceof DatabaseUnavailable) {
        if (performance.now() - toldMs < TOLD_AGAIN_MS) return
        toldMs = performance.now()
      }
      request.log.error({ err: error, reqId: request.id, route: request.routeOptions.url }, 'request failed')
    })
  },
  { name: 'errors' }
)

/** Answers with the problem document of an error. @returns its status */
export function sendError(error: FastifyError, reply: FastifyReply): number {
  const problem = toProblem(error, reply)
  if (problemEvents.isHeard) problemEvents.publish({ code: problem.code, status: problem.statusCode })
  const { retryAfterSeconds, headers } = problem.extras
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  reply.code(problem.statusCode).header('content-type', PROBLEM_MEDIA_TYPE).header('cache-control', 'no-store')
  if (headers) reply.headers(headers)
  reply.send(JSON.stringify(problemDocument(problem, reply.server.publicUrl)))
  return problem.statusCode
}

function toProblem(error: FastifyError, { request, routeOptions }: FastifyReply): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof LedgerUnavailable)
    return new ProblemError(
      503,
      'ledger_unavailable',
      'Sales are unavailable at present. You were not charged; a proof of payment that you hold remains valid.',
      {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error
      }
    )
  if (error instanceof DatabaseUnavailable)
    return new ProblemError(503, 'records_unavailable', 'The records are temporarily unavailable. Retry shortly.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause: error
    })
  if (error instanceof NoRailUp)
    return new ProblemError(error.statusCode, error.code, `${error.message} You were not charged.`, {
      retryAfterSeconds: error.retryAfterSeconds
    })
  if (error.validation) {
    return new ProblemError(422, 'validation_failed', 'The request does not match its schema.', {
      errors: partProblems(request, error)
    })
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ProblemError(413, 'body_too_large', `The body is larger than ${routeOptions.bodyLimit} bytes.`)
  if (request.is404 && BEFORE_ROUTING.has(error.code)) return notFound(request)
  const known = KNOWN[error.code]
  if (known) return new ProblemError(...known)
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return new ProblemError(status, 'request_refused', 'The request was rejected.')
  return new ProblemError(
    500,
    'internal_error',
    'An internal error occurred. You were not charged; the same proof works again.',
    {
      cause: error
    }
  )
}
