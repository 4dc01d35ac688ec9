const PAYLOAD = 'invalid_exact_evm_payload'
const SIGNATURE = `${PAYLOAD}_signature`
const VALUE = `${PAYLOAD}_authorization_value_mismatch`
const VALID_AFTER = `${PAYLOAD}_authorization_valid_after`
const VALID_BEFORE = `${PAYLOAD}_authorization_valid_before`
const RECIPIENT = `${PAYLOAD}_recipient_mismatch`
const REQUIREMENTS = 'invalid_payment_requirements'

/** The authorisation was used before, by this service or by a third party. Only the chain tells which. */
export const NONCE_USED = 'nonce_already_used'

/**
 * The definite rejections: a facilitator that returns one without a transaction has sent nothing. Left: the
 * facilitators' reasons (the specification's section 9, `@x402/evm` 2.27, and hosted facilitators); right: the
 * specification's code, which clients receive. Any other reason leaves a settlement unknown: `nonce_already_used`,
 * `settlement_pending`, a reverted or failed transaction, a failed simulation, the unexpected.
 */
const DEFINITE: ReadonlyMap<string, string> = new Map([
  ['insufficient_funds', 'insufficient_funds'],
  ['invalid_exact_evm_insufficient_balance', 'insufficient_funds'],
  [SIGNATURE, SIGNATURE],
  [`${PAYLOAD}_signature_address`, SIGNATURE],
  ['invalid_exact_evm_signature', SIGNATURE],
  ['invalid_exact_evm_failed_to_parse_signature', SIGNATURE],
  ['eip6492_factory_not_allowed', SIGNATURE],
  [VALUE, VALUE],
  [`${PAYLOAD}_authorization_value`, VALUE],
  [`${PAYLOAD}_authorization_value_too_low`, VALUE],
  ['invalid_exact_evm_authorization_value', VALUE],
  [VALID_AFTER, VALID_AFTER],
  [VALID_BEFORE, VALID_BEFORE],
  [RECIPIENT, RECIPIENT],
  ['invalid_exact_evm_recipient_mismatch', RECIPIENT],
  ['invalid_x402_version', 'invalid_x402_version'],
  ['invalid_scheme', 'invalid_scheme'],
  ['invalid_exact_evm_scheme', 'invalid_scheme'],
  ['unsupported_scheme', 'unsupported_scheme'],
  ['invalid_network', 'invalid_network'],
  ['invalid_exact_evm_network_mismatch', 'invalid_network'],
  ['invalid_payload', 'invalid_payload'],
  ['unsupported_payload_type', 'invalid_payload'],
  [`${PAYLOAD}_authorization_typed_data_message`, 'invalid_payload'],
  // A payer that the facilitator must not serve.
  [`${PAYLOAD}_authorization_from_address_kyt`, 'invalid_payload'],
  [REQUIREMENTS, REQUIREMENTS],
  [`${PAYLOAD}_authorization_to_address_kyt`, REQUIREMENTS],
  ['invalid_exact_evm_missing_eip712_domain', REQUIREMENTS],
  ['invalid_exact_evm_token_name_mismatch', REQUIREMENTS],
  ['invalid_exact_evm_token_version_mismatch', REQUIREMENTS],
  ['invalid_exact_evm_eip3009_not_supported', REQUIREMENTS],
  ['asset_not_deployed_contract', REQUIREMENTS]
])

const NONCE_USED_WORDS = new Set([NONCE_USED, 'invalid_exact_evm_nonce_already_used'])

/** Reasons without a decision: the facilitator's chain access fails, or it does not know. */
const UNDECIDED = new Set([
  'unexpected_verify_error',
  'unexpected_settle_error',
  'invalid_exact_evm_transaction_simulation_failed'
])

/** @returns the specification's code; undefined if this reason leaves the settlement unknown */
export function definiteRefusal(reason: unknown): string | undefined {
  return typeof reason === 'string' ? DEFINITE.get(reason) : undefined
}

/**
 * The code for a payment that is not valid. A facilitator's `isValid: false` is a rejection whatever its reason.
 * @returns the specification's code or `NONCE_USED`; undefined without a decision
 */
export function invalidReason(reason: unknown): string | undefined {
  if (typeof reason !== 'string') return 'invalid_payload'
  if (UNDECIDED.has(reason)) return undefined
  return NONCE_USED_WORDS.has(reason) ? NONCE_USED : (DEFINITE.get(reason) ?? 'invalid_payload')
}

/** A loggable reason: a code-like word, never a sentence of unknown length and content. */
export function loggable(reason: unknown): string {
  return typeof reason === 'string' && /^[a-z0-9_]{1,80}$/.test(reason) ? reason : 'other'
}
