import { type GuideRow, guidesOf } from './problem-guide.ts'

const FIX_AND_RESEND = 'Correct the request and send it again. Nothing was charged.'

const PROBLEMS: readonly GuideRow[] = [
  [
    'payment_required',
    [402],
    'The request is valid and has no proof of payment.',
    'The first call is unpaid; its response carries the offers.',
    'Pay one offer and send the same request again with the proof. A `reason`, if present, says why a proof was rejected.'
  ],
  [
    'validation_failed',
    [422],
    'The request does not match the schema of the route.',
    'A field is missing, unknown, of the wrong type or out of range; `errors[]` lists all of them.',
    FIX_AND_RESEND
  ],
  [
    'workout_invalid',
    [422],
    'The workout has problems.',
    'A field, a unit, an input, a time or a figure is invalid; `errors[]` lists every problem with a JSON pointer.',
    FIX_AND_RESEND
  ],
  [
    'movement_unknown',
    [400],
    'A movement name is not in the registry.',
    'The service never guesses a name.',
    'Use a name of `nearest`, or one of `GET /v1/movements`. Nothing was charged.'
  ],
  [
    'movement_alias',
    [400],
    'A movement is given by another of its names.',
    'One registry name per movement keeps records comparable.',
    'Use the registry name in `nearest`. Nothing was charged.'
  ],
  [
    'movement_ambiguous',
    [400],
    'A name belongs to several movements.',
    'The choice between them changes the figures.',
    'Choose one of `nearest`. Nothing was charged.'
  ],
  [
    'movement_unimplemented',
    [400],
    'The movement is known but not measured.',
    'No formula for its work is available; `detail` says why.',
    'Leave it out, or send one of `nearest` if it is close enough. Nothing was charged.'
  ],
  [
    'json_malformed',
    [400],
    'The body is not valid JSON in UTF-8.',
    'A comma, a quote or a bracket is wrong, or the body is empty.',
    FIX_AND_RESEND
  ],
  [
    'two_proofs',
    [400],
    'The request carries two proofs of payment.',
    'Only one may be spent, and the service does not choose between them.',
    'Send the header of one payment method only; `detail` names those of the request.'
  ],
  [
    'invalid_payload',
    [400, 402],
    'The payment in `PAYMENT-SIGNATURE` is unreadable.',
    'It is not base64-encoded JSON, a field is missing, or the facilitator rejects the payer.',
    'Build the header from the terms of a new 402. You were not charged.'
  ],
  [
    'url_malformed',
    [400],
    'The URL is malformed.',
    'It contains an invalid percent sequence or character.',
    'Encode the path and the query, and send the request again.'
  ],
  [
    'http_malformed',
    [400],
    'The bytes are not an HTTP/1.1 request.',
    'A header or the request line violates RFC 9112.',
    'Check the client and any proxy in between.'
  ],
  [
    'host_ambiguous',
    [400],
    'The request has more than one `Host` header.',
    'A proxy and the service could read different hosts.',
    'Send one `Host` header.'
  ],
  [
    'length_mismatch',
    [400],
    'The length of the body differs from `Content-Length`.',
    'The client counted characters instead of bytes, or the connection broke.',
    'Send the request again with the correct length.'
  ],
  [
    'request_refused',
    [400, 414, 499],
    'The request was rejected before it reached a route.',
    'It is not acceptable HTTP.',
    'Check the method, the headers and the URL.'
  ],
  [
    'loopback_only',
    [403],
    'A development route was called from another machine.',
    'Development routes spend play money and are available only on the machine of the service.',
    'Call it on that machine, under `localhost` or `127.0.0.1`, without a proxy.'
  ],
  [
    'not_found',
    [404],
    'No resource exists at this path.',
    'The path is misspelt, or the route is not part of this configuration.',
    'Look the path up in the reference.'
  ],
  [
    'workout_not_found',
    [404],
    'This athlete has no such workout.',
    'The id is wrong, or the workout belongs to another athlete. Both cases get the same response.',
    'Check `workout_id` and `athlete_uuid`. Nothing was charged.'
  ],
  [
    'invoice_unknown',
    [404],
    'The development wallet does not know the invoice.',
    'It pays only invoices that this service created since its start.',
    'Request a new 402 and pay its invoice.'
  ],
  [
    'method_not_allowed',
    [405],
    'The path accepts other methods.',
    'The `Allow` header lists them.',
    'Use one of those methods.'
  ],
  [
    'request_too_slow',
    [408],
    'The request did not arrive in time.',
    'Its headers or its body took too long.',
    'Send the whole request again.'
  ],
  [
    'request_running',
    [409],
    'The same paid request is still running.',
    'Another connection is using this payment.',
    'Wait for `Retry-After` and send the same request with the same proof.'
  ],
  [
    'proof_other_request',
    [402, 409],
    'The payment belongs to another request.',
    'A proof buys the answer to the offered request only.',
    'Send the original request with this proof, or this request with a new payment. You were not charged for this request.'
  ],
  [
    'proof_forged',
    [402, 409],
    'This is not the payment that bought the answer.',
    'The identifier is known, but the signature differs.',
    'Send the original payment.'
  ],
  [
    'revision_superseded',
    [409],
    'The revision to replace is no longer canonical.',
    'Another revision was bought in the meantime.',
    'Read the workout and base the correction on `canonical_revision_id`. An unpaid request was not charged; a payment that arrived too late is recorded as owed.'
  ],
  [
    'revision_undecided',
    [409],
    'Another revision of this workout is being paid for.',
    'Only one revision can replace it, and the outcome of that payment is still unknown.',
    'Wait for `Retry-After` and send the same request again.'
  ],
  [
    'workout_voided',
    [409],
    'The workout is voided.',
    'A voided workout accepts no revisions.',
    'Buy the workout again with `POST /v1/compute-power`.'
  ],
  [
    'invoice_already_paid',
    [409],
    'The development wallet has paid this invoice.',
    'Its preimage was returned when it was paid.',
    'Use that preimage, or request a new 402.'
  ],
  [
    'invoice_expired',
    [410],
    'The invoice has expired.',
    'An offer is valid for ten minutes.',
    'Request a new 402 and pay its invoice.'
  ],
  [
    'body_too_large',
    [413],
    'The body is larger than this service accepts.',
    'A workout has at most 200 splits of 50 movements.',
    'Send a smaller body; `detail` states the limit in bytes.'
  ],
  [
    'media_type_unsupported',
    [415],
    'The `Content-Type` of the body is not JSON.',
    'The service accepts only `application/json`.',
    'Send `Content-Type: application/json`.'
  ],
  [
    'encoding_unsupported',
    [415],
    'The body has a `Content-Encoding`.',
    'Compressed bodies are rejected, because they hide their size.',
    'Send the body uncompressed.'
  ],
  [
    'expectation_failed',
    [417],
    'The request has an `Expect` header other than `100-continue`.',
    'No other expectation is defined.',
    'Omit the header.'
  ],
  [
    'too_many_requests',
    [429],
    'Your address sent too many requests in this minute.',
    'Requests per address are limited so that no client can exclude others.',
    'Wait for `Retry-After`.'
  ],
  [
    'too_many_challenges',
    [429],
    'Too many invoices were requested from your address.',
    'Each unpaid offer costs the Lightning node an invoice.',
    'Wait for `Retry-After`. To check a workout, use `POST /v1/validate`, which creates no invoice.'
  ],
  [
    'too_many_failed_payments',
    [429],
    'Too many payments from your address have failed verification in this minute.',
    'Each one costs calls to the chain or the facilitator. Valid payments are not counted.',
    'Wait for `Retry-After`, then sign exactly the terms of the 402.'
  ],
  [
    'headers_too_large',
    [431],
    'The request headers are larger than this service accepts.',
    'The limit is 16 KiB.',
    'Send fewer or shorter headers.'
  ],
  [
    'internal_error',
    [500],
    'An internal error occurred.',
    'It is a defect of the service, not of your request.',
    'Send the same request with the same proof again. You were not charged. Please report the error.'
  ],
  [
    'settlement_pending',
    [503],
    'The payment was submitted; its outcome is still unknown.',
    'The chain or the facilitator has not responded.',
    'Wait for `Retry-After` and send the **same** payment again. Never sign a new one: you could pay twice.'
  ],
  [
    'ledger_unavailable',
    [503],
    'Sales are unavailable at present.',
    'The database accepts no writes, and the service takes no payment that it cannot record.',
    'Retry later. You were not charged; a proof that you hold remains valid.'
  ],
  [
    'overloaded',
    [503],
    'The service is overloaded.',
    'Under load, the service rejects offers and free requests first and requests with a payment last.',
    'Wait for `Retry-After` and send the request again. You were not charged; a proof that you hold remains valid.'
  ],
  [
    'records_unavailable',
    [503],
    'The records are temporarily unavailable.',
    'The database does not respond.',
    'Retry shortly.'
  ],
  [
    'payment_unavailable',
    [503],
    'No payment method is available.',
    'Each rail is down or not configured; `detail` says why.',
    'Retry after `Retry-After`. You were not charged; a proof that you hold remains valid.'
  ],
  [
    'chain_not_ready',
    [503],
    'The development chain is not ready.',
    'It is starting, or this platform cannot run it.',
    'Retry in a second.'
  ],
  [
    'not_ready',
    [503],
    'The service is not ready to sell.',
    '`components` has the status of each component.',
    'This probe is for orchestrators: send requests to another instance.'
  ]
]

/** Codes of problem documents. */
export const PROBLEM_GUIDES = guidesOf(PROBLEMS)

const REASONS: readonly GuideRow[] = [
  [
    'body_required',
    [],
    'These are the prices only.',
    'The request has no body, so no offer can be made for it.',
    'Send the workout as `application/json`.'
  ],
  [
    'proof_consumed',
    [],
    'The payment has already bought its answer.',
    'One payment buys one answer.',
    'To fetch that answer again, send the same payment and body with an `Idempotency-Key`. For a new answer, pay again.'
  ],
  [
    'payment_void',
    [],
    'The payment was never settled and can no longer be settled.',
    'Its validity has ended, and the chain has no such transfer.',
    'Sign a new payment for the terms of this 402 and send the same request with it. You were not charged.'
  ]
]

/** Codes of `reason` in a 402 that no rail brings: why a proof was rejected. */
export const REASON_GUIDES = guidesOf(REASONS)
