/** What a reader needs to know of one code. */
export interface ProblemGuide {
  readonly code: string
  /** Statuses that it comes with. Empty for the code of an item in `errors[]` and for the `reason` of a 402. */
  readonly statuses: readonly number[]
  readonly what: string
  readonly why: string
  readonly todo: string
}

type Row = readonly [code: string, statuses: readonly number[], what: string, why: string, todo: string]

const FIX_AND_RESEND = 'Correct the request and send it again. Nothing was charged.'
const FREE_FIELD = 'Correct the value at `pointer` and send the request again. Nothing was charged.'
const SIGN_AGAIN = 'Sign a payment for the terms of this 402, and send the same request with it. Nothing was taken.'
const FRESH = 'Use the offer of this 402: pay its invoice and send the same request with the new proof.'

const PROBLEMS: readonly Row[] = [
  [
    'payment_required',
    [402],
    'The request would be computed and has no proof of payment.',
    'The first call is unpaid: this answer carries the offers.',
    'Pay one offer and send the same request again with the proof. A `reason`, where there is one, says why a proof was not accepted.'
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
    'A field, a unit, an input, a time or a figure is not possible; `errors[]` lists all of them, each with a JSON pointer.',
    FIX_AND_RESEND
  ],
  [
    'movement_unknown',
    [400],
    'A movement has a name that the registry does not know.',
    'Names are never guessed.',
    'Use a name of `nearest`, or one of `GET /v1/movements`. Nothing was charged.'
  ],
  [
    'movement_alias',
    [400],
    'A movement is written with another of its names.',
    'One registry name per movement keeps records comparable.',
    'Use the registry name in `nearest`. Nothing was charged.'
  ],
  [
    'movement_ambiguous',
    [400],
    'A name belongs to several movements.',
    'A choice between them would change the figures.',
    'Choose one of `nearest`. Nothing was charged.'
  ],
  [
    'movement_unimplemented',
    [400],
    'The movement is known and not measured.',
    'There is no law for its work yet; `detail` says why.',
    'Leave it out, or send one of `nearest` if it is close enough. Nothing was charged.'
  ],
  [
    'json_malformed',
    [400],
    'The body is not valid JSON in UTF-8.',
    'A comma, a quote or a bracket is wrong, a member occurs twice, or the body is empty.',
    FIX_AND_RESEND
  ],
  [
    'two_proofs',
    [400],
    'The request carries two proofs of payment.',
    'Only one may be spent, and the service does not choose.',
    'Send `Authorization` or `PAYMENT-SIGNATURE`, not both.'
  ],
  [
    'invalid_payload',
    [400, 402],
    'The payment in `PAYMENT-SIGNATURE` is unreadable.',
    'It is not base64 of JSON, a field is missing, or the facilitator does not accept the payer.',
    'Build the header from the terms of a fresh 402. Nothing was taken.'
  ],
  [
    'url_malformed',
    [400],
    'The URL is malformed.',
    'A percent sequence or a character in it is not allowed.',
    'Encode the path and the query, and send the request again.'
  ],
  [
    'http_malformed',
    [400],
    'The bytes are not an HTTP/1.1 request.',
    'A header or the request line breaks RFC 9112.',
    'Check the client or the proxy in between.'
  ],
  [
    'host_ambiguous',
    [400],
    'The request has more than one `Host` header.',
    'Two parties on the way could read different hosts.',
    'Send one `Host` header.'
  ],
  [
    'length_mismatch',
    [400],
    'The body is not as long as `Content-Length` says.',
    'The client counted characters instead of bytes, or the connection broke.',
    'Send the request again with the right length.'
  ],
  [
    'request_refused',
    [400, 414, 499],
    'The request was refused before it reached a route.',
    'The HTTP layer does not accept it.',
    'Check the method, the headers and the URL.'
  ],
  [
    'loopback_only',
    [403],
    'A development route was called from another machine.',
    'The development wallet hands out play money, and only here.',
    'Call it from the machine of the service, under `localhost` or `127.0.0.1`, without a proxy.'
  ],
  [
    'not_found',
    [404],
    'No resource exists at this path.',
    'The path is misspelt, or the route is not part of this configuration.',
    'Look at the reference for the path.'
  ],
  [
    'workout_not_found',
    [404],
    'This athlete has no such workout.',
    'The id is wrong, or the workout belongs to another athlete. Both get the same answer.',
    'Check `workout_id` and `athlete_uuid`. Nothing was charged.'
  ],
  [
    'invoice_unknown',
    [404],
    'The development wallet does not know the invoice.',
    'It pays only invoices that this service made since its start.',
    'Ask for a fresh 402 and pay its invoice.'
  ],
  [
    'method_not_allowed',
    [405],
    'The path takes other methods.',
    'The `Allow` header lists them.',
    'Use one of those methods.'
  ],
  [
    'request_too_slow',
    [408],
    'The request did not arrive in time.',
    'Its headers or its body took too long.',
    'Send it again, in one piece.'
  ],
  [
    'request_running',
    [409],
    'The same paid request is still running.',
    'Another connection is being answered with this payment.',
    'Wait for `Retry-After` and send the same request with the same proof.'
  ],
  [
    'proof_other_request',
    [402, 409],
    'The payment belongs to another request.',
    'A proof buys the answer to the request that it was offered for.',
    'Send the original request with this proof, or this request with a new payment. Nothing was taken.'
  ],
  [
    'proof_forged',
    [402, 409],
    'This is not the payment that bought the answer.',
    'The identifier is known, the signature differs.',
    'Send the original payment.'
  ],
  [
    'revision_superseded',
    [409],
    'The revision to replace is not the canonical one any more.',
    'Another revision was bought in the meantime.',
    'Read the workout and base the correction on `canonical_revision_id`. Nothing was charged before payment; a payment that lost the race is recorded as owed.'
  ],
  [
    'revision_undecided',
    [409],
    'Another revision of this workout is being paid for.',
    'Only one can take the place; its payment is not decided yet.',
    'Wait for `Retry-After` and send the same request again.'
  ],
  [
    'workout_voided',
    [409],
    'The workout is voided.',
    'A voided workout accepts no revisions.',
    'Buy the workout anew with `POST /v1/compute-power`.'
  ],
  [
    'invoice_already_paid',
    [409],
    'The development wallet has paid this invoice.',
    'Its preimage was returned when it was paid.',
    'Use that preimage, or ask for a fresh 402.'
  ],
  [
    'invoice_expired',
    [410],
    'The invoice has expired.',
    'An offer holds for ten minutes.',
    'Ask for a fresh 402 and pay its invoice.'
  ],
  [
    'body_too_large',
    [413],
    'The body is larger than this service accepts.',
    'A workout has at most 200 splits of 50 movements.',
    'Send less; `detail` has the limit in bytes.'
  ],
  [
    'media_type_unsupported',
    [415],
    'The body is not JSON by its `Content-Type`.',
    'The service reads `application/json` alone.',
    'Send `Content-Type: application/json`.'
  ],
  [
    'encoding_unsupported',
    [415],
    'The body has a `Content-Encoding`.',
    'A compressed body could hide its size.',
    'Send the body uncompressed.'
  ],
  [
    'expectation_failed',
    [417],
    'The request has an `Expect` header other than `100-continue`.',
    'No other expectation is defined.',
    'Leave the header out.'
  ],
  [
    'too_many_requests',
    [429],
    'Too many requests came from your address in this minute.',
    'Requests per address are limited, so that no client excludes others.',
    'Wait for `Retry-After`.'
  ],
  [
    'too_many_challenges',
    [429],
    'Too many invoices were requested from your address.',
    'Each unpaid offer costs the Lightning node an invoice.',
    'Wait for `Retry-After`. Check a workout with `POST /v1/validate`, which makes no invoice.'
  ],
  [
    'too_many_failed_payments',
    [429],
    'Too many payments from your address have failed verification in this minute.',
    'Each one costs calls to the chain or to the facilitator. Payments that are good are never counted.',
    'Wait for `Retry-After`, and sign what the 402 asks for.'
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
    'Something failed in the service.',
    'It is a defect here, and not in your request.',
    'Send the same request with the same proof again. You were not charged. Please report it.'
  ],
  [
    'settlement_pending',
    [503],
    'The payment was submitted, and its outcome is not known yet.',
    'The chain or the facilitator has not answered.',
    'Wait for `Retry-After` and send the **same** payment again. Never sign a new one: you could pay twice.'
  ],
  [
    'ledger_unavailable',
    [503],
    'Nothing can be sold now.',
    'The database accepts no writes, and a payment that is not recorded is not taken.',
    'Try later. You were not charged; a proof that you hold works later.'
  ],
  [
    'overloaded',
    [503],
    'The service has more requests than it can serve now.',
    'Under load, offers and free requests are refused before anything is done for them; requests with a payment come last.',
    'Wait for `Retry-After` and send the request again. You were not charged; a proof that you hold works later.'
  ],
  [
    'records_unavailable',
    [503],
    'The records are temporarily unavailable.',
    'The database does not answer.',
    'Ask again shortly.'
  ],
  [
    'payment_unavailable',
    [503],
    'No payment method is available.',
    'Each rail is down or not configured; `detail` says why.',
    'Try after `Retry-After`. You were not charged; a proof that you hold works later.'
  ],
  [
    'chain_not_ready',
    [503],
    'The development chain is not ready.',
    'It is starting, or this platform has none.',
    'Try again in a second.'
  ],
  [
    'not_ready',
    [503],
    'The service cannot sell now.',
    '`components` has the state of each part.',
    'It is for orchestrators: send requests to another instance.'
  ]
]

