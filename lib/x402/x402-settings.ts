import { type Static, type TObject, Type } from '@sinclair/typebox'
import { path, secret, text, URL_PATTERN } from '../../schemas/setting.ts'
import { checkUrl, type Settings, type SettingsSource } from '../config/settings-source.ts'

const ADDRESS = '^0x[0-9A-Fa-f]{40}$'

const VARIABLES = {
  X402: text('^(facilitator|self|embedded|off)$', 'facilitator, self, embedded or off'),
  X402_PAY_TO: text(ADDRESS, 'the receiving address: 0x and 40 hex digits'),
  X402_NETWORK: text('^eip155:[1-9][0-9]{0,15}$', 'a CAIP-2 network such as eip155:8453'),
  X402_ASSET: text(ADDRESS, "the token's contract: 0x and 40 hex digits"),
  X402_ASSET_NAME: text('^\\S(.{0,62}\\S)?$', "the token's EIP-712 name, such as USD Coin"),
  X402_ASSET_VERSION: text('^\\S{1,16}$', "the token's EIP-712 version, such as 2"),
  X402_ASSET_DECIMALS: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 18, description: 'a whole number from 0 to 18' })
  ),
  X402_FACILITATOR_URL: text(URL_PATTERN, 'an http or https URL without query'),
  X402_FACILITATOR_TOKEN: secret('the bearer token of the facilitator'),
  X402_FACILITATOR_TOKEN_FILE: path,
  X402_TRUST_FACILITATOR: text('^yes$', "yes, to settle in production by the facilitator's word alone"),
  X402_RPC_URL: text('^https?://\\S+$', "the http or https URL of the network's RPC"),
  X402_RPC_URL_FILE: path,
  X402_SIGNER_KEY: secret('the key that pays gas: 64 hex digits'),
  X402_SIGNER_KEY_FILE: path,
  X402_RECEIPT_KEY: secret('the Ed25519 key that signs receipts: 64 hex digits'),
  X402_RECEIPT_KEY_FILE: path,
  X402_ALLOW_TEST_NETWORK: text('^yes$', 'yes, to sell for test money in production')
}
type Environment = Static<TObject<typeof VARIABLES>>
type Secrets = Settings<typeof VARIABLES>['secrets']

/** The token and payee of x402. Addresses are lower case. */
export interface X402Token {
  /** CAIP-2. */
  readonly network: `eip155:${number}`
  readonly asset: `0x${string}`
  readonly payTo: `0x${string}`
  /** The token's EIP-712 domain. */
  readonly name: string
  readonly version: string
  readonly decimals: number
}

/** How x402 payments are verified and settled. */
export type X402Config =
  | { readonly kind: 'off' }
  /** A chain of its own, for development. */
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'facilitator'
      readonly token: X402Token
      readonly url: string
      readonly bearerToken: string | undefined
      /** For evidence; undefined: settlements are not checked on the chain. */
      readonly rpcUrl: string | undefined
    }
  | { readonly kind: 'self'; readonly token: X402Token; readonly rpcUrl: string; readonly signerKey: `0x${string}` }

/** The settings of the x402 rail. */
export interface X402Settings {
  readonly x402: X402Config
  /** Signs receipts (Ed25519); undefined: they are not signed. */
  readonly receiptKey: `0x${string}` | undefined
}

/** USDC on Base. */
const BASE_USDC: Omit<X402Token, 'payTo'> = {
  network: 'eip155:8453',
  asset: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
  name: 'USD Coin',
  version: '2',
  decimals: 6
}

/** Networks with worthless money: testnets of the chains that x402 uses, and local chains. */
const TEST_NETWORKS = new Set([
  'eip155:84532',
  'eip155:11155111',
  'eip155:11155420',
  'eip155:421614',
  'eip155:43113',
  'eip155:80002',
  'eip155:1337',
  'eip155:31337'
])

/** Of secp256k1. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const KEY = /^(0x)?[0-9A-Fa-f]{64}$/

/** Reads the settings of the x402 rail. */
export function readX402(source: SettingsSource): X402Settings {
  const settings = source.read(VARIABLES)
  const { environment, secrets } = settings
  checkUrl(source, 'X402_FACILITATOR_URL', environment.X402_FACILITATOR_URL)
  checkUrl(source, 'X402_RPC_URL', secrets.X402_RPC_URL)
  return { x402: readConfig(source, settings), receiptKey: readKey('X402_RECEIPT_KEY', source, secrets) }
}

