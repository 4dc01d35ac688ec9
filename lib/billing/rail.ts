import type { IncomingHttpHeaders } from 'node:http'
import type { PendingPayment, Purchase } from '../ledger/ledger.ts'
import type { Measure } from '../observe/measure.ts'

/** A valid request, as a rail sees it. */
export interface ChargeRequest {
  readonly method: string
  /** Path without query, from the router, never from the `Host` header. */
  readonly path: string
  /** The route's pattern, for the books and for terms prepared per route. */
  readonly route: string
  /** sha256 of the canonical request, 64 hex digits. */
  readonly fingerprint: string
  readonly priceMicroUsd: bigint
  /** The client's address, for limits and for reuse of a pending challenge. */
  readonly clientAddress: string
  readonly headers: IncomingHttpHeaders
  /** Unix milliseconds. */
  readonly nowMs: number
}

/** A request without a body: only its route and headers are known. */
export type QuoteRequest = Pick<ChargeRequest, 'route' | 'path' | 'priceMicroUsd' | 'headers' | 'nowMs'>

/** Why a proof was rejected. */
export interface Refusal {
  readonly code: string
  readonly detail: string
}

/** Response headers, in their order. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** One rail's offer inside a 402. */
export interface Challenge {
  readonly headers: Headers
  /** Members of the 402's body as JSON without braces, for clients that read bodies; prepared where constant. */
  readonly members: string
}

/** One payment method, as directories list it (draft-payment-discovery). */
export interface ListedOffer {
  readonly method: string
  readonly currency: string
  /** In the currency's smallest unit; null if it follows a rate. */
  readonly amount: string | null
}

/** A proof of payment that is valid for this request as far as offline checks show. */
export interface Authorisation {
  /** `<rail>:<reference>`, lower case: the ledger's unique key. */
  readonly proofKey: string
  /** The amount paid, in the asset's smallest unit. */
  readonly amountAtomic: bigint
  readonly asset: string
  /** Unix milliseconds until which the same proof is accepted again. */
  readonly answerKeptUntilMs: number
  /** True if this process made the offer and sees the proof for the first time: no row is expected. */
  readonly isFirstUse?: boolean
  /** Present only if the money moves after computing. */
  readonly deferred?: DeferredPayment
}

/** A promised payment, settled after its answer has been computed. */
export interface DeferredPayment {
  /** sha256 of the whole proof, because its key is public. */
  readonly proofDigest: Buffer
  /** The payer's own name for this purchase, hashed with the payer; equal names mean the same purchase. */
  readonly purchaseKey: string | undefined
  readonly payer: string
  /** What `Rail.settlePending` needs to settle later, without the client. */
  readonly proof: string
  /** The payee; the settings may name another one after a restart. */
  readonly payee: string
  /** Unix seconds after which it can no longer be settled. */
  readonly settleBeforeSeconds: bigint
  /**
   * Checks that the payment can be settled, before anything is computed.
   * @throws RailUnavailable if that is unknown; nothing was charged
   */
  confirm(): Promise<{ readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }>
  /** Settles the payment. Never throws: an unknown outcome is `unknown`. Idempotent. */
  settle(): Promise<Settlement>
  /** True if the named payer really made the proof. */
  isByPayer(): Promise<boolean>
}

export type Settlement =
  | { readonly kind: 'settled'; readonly reference: string }
  /** Definite: no money has moved, and none can with this proof. The rail may have a receipt for this, too. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly headers?: Headers }
  /** It may have moved or may still move. */
  | { readonly kind: 'unknown' }

/** The outcome of an unknown payment, from an authoritative source. */
export type Resolution =
  | { readonly kind: 'settled'; readonly reference: string }
  /** It has not moved and never will. */
  | { readonly kind: 'dead' }
  /** Not moved as far as the source shows; it still can. */
  | { readonly kind: 'open' }
  | { readonly kind: 'unknown' }

export type AuthoriseResult =
  | { readonly kind: 'authorised'; readonly authorisation: Authorisation }
  /** The proof is rejected: the client gets a new challenge and this reason. */
  | ({ readonly kind: 'refused' } & Refusal)
  /** The proof is unreadable, and the rail's specification requires 400. */
  | ({ readonly kind: 'malformed' } & Refusal)