/** Reasons in a 402: why a proof buys nothing. */
const REASONS: readonly Row[] = [
  [
    'body_required',
    [],
    'These are the prices only.',
    'The request has no body, so there is nothing to offer an answer for.',
    'Send the workout as `application/json`.'
  ],
  [
    'proof_consumed',
    [],
    'The payment has bought its answer already.',
    'One payment buys one answer.',
    'To fetch that answer again over x402, send the same payment and body with an `Idempotency-Key`. For another answer, pay again.'
  ],
  [
    'payment_void',
    [],
    'The payment was never settled, and can no longer be settled.',
    'Its time is over, and the chain does not show the transfer.',
    SIGN_AGAIN
  ],
  [
    'token_unreadable',
    [],
    'The L402 proof is unreadable.',
    'It is not `<macaroon>:<preimage>` with a macaroon of this service.',
    FRESH
  ],
  ['token_forged', [], 'The macaroon was not made here.', 'Its signature does not fit, or its key was retired.', FRESH],
  [
    'token_malformed',
    [],
    'The macaroon lacks a caveat that this service sets.',
    'It was changed, or made for an older version.',
    FRESH
  ],
  ['token_expired', [], 'The token has expired.', 'A proof works for a day after its invoice expires.', FRESH],
  [
    'token_other_request',
    [],
    'The token was bought for another request.',
    'A token is tied to the method, the path and the body that it was offered for.',
    'Send exactly the request that was offered, or pay the offer of this 402.'
  ],
  [
    'preimage_wrong',
    [],
    'The preimage does not belong to the macaroon.',
    'Its SHA-256 is not the payment hash of the invoice.',
    'Send the preimage that the wallet returned for this invoice, with the macaroon of the same 402.'
  ],
  [
    'invalid_x402_version',
    [],
    'Only version 2 of x402 is accepted.',
    'The client speaks version 1.',
    'Update the client.'
  ],
  ['invalid_scheme', [], 'The payment is not of scheme `exact`.', 'Other schemes are not offered.', SIGN_AGAIN],
  ['unsupported_scheme', [], 'The payment is not of scheme `exact`.', 'Other schemes are not offered.', SIGN_AGAIN],
  ['invalid_network', [], 'The payment is for another network.', '`accepts` names the network.', SIGN_AGAIN],
  [
    'invalid_payment_requirements',
    [],
    'The terms in `accepted` are not the ones on offer.',
    'The price changed, or a field was altered.',
    SIGN_AGAIN
  ],
  [
    'insufficient_funds',
    [],
    'The payer has too little of the token.',
    'The balance is below the amount.',
    'Fund the account, then sign again. Nothing was taken.'
  ],
  [
    'invalid_transaction_state',
    [],
    'The transfer failed on the chain.',
    'It was reverted; nothing was transferred.',
    SIGN_AGAIN
  ],
  ['nonce_already_used', [], 'The authorization was used before.', 'Its nonce is spent on the chain.', SIGN_AGAIN],
  [
    'invalid_exact_evm_payload_signature',
    [],
    'The signature is not that of the payer.',
    'The domain, the chain or a field differs from what was signed.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_recipient_mismatch',
    [],
    'The authorization pays another address.',
    '`to` must be `payTo` of the terms.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_authorization_value_mismatch',
    [],
    'The authorization pays another amount.',
    '`value` must be `amount` of the terms.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_authorization_valid_after',
    [],
    'The authorization is not valid yet.',
    '`validAfter` is in the future.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_authorization_valid_before',
    [],
    'The authorization ends too soon, or too late.',
    '`validBefore` must leave time to compute and settle, and be at most a day away.',
    SIGN_AGAIN
  ]
]

