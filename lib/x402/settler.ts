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
  /** A definite no, in a stable code of the x402 specification; the facilitator's own words never go to clients. */
  | { readonly kind: 'bad'; readonly reason: string }

export type SettleOutcome =
  | { readonly kind: 'settled'; readonly transaction: Hex }
  /** A listed, definite refusal: no money has moved, and with this authorisation none will. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may have moved, or may yet; only the chain tells. */
  | { readonly kind: 'unknown' }

/**
 * One way to have payments verified and settled: somebody's facilitator, this process, or a development chain.
 * Every call is bounded: `verify` 2 s, `settle` 10 s.
 */
export interface Settler {
  /**
   * Would this payment go through now?
   * @throws RailUnavailable when nobody can tell; nothing was charged
   */
  verify(payment: Payment): Promise<Verdict>
  /** Moves the money. Never throws: what is not known is `unknown`. Sending one payment twice is safe. */
  settle(payment: Payment): Promise<SettleOutcome>
  state(): RailState
  /** Figures of its own, for operators. */
  measures?(): readonly Measure[]
}

/** Names an authorisation, and what it should have moved. */
export interface AuthorisationRef {
  readonly network: `eip155:${number}`
  readonly asset: Hex
  readonly from: Hex
  readonly nonce: Hex
  readonly payTo: Hex
  readonly amountAtomic: bigint
}

/** What the chain says of one authorisation. */
export type Finding =
  /** A mined transaction used it, and moved exactly this amount to us. */
  | { readonly kind: 'settled'; readonly transaction: Hex }
  /** Nobody has used it; `chainTimeSeconds` is the latest block's, so that an expired one is known to be dead. */
  | { readonly kind: 'unused'; readonly chainTimeSeconds: bigint }
  /** Used without paying us: cancelled by the payer. */
  | { readonly kind: 'cancelled' }
  /** The chain cannot be asked, or its answers do not fit together. */
  | { readonly kind: 'unknown' }

/** Looks an authorisation up on the chain. Bounded to 3 s; never throws. */
export interface Evidence {
  /** @param hint a transaction that is said to have used it; looked at first */
  find(ref: AuthorisationRef, hint?: Hex): Promise<Finding>
}