/** A rail's state in health and in 402 bodies. */
export interface RailState {
  readonly status: 'ok' | 'degraded' | 'off'
  /** Why, when not ok; plain words, no host, no version, no secret. */
  readonly reason?: string
  /** True for a degraded rail that can still take payments. */
  readonly sells?: boolean
}

/** Whether a rail in this state makes offers: a degraded one does only if its state says so. */
export function sellsIn({ status, sells = status === 'ok' }: RailState): boolean {
  return sells
}

/**
 * A payment rail. Billing knows rails only through this interface; a new rail is an implementation and a plugin. Any
 * member may throw `RailUnavailable` and nothing else.
 */
export interface Rail {
  /** Short lower-case name: `l402`. */
  readonly name: string
  /** The request header of a proof: `Authorization`. */
  readonly proofHeader: string
  /** The unparsed proof for this rail in a request; undefined if it has none. */
  findProof(headers: IncomingHttpHeaders): string | undefined
  /**
   * The key of a proof that is already paid, judged offline from the headers alone and for any request: its client is
   * admitted when others are not. Absent if only the node or the chain can tell.
   * @param nowMs unix milliseconds
   */
  paidKey?(headers: IncomingHttpHeaders, nowMs: number): string | undefined
  /**
   * Whether an offer at this price could be made without waiting for the node; a request that is rejected for that
   * counts as demand all the same. Absent if an offer never waits.
   */
  offersAtOnce?(priceMicroUsd: bigint): boolean
  /** A new offer for this request; `refusal` is why the given proof was rejected. */
  challenge(request: ChargeRequest, refusal?: Refusal): Challenge | Promise<Challenge>
  /** The price of an answer, without an invoice; `refusal` is why the given proof was rejected. */
  quote(request: QuoteRequest, refusal?: Refusal): Challenge
  /** Why a proof without a body is rejected. Absent if a proof can be judged only with its request. */
  findFault?(proof: string, request: QuoteRequest): Exclude<AuthoriseResult, { kind: 'authorised' }> | undefined
  /** This rail's own terms for the price list, in snake_case; undefined while it has none. */
  terms(priceMicroUsd: bigint): Readonly<Record<string, string | number>> | undefined
  /** The terms for directories that read the OpenAPI document; undefined until known. */
  listed?(priceMicroUsd: bigint): ListedOffer | undefined
  /** Judges a proof without an outside call. */
  authorise(proof: string, request: ChargeRequest): AuthoriseResult | Promise<AuthoriseResult>
  /** The result for a proof that was used for another request: a new offer (402) or a conflict (409). */
  readonly otherRequestStatus: 402 | 409
  /** Looks up the outcome of an unknown payment. Never throws; absent for a prepaid rail. */
  resolve?(payment: PendingPayment): Promise<Resolution>
  /** Settles a pending payment with the stored proof. Never throws: an unknown outcome is `unknown`. Idempotent. */
  settlePending?(payment: PendingPayment): Promise<Settlement>
  /** Receipt headers of an answer paid over this rail, for its settlement. */
  receipt?(purchase: Pick<Purchase, 'settlement' | 'payer'>, request: ChargeRequest): Headers | Promise<Headers>
  state(): RailState
  /** This rail's own metrics. */
  measures?(): readonly Measure[]
}

/** The rail makes no offer: it is down (503), or this client asked too often (429). */
export class RailUnavailable extends Error {
  readonly statusCode: 429 | 503
  readonly retryAfterSeconds: number
  /** Code of the client's problem; undefined: the default of the status. */
  readonly code: string | undefined

  /** @param message for the client: no host, no secret */
  constructor(
    statusCode: 429 | 503,
    message: string,
    retryAfterSeconds: number,
    { code, ...options }: ErrorOptions & { readonly code?: string } = {}
  ) {
    super(message, options)
    this.code = code
    this.name = 'RailUnavailable'
    this.statusCode = statusCode
    this.retryAfterSeconds = retryAfterSeconds
  }
}
