import { Type } from '@sinclair/typebox'
import { PaymentRequired } from './payment-required.ts'
import { PROBLEMS } from './problem.ts'

type Headers = Readonly<Record<string, object>>

/** A documented error response. */
export function problemResponse(status: keyof typeof PROBLEMS, description: string, headers: Headers = {}) {
  return { description, headers, content: { 'application/problem+json': { schema: PROBLEMS[status] } } }
}

/** The header of a conditional request. */
export const IfNoneMatch = Type.Optional(Type.String({ description: 'The `ETag` of an earlier answer.' }))

/** A header, published from its schema; `required` if the response always has it. */
export const ETag = { type: 'string', required: true, description: 'Strong; send it back as If-None-Match.' }
const secondsToWait = { type: 'string', description: 'Seconds to wait.' }
const retryAfter = { 'Retry-After': { ...secondsToWait, required: true } }

/** Headers of a rejection on a paid route. */
const paymentLink = { Link: { type: 'string', description: 'With `rel="payment"`: where the prices are.' } }

export const notFound = problemResponse(404, 'The athlete has no such workout.')
const INVALID = 'The request is invalid; all its problems are listed. Free.'
export const invalid = problemResponse(422, INVALID)

/** For a probe, which has no other client error. */
export const malformedRequest = problemResponse(400, 'The request has more than one Host header.')

/** The request may be sent again only after a wait. */
const rateLimited = problemResponse(429, 'Too many requests from this address.', retryAfter)
export const unavailable = (description: string) => problemResponse(503, description, retryAfter)

/** The error response of a route that serves under any load. */
export const vitalResponses = { 429: rateLimited }

/** Error responses of every other route. */
export const commonResponses = {
  429: rateLimited,
  503: unavailable('A required component is unavailable, or the service is overloaded. Nothing was charged.')
}

/** A conflict with the state of a workout or with a payment; only some of them end by waiting. */
export const conflict = (description: string) =>
  problemResponse(409, description, {
    'Retry-After': { ...secondsToWait, description: 'Seconds to wait, if the same request may succeed later.' }
  })

/** Further error responses of a route with a body. */
export const bodyResponses = {
  400: problemResponse(400, 'The body is not valid JSON in UTF-8. Free.'),
  413: problemResponse(413, 'The body is too large. Free.'),
  415: problemResponse(415, 'The body is not application/json, or has a Content-Encoding. Free.'),
  422: invalid
}

/** Headers of a paid answer, beside the receipts of rails (`RailDescription.receiptHeaders`). */
export const paidHeaders = {
  'Idempotent-Replayed': { type: 'string', description: '`true` if this answer was returned before.' }
}

/** Responses of a paid route other than its result; each rail adds its offer to the 402. */
export const paidResponses = {
  ...bodyResponses,
  400: problemResponse(
    400,
    'Malformed JSON, an unknown or unimplemented movement, or more than one proof of payment. Free.',
    paymentLink
  ),
  422: problemResponse(422, INVALID, paymentLink),
  402: {
    description: 'Payment required. Free; only the retry with a proof of payment costs.',
    headers: paymentLink,
    content: { 'application/problem+json': { schema: PaymentRequired } }
  },
  409: conflict('The same paid request is still running, or a payment belongs to another request.'),
  ...commonResponses
}
