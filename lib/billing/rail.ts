import type { IncomingHttpHeaders } from 'node:http'

/** A request that would be computed, as a rail sees it. */
export interface ChargeRequest {
  readonly method: string
  /** Path without query, from the router, never from the `Host` header. */
  readonly path: string
  /** sha256 of the request's meaning, 64 hex digits. */
  readonly fingerprint: string
  readonly priceMicroUsd: bigint
  /** Who asks, for limits and for reuse of a pending challenge. */
  readonly clientAddress: string
  /** Unix milliseconds. */
  readonly nowMs: number
}

/** One rail's offer inside a 402. */
export interface Challenge {
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Members of the 402's body, for tools that read bodies. */
  readonly members: Readonly<Record<string, unknown>>
}

/** A proof of payment that is good for this request. */
export interface Authorisation {
  /** `<rail>:<reference>`, lower case: the ledger's unique key. */
  readonly proofKey: string
  /** What was paid, in the asset's smallest unit. */
  readonly amountAtomic: bigint
  readonly asset: string
  /** Unix milliseconds until which the same proof may come back. */
  readonly answerKeptUntilMs: number
}

export type AuthoriseResult =
  | { readonly kind: 'authorised'; readonly authorisation: Authorisation }
  /** The proof buys nothing: the client gets a fresh challenge and this reason. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  /** The proof cannot even be read, and the rail's specification wants 400. */
  | { readonly kind: 'malformed'; readonly code: string; readonly detail: string }

/** A rail's state in health and in 402 bodies. */
export interface RailState {
  readonly status: 'ok' | 'degraded' | 'off'
  /** Why, when not ok; plain words, no host, no version, no secret. */
  readonly reason?: string
}

/**
 * One way to pay. Billing knows rails only through this; a new one is a new implementation and a new plugin.
 * Any member may throw `RailUnavailable`; nothing else may come out.
 */
export interface Rail {
  /** Short lower-case name: `l402`. */
  readonly name: string
  /** The proof this request carries for this rail, unread; undefined when it carries none. */
  findProof(headers: IncomingHttpHeaders): string | undefined
  /** A fresh offer for this request. */
  challenge(request: ChargeRequest): Challenge | Promise<Challenge>
  /** What an answer will cost, without making an invoice. */
  quote(priceMicroUsd: bigint): Record<string, unknown>
  authorise(proof: string, request: ChargeRequest): AuthoriseResult | Promise<AuthoriseResult>
  /** Takes the money, where it is not taken yet. Resolves once it is sure; absent where paying comes before the proof. */
  capture?(authorisation: Authorisation): Promise<void>
  /** True where a proof that was answered may fetch the same answer again. */
  readonly replays: boolean
  state(): RailState
}

/** The rail can make no offer now: it is down (503), or this client asked too often (429). */
export class RailUnavailable extends Error {
  readonly statusCode: 429 | 503
  readonly retryAfterSeconds: number

  /** @param message for the client: plain words, no host, no secret */
  constructor(statusCode: 429 | 503, message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RailUnavailable'
    this.statusCode = statusCode
    this.retryAfterSeconds = retryAfterSeconds
  }
}
