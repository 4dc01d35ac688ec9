import type { RailState } from '../billing/rail.ts'
import type { Measure } from '../observe/measure.ts'

/** Hex with its `0x`, lower case. */
export type Hex = `0x${string}`

/** The terms that a payment must meet: one entry of `accepts`, with our own fixed parts read. */
export interface Terms {
  readonly scheme: 'exact'
  /** CAIP-2, such as `eip155:8453`. */
  readonly network: `eip155:${number}`
  /** Atomic units of the asset. */
  readonly amountAtomic: bigint
  /** The token's contract, lower case. */
  readonly asset: Hex
  readonly payTo: Hex
  readonly maxTimeoutSeconds: number
  /** The token's EIP-712 domain. */
  readonly domain: { readonly name: string; readonly version: string }
}

/** A payment that passed every offline check: an EIP-3009 `TransferWithAuthorization`, signed. */
export interface Payment {
  readonly terms: Terms
  readonly from: Hex
  readonly to: Hex
  readonly value: bigint
  /** Unix seconds. */
  readonly validAfter: bigint
  /** Unix seconds. */
  readonly validBefore: bigint
  /** 32 bytes. */
  readonly nonce: Hex
  readonly signature: Hex
}

export type Verdict =
  | { readonly kind: 'good' }
  /** A definite rejection, with a code of the x402 specification; the facilitator's own words never reach clients. */
  | { readonly kind: 'bad'; readonly reason: string }

export type SettleOutcome =
  | { readonly kind: 'settled'; readonly transaction: Hex }
  /** A listed, definite rejection: no money has moved, and none can with this authorisation. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may have moved or may still move; only the chain can tell. */
  | { readonly kind: 'unknown' }

/**
 * Verifies and settles payments: a facilitator, this process, or a development chain. Every call is bounded: `verify` 2
 * s, `settle` 10 s.
 */
export interface Settler {
  /**
   * Checks whether a payment would succeed now.
   * @throws RailUnavailable if that is unknown; nothing was charged
   */
  verify(payment: Payment): Promise<Verdict>
  /** Moves the money. Never throws: an unknown outcome is `unknown`. Idempotent. */
  settle(payment: Payment): Promise<SettleOutcome>
  state(): RailState
  /** The settler's own metrics. */
  measures?(): readonly Measure[]
}

/** An authorisation and the transfer expected from it. */
export interface AuthorisationRef {
  readonly network: `eip155:${number}`
  readonly asset: Hex
  readonly from: Hex
  readonly nonce: Hex
  readonly payTo: Hex
  readonly amountAtomic: bigint
}

/** Chain evidence on one authorisation. */
export type Finding =
  /** A mined transaction used it and moved exactly this amount to the payee. */
  | { readonly kind: 'settled'; readonly transaction: Hex }
  /** Unused; `chainTimeSeconds` is the latest block's, so that an expired authorisation is recognised. */
  | { readonly kind: 'unused'; readonly chainTimeSeconds: bigint }
  /** Used without paying us: cancelled by the payer. */
  | { readonly kind: 'cancelled' }
  /** The chain does not respond, or its responses are inconsistent. */
  | { readonly kind: 'unknown' }

/** Looks an authorisation up on the chain. Bounded to 3 s; never throws. */
export interface Evidence {
  /** @param hint a transaction reported to have used it; checked first */
  find(ref: AuthorisationRef, hint?: Hex): Promise<Finding>
}