function readConfig(source: SettingsSource, { environment, secrets }: Settings<typeof VARIABLES>): X402Config {
  const { production, problems } = source
  const kind = environment.X402 ?? (production ? 'off' : 'embedded')
  if (kind === 'off') return { kind }
  if (kind === 'embedded') {
    if (production)
      problems.push('X402: must be facilitator, self or off in production; embedded is a development chain')
    return { kind }
  }
  const need = <T>(name: string, value: T | undefined, expected: string): T => {
    if (value === undefined) problems.push(`${name}: is required with X402=${kind}; must be ${expected}`)
    return value as T
  }
  const rpcUrl = secrets.X402_RPC_URL
  const token = readToken(environment, !production || rpcUrl !== undefined, need)
  if (production && TEST_NETWORKS.has(token.network) && environment.X402_ALLOW_TEST_NETWORK === undefined)
    problems.push(
      'X402_NETWORK: is a test network; set X402_ALLOW_TEST_NETWORK=yes to sell for test money in production'
    )
  if (kind === 'facilitator' && production && rpcUrl === undefined && environment.X402_TRUST_FACILITATOR === undefined)
    problems.push(
      'X402_RPC_URL: is required with X402=facilitator in production; ' +
        "or set X402_TRUST_FACILITATOR=yes to settle by the facilitator's word alone"
    )
  if (kind === 'facilitator')
    return {
      kind,
      token,
      url: need('X402_FACILITATOR_URL', environment.X402_FACILITATOR_URL, 'an http or https URL')?.replace(/\/+$/, ''),
      bearerToken: secrets.X402_FACILITATOR_TOKEN,
      rpcUrl
    }
  need('X402_SIGNER_KEY', secrets.X402_SIGNER_KEY, '64 hex digits; or set X402_SIGNER_KEY_FILE')
  return {
    kind: 'self',
    token,
    rpcUrl: need('X402_RPC_URL', rpcUrl, "the http or https URL of the network's RPC"),
    signerKey: readKey('X402_SIGNER_KEY', source, secrets) ?? '0x'
  }
}

/** @returns the key as lower-case hex with `0x`; undefined if not set */
function readKey(
  name: 'X402_SIGNER_KEY' | 'X402_RECEIPT_KEY',
  { problems }: SettingsSource,
  secrets: Secrets
): `0x${string}` | undefined {
  const value = secrets[name]
  if (value === undefined) return undefined
  const key = `0x${value.replace(/^0x/, '').toLowerCase()}` as const
  if (!KEY.test(value)) problems.push(`${name}: must be 64 hex digits`)
  else if (name === 'X402_SIGNER_KEY' && !isPrivateKey(BigInt(key)))
    problems.push(`${name}: must be a private key of secp256k1`)
  return key
}

function isPrivateKey(key: bigint): boolean {
  return key > 0n && key < CURVE_ORDER
}

/** Base USDC by default; another network or token needs all its settings. */
function readToken(
  environment: Environment,
  isHeldAgainstChain: boolean,
  need: <T>(name: string, value: T | undefined, expected: string) => T
): X402Token {
  const payTo = address(need('X402_PAY_TO', environment.X402_PAY_TO, 'the receiving address'))
  const { X402_NETWORK: network, X402_ASSET: asset } = environment
  const isDefault = (network ?? BASE_USDC.network) === BASE_USDC.network && asset === undefined
  if (isDefault)
    return {
      ...BASE_USDC,
      payTo,
      name: environment.X402_ASSET_NAME ?? BASE_USDC.name,
      version: environment.X402_ASSET_VERSION ?? BASE_USDC.version,
      decimals: environment.X402_ASSET_DECIMALS ?? BASE_USDC.decimals
    }
  const expected = 'the value of the token that X402_NETWORK and X402_ASSET name'
  return {
    network: (network ?? BASE_USDC.network) as X402Token['network'],
    asset: address(need('X402_ASSET', asset, "the token's contract on X402_NETWORK")),
    payTo,
    name: need('X402_ASSET_NAME', environment.X402_ASSET_NAME, expected),
    version: need('X402_ASSET_VERSION', environment.X402_ASSET_VERSION, expected),
    // Without a chain check, a wrong guess could sell an answer for a millionth of its price.
    decimals: isHeldAgainstChain
      ? (environment.X402_ASSET_DECIMALS ?? BASE_USDC.decimals)
      : need('X402_ASSET_DECIMALS', environment.X402_ASSET_DECIMALS, expected)
  }
}

function address(value: string | undefined): `0x${string}` {
  return (value ?? '0x').toLowerCase() as `0x${string}`
}
