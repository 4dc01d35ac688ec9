import { type Static, Type } from '@sinclair/typebox'

const RATE = {
  pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,6})?$',
  description: 'a decimal amount of US dollars above zero, with at most 6 decimals'
}
const PRICE = {
  pattern: '^(0|[1-9][0-9]{0,3})(\\.[0-9]{1,6})?$',
  description: 'a decimal amount of US dollars above zero and below 10000, with at most 6 decimals'
}

const DATABASE = '^(sqlite:.+|postgres(ql)?://.+)$'
const TCP_PORT = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'
const ADDRESS = '^0x[0-9A-Fa-f]{40}$'

const text = (pattern: string, description: string) => Type.Optional(Type.String({ pattern, description }))
/** `isBytes`: its file has bytes rather than text, and is read as base64. */
const secret = (description: string, more: { isBytes?: true } = {}) =>
  Type.Optional(Type.String({ minLength: 1, description, ...more }))
const path = Type.Optional(Type.String({ minLength: 1, description: 'the path of a readable file' }))
const wholeNumber = (minimum: number, maximum: number, defaultValue: number) =>
  Type.Integer({
    minimum,
    maximum,
    default: defaultValue,
    description: `a whole number from ${minimum} to ${maximum}`
  })

/**
 * The environment that this program reads; names are part of the public interface. Each description states what the
 * variable takes; an operator reads it after an invalid value.
 */
export const Environment = Type.Object(
  {
    HOST: Type.String({
      pattern: '^[A-Za-z0-9.:_-]+$',
      default: '127.0.0.1',
      description: 'an address or a host name'
    }),
    PORT: wholeNumber(0, 65_535, 3000),
    PUBLIC_URL: text('^https?://[^/?#\\s@]+(/[^?#\\s]*)?$', 'an http or https URL without query'),
    NODE_ENV: Type.String({ default: '', description: 'production, or any other value for development' }),
    LOG_LEVEL: Type.String({
      pattern: '^(fatal|error|warn|info|debug|trace|silent)$',
      default: 'info',
      description: 'fatal, error, warn, info, debug, trace or silent'
    }),
    TRUST_PROXY: text('^[0-9A-Fa-f:./, ]*$', 'addresses or CIDR ranges of proxies, comma-separated'),
    DATABASE_URL: text(DATABASE, 'sqlite:<path>, sqlite::memory: or postgres://…'),
    DATABASE_URL_FILE: path,
    REDIS_URL: text('^rediss?://.+$', 'a redis:// or rediss:// URL, for rate limits that instances share'),
    REDIS_URL_FILE: path,
    PRICE_USD: Type.String({ ...PRICE, default: '0.10' }),
    PRICE_USD_COMPUTE_POWER: Type.Optional(Type.String(PRICE)),
    PRICE_USD_REVISIONS: Type.Optional(Type.String(PRICE)),
    LIGHTNING: text('^(lnd|embedded|off)$', 'lnd, embedded or off'),
    LND_SOCKET: text(`^([^\\s:]+|\\[[0-9A-Fa-f:]+\\]):${TCP_PORT}$`, 'host:port of LND'),
    LND_TLS_CERT: secret('the TLS certificate of LND, as base64 or hex', { isBytes: true }),
    LND_TLS_CERT_FILE: path,
    LND_MACAROON: secret('an invoice-only macaroon, as base64 or hex', { isBytes: true }),
    LND_MACAROON_FILE: path,
    LND_PRIVATE_HINTS: text('^yes$', 'yes, to add route hints for channels that are not announced'),
    L402_SECRETS: secret('keyId:hex64[,keyId:hex64…]; the first entry mints'),
    L402_SECRETS_FILE: path,
    L402_INVOICE_EXPIRY_SECONDS: wholeNumber(60, 86_400, 600),
    L402_REDEEM_SECONDS: wholeNumber(60, 31_536_000, 86_400),
    BTC_USD_SOURCES: text('^[^\\s,](.*\\S)?$', 'names or URLs of price sources, comma-separated'),
    BTC_USD_FIXED: Type.Optional(Type.String(RATE)),
    BTC_USD_REFRESH_SECONDS: wholeNumber(1, 86_400, 60),
    BTC_USD_MAX_AGE_SECONDS: wholeNumber(1, 604_800, 900),
    X402: text('^(facilitator|self|embedded|off)$', 'facilitator, self, embedded or off'),
    X402_PAY_TO: text(ADDRESS, 'the receiving address: 0x and 40 hex digits'),
    X402_NETWORK: text('^eip155:[1-9][0-9]{0,15}$', 'a CAIP-2 network such as eip155:8453'),
    X402_ASSET: text(ADDRESS, "the token's contract: 0x and 40 hex digits"),
    X402_ASSET_NAME: text('^\\S(.{0,62}\\S)?$', "the token's EIP-712 name, such as USD Coin"),
    X402_ASSET_VERSION: text('^\\S{1,16}$', "the token's EIP-712 version, such as 2"),
    X402_ASSET_DECIMALS: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 18, description: 'a whole number from 0 to 18' })
    ),
    X402_FACILITATOR_URL: text('^https?://[^/?#\\s@]+(/[^?#\\s]*)?$', 'an http or https URL without query'),
    X402_FACILITATOR_TOKEN: secret('the bearer token of the facilitator'),
    X402_FACILITATOR_TOKEN_FILE: path,
    X402_TRUST_FACILITATOR: text('^yes$', "yes, to settle in production by the facilitator's word alone"),
    X402_RPC_URL: text('^https?://\\S+$', "the http or https URL of the network's RPC"),
    X402_RPC_URL_FILE: path,
    X402_SIGNER_KEY: secret('the key that pays gas: 64 hex digits'),
    X402_SIGNER_KEY_FILE: path,
    X402_RECEIPT_KEY: secret('the Ed25519 key that signs receipts: 64 hex digits'),
    X402_RECEIPT_KEY_FILE: path,
    X402_ALLOW_TEST_NETWORK: text('^yes$', 'yes, to sell for test money in production'),
    METRICS: text('^(on|off)$', 'on or off'),
    METRICS_HOST: Type.String({
      pattern: '^[A-Za-z0-9.:_-]+$',
      default: '127.0.0.1',
      description: 'an address or a host name'
    }),
    METRICS_PORT: wholeNumber(0, 65_535, 9464),
    OTEL_EXPORTER_OTLP_ENDPOINT: text('^https?://[^/?#\\s@]+(/[^?#\\s]*)?$', 'an http or https URL without query'),
    RATE_LIMIT_PER_MINUTE: wholeNumber(1, 999_999_999, 600),
    CHALLENGES_PER_MINUTE: wholeNumber(1, 999_999_999, 60),
    BODY_LIMIT_BYTES: wholeNumber(1024, 16_777_216, 262_144)
  },
  { $id: 'Environment', title: 'Environment' }
)
export type Environment = Static<typeof Environment>
