import { PaymentRequired } from './payment-required.ts'
import { ProblemDocument } from './problem.ts'

/** A documented error response. */
export function problemResponse(description: string, headers: Readonly<Record<string, object>> = {}) {
  return { description, headers, content: { 'application/problem+json': { schema: ProblemDocument } } }
}

const retryAfter = { 'Retry-After': { type: 'string', description: 'Seconds to wait.' } }

/** Error responses of every route. */
export const commonResponses = {
  429: problemResponse('Too many requests came from this address.', retryAfter),
  503: problemResponse('A required component is unavailable. Nothing was charged.', retryAfter)
}

/** Further error responses of a free route with a body. */
export const bodyResponses = {
  400: problemResponse('The body is not valid JSON in UTF-8.'),
  413: problemResponse('The body is too large.'),
  415: problemResponse('The body is not application/json, or has a Content-Encoding.'),
  422: problemResponse('The request has problems; all of them are listed.')
}

/** Headers of a paid answer. */
export const paidHeaders = {
  'Idempotent-Replayed': { type: 'string', description: 'true if this answer was returned before.' },
  'PAYMENT-RESPONSE': {
    type: 'string',
    description: 'x402: base64 of JSON with the settling transaction; on a 402, why the settlement was refused.'
  }
}

/** Responses of a paid route other than its result. */
export const paidResponses = {
  400: problemResponse(
    'Malformed JSON, an unknown or unimplemented movement, or more than one proof of payment. Free.'
  ),
  402: {
    description: 'Payment required. Free; only the retry with a proof of payment costs.',
    headers: {
      'WWW-Authenticate': {
        type: 'string',
        description: 'L402 macaroon="<base64>", invoice="<bolt11>", version="0", token="<base64>"'
      },
      'PAYMENT-REQUIRED': {
        type: 'string',
        description: 'x402 version 2: base64 of JSON; the body has its members but for the extensions.'
      }
    },
    content: { 'application/problem+json': { schema: PaymentRequired } }
  },
  409: problemResponse(
    'The same paid request is still running, or an x402 payment belongs to another request.',
    retryAfter
  ),
  413: problemResponse('The body is too large. Free.'),
  415: problemResponse('The body is not application/json, or has a Content-Encoding. Free.'),
  422: problemResponse('The request has problems; all of them are listed. Free.'),
  ...commonResponses
}