/** Codes of the items in `errors[]`. */
const ITEMS: readonly Row[] = [
  [
    'field_required',
    [],
    'A required field is missing.',
    'The answer would depend on it.',
    'Add the field at `pointer`. Nothing was charged.'
  ],
  [
    'field_unknown',
    [],
    'A field is not known.',
    'A misspelt field would be ignored without notice.',
    'Remove it, or use a name of `nearest` or `allowed`. Nothing was charged.'
  ],
  ['type_wrong', [], 'A value has the wrong JSON type.', 'Text is never converted to numbers.', FREE_FIELD],
  ['value_not_allowed', [], 'A value is not one of a closed list.', '`allowed` lists the values.', FREE_FIELD],
  ['out_of_range', [], 'A number is outside its limits.', '`allowed` has the bounds, where there are two.', FREE_FIELD],
  [
    'value_out_of_range',
    [],
    'A quantity is outside its range after conversion.',
    'The range is in SI units; `allowed` has it in yours.',
    FREE_FIELD
  ],
  [
    'length_wrong',
    [],
    'A text or a list is too short or too long.',
    '`allowed` has the bounds, where there are two.',
    FREE_FIELD
  ],
  ['format_wrong', [], 'A text does not have the form that is needed.', '`detail` describes the form.', FREE_FIELD],
  [
    'problems_truncated',
    [],
    'There are more problems than are listed.',
    'A list is cut at 100 items, and after the first of a very large body.',
    'Correct those that are listed and send the request again.'
  ],
  [
    'required_for_context',
    [],
    'A field is required in this `evaluation_context`.',
    'A completed workout has a day, a planned one its planned day.',
    FREE_FIELD
  ],
  [
    'forbidden_for_context',
    [],
    'A field does not belong to this `evaluation_context`.',
    'It would contradict the context.',
    'Remove it. Nothing was charged.'
  ],
  ['date_invalid', [], 'The day does not exist.', 'Such as 2026-02-30.', FREE_FIELD],
  [
    'date_out_of_range',
    [],
    'The day is out of range.',
    'A completed workout is of today or earlier, with a day of tolerance for time zones.',
    FREE_FIELD
  ],
  ['dates_reversed', [], 'The first day is after the last.', 'The period is empty.', FREE_FIELD],
  ['window_empty', [], '`from_seconds` is not below `to_seconds`.', 'The window is empty.', FREE_FIELD],
  [
    'cursor_invalid',
    [],
    'The cursor is not one of this list.',
    'It was changed on the way.',
    'Send `next_cursor` of an answer unchanged, or start without one.'
  ],
  ['unit_not_allowed', [], 'The unit does not fit the quantity.', '`allowed` lists the units.', FREE_FIELD],
  [
    'reps_required',
    [],
    'The number of repetitions is missing.',
    'The movement is counted per rep.',
    'Add `reps`. Nothing was charged.'
  ],
  [
    'input_required',
    [],
    'An input of the movement is missing.',
    'Its work depends on it.',
    'Add it under `inputs`. Nothing was charged.'
  ],
  ['input_unknown', [], 'The movement has no such input.', '`allowed` lists its inputs.', FREE_FIELD],
  [
    'input_choice_missing',
    [],
    'One of several inputs is needed.',
    'The movement is measured by distance or by calories.',
    'Give exactly one of `allowed`. Nothing was charged.'
  ],
  [
    'input_choice_conflict',
    [],
    'Two inputs exclude each other.',
    'They would measure the same work twice, or contradict each other.',
    'Give one of them. Nothing was charged.'
  ],
  [
    'assistance_too_large',
    [],
    'The assistance takes off too much.',
    'At most nine tenths of what rises may be taken off.',
    FREE_FIELD
  ],
  [
    'lift_distance_negative',
    [],
    'The load would end below its start.',
    'The overrides and the height give a negative lift.',
    'Correct the overrides. Nothing was charged.'
  ],
  [
    'override_unknown',
    [],
    'The movement has no such coefficient.',
    '`allowed` lists those that can be overridden.',
    FREE_FIELD
  ],
  [
    'override_out_of_range',
    [],
    'A coefficient is outside its bounds.',
    'The bounds are in `supported_overrides` of the movement.',
    FREE_FIELD
  ],
  [
    'times_exceed_duration',
    [],
    'Active times and rests are longer than the session.',
    'Their sum may not pass `duration_seconds`.',
    'Correct the times. Nothing was charged.'
  ],
  [
    'split_of_its_own_required',
    [],
    'The movement needs a split of its own.',
    'Its work depends on its own time.',
    'Move it into a split of its own. Nothing was charged.'
  ],
  [
    'erg_speed_out_of_range',
    [],
    'Nobody moves a machine at this pace.',
    'Distance, calories and time do not fit each other.',
    'Check distance, unit and time. Nothing was charged.'
  ],
  [
    'speed_out_of_range',
    [],
    'Nobody moves at this speed.',
    'Distance and time do not fit each other.',
    'Check distance, unit and time. Nothing was charged.'
  ],
  [
    'power_implausible',
    [],
    'The power is above what any athlete has.',
    'A load, a number of reps or a time is most likely wrong.',
    'Check loads, units, reps and times. Nothing was charged.'
  ]
]

const guide = ([code, statuses, what, why, todo]: Row): ProblemGuide => ({ code, statuses, what, why, todo })

/** Codes of problem documents. */
export const PROBLEM_GUIDES = PROBLEMS.map(guide)
/** Codes of `reason` in a 402. */
export const REASON_GUIDES = REASONS.map(guide)
/** Codes of `errors[]`. */
export const ITEM_GUIDES = ITEMS.map(guide)
