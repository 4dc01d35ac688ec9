import type { DatabaseConfig } from '../database/database-config.ts'
import type { MasterSecret } from '../l402/key-ring.ts'
import type { RateSource } from '../price/sources/index.ts'

/** Where invoices come from. Certificate and macaroon are base64. */
export type LightningConfig =
  | { readonly kind: 'off' }
  | { readonly kind: 'embedded' }
  | { readonly kind: 'lnd'; readonly socket: string; readonly cert: string; readonly macaroon: string }

/** Where the price of a bitcoin comes from, in micro-dollars. */
export type RateConfig =
  /** Nothing is sold over Lightning, so no rate is needed. */
  | { readonly kind: 'off' }
  | { readonly kind: 'fixed'; readonly rateMicroUsdPerBtc: bigint; readonly why: string }
  | {
      readonly kind: 'sources'
      readonly sources: readonly RateSource[]
      readonly refreshSeconds: number
      readonly maxAgeSeconds: number
    }

/** What dollars are paid in over x402. Addresses are lower case. */
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
      /** For evidence; undefined: a payment left unknown waits for its client or the operator. */
      readonly rpcUrl: string | undefined
    }
  | { readonly kind: 'self'; readonly token: X402Token; readonly rpcUrl: string; readonly signerKey: `0x${string}` }

/** The paid routes, by the name that their price goes under. */
export type PricedRoute = 'compute_power' | 'revisions'

/** Everything an operator can set, read once and checked. */
export interface Config {
  readonly host: string
  readonly port: number
  /** What challenges, the catalogue and OpenAPI name; undefined: taken from the address listened on. */
  readonly publicUrl: string | undefined
  readonly production: boolean
  readonly logLevel: string
  readonly trustedProxies: readonly string[]
  readonly database: DatabaseConfig
  /** Where several instances count requests together; undefined: each counts its own. */
  readonly redisUrl: string | undefined
  /** Folder for what the service keeps beside the database; undefined: nothing is kept. */
  readonly dataFolder: string | undefined
  readonly priceMicroUsd: Readonly<Record<PricedRoute, bigint>>
  readonly lightning: LightningConfig
  readonly rate: RateConfig
  readonly x402: X402Config
  /** Signs receipts of x402 (Ed25519); undefined: they are not signed. */
  readonly receiptKey: `0x${string}` | undefined
  /** Undefined: made at first start, kept in the data folder. */
  readonly l402Secrets: readonly MasterSecret[] | undefined
  readonly invoiceExpirySeconds: number
  readonly redeemSeconds: number
  readonly requestsPerMinute: number
  readonly challengesPerMinute: number
  readonly bodyLimitBytes: number
}

/** One or more settings are wrong; `problems` has one line for each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}
