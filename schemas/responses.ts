import { PaymentRequired } from './payment-required.ts'
import { ProblemDocument } from './problem.ts'

/** An error answer, as routes document it. */
export function problemResponse(description: string, headers: Readonly<Record<string, object>> = {}) {
  return { description, headers, content: { 'application/problem+json': { schema: ProblemDocument } } }
}

const retryAfter = { 'Retry-After': { type: 'string', description: 'Seconds to wait.' } }

/** Errors that any route may answer with. */
export const commonResponses = {
  429: problemResponse('Too many requests came from this address.', retryAfter),
  503: problemResponse('A part that this needs is down. You were not charged.', retryAfter)
}

/** Errors that a free route with a body may answer with beside these. */
export const bodyResponses = {
  400: problemResponse('The body is not valid JSON in UTF-8.'),
  413: problemResponse('The body is too large.'),
  415: problemResponse('The body is not application/json, or has a Content-Encoding.'),
  422: problemResponse('The request has problems; all of them are listed.')
}

/** Headers of an answer that was paid for. */
export const paidHeaders = {
  'Idempotent-Replayed': { type: 'string', description: 'true when this answer was given before.' },
  'PAYMENT-RESPONSE': { type: 'string', description: 'x402: base64 of JSON with the transaction that paid.' }
}

/** What a paid route may answer beside its result. */
export const paidResponses = {
  400: problemResponse('Malformed JSON, an unknown or unimplemented movement, or two proofs of payment at once. Free.'),
  402: {
    description: 'Payment required. Free to ask; the retry with a proof of payment is what costs.',
    headers: {
      'WWW-Authenticate': {
        type: 'string',
        description: 'L402 macaroon="<base64>", invoice="<bolt11>", version="0", token="<base64>"'
      },
      'PAYMENT-REQUIRED': { type: 'string', description: 'x402 version 2: base64 of JSON; the body has its members.' }
    },
    content: { 'application/problem+json': { schema: PaymentRequired } }
  },
  409: problemResponse('The same paid request still runs, or an x402 payment belongs to another request.', retryAfter),
  413: problemResponse('The body is too large. Free.'),
  415: problemResponse('The body is not application/json, or has a Content-Encoding. Free.'),
  422: problemResponse('The request has problems; all of them are listed. Free.'),
  ...commonResponses
}
