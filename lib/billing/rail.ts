import type { IncomingHttpHeaders } from 'node:http'
import type { PendingPayment, Purchase } from '../ledger/ledger.ts'
import type { Measure } from '../observe/measure.ts'

/** A request that would be computed, as a rail sees it. */
export interface ChargeRequest {
  readonly method: string
  /** Path without query, from the router, never from the `Host` header. */
  readonly path: string
  /** The route's pattern, for the books and for terms that are made once a route. */
  readonly route: string
  /** sha256 of the request's meaning, 64 hex digits. */
  readonly fingerprint: string
  readonly priceMicroUsd: bigint
  /** Who asks, for limits and for reuse of a pending challenge. */
  readonly clientAddress: string
  readonly headers: IncomingHttpHeaders
  /** Unix milliseconds. */
  readonly nowMs: number
}

/** A request without a body: its route and headers are all that is known. */
export type QuoteRequest = Pick<ChargeRequest, 'route' | 'path' | 'priceMicroUsd' | 'headers' | 'nowMs'>

/** Why a proof was not taken. */
export interface Refusal {
  readonly code: string
  readonly detail: string
}

/** Response headers, in their order. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** One rail's offer inside a 402. */
export interface Challenge {
  readonly headers: Headers
  /** Members of the 402's body as JSON without braces, for tools that read bodies: prepared where they are constant. */
  readonly members: string
}

/** One way to pay a price, as directories list it (draft-payment-discovery). */
export interface ListedOffer {
  readonly method: string
  readonly currency: string
  /** In the currency's smallest unit; null where it follows a rate. */
  readonly amount: string | null
}

/** A proof of payment that is good for this request, as far as can be told without asking anyone. */
export interface Authorisation {
  /** `<rail>:<reference>`, lower case: the ledger's unique key. */
  readonly proofKey: string
  /** What was paid, in the asset's smallest unit. */
  readonly amountAtomic: bigint
  readonly asset: string
  /** Unix milliseconds until which the same proof may come back. */
  readonly answerKeptUntilMs: number
  /** True where this process made the proof's offer and sees the proof for the first time: no row is to be expected. */
  readonly isFirstUse?: boolean
  /** Only where the money moves after computing. */
  readonly deferred?: DeferredPayment
}

/** A payment that is promised, and taken once there is an answer to be given for it. */
export interface DeferredPayment {
  /** sha256 over the whole proof: its key alone is public. */
  readonly proofDigest: Buffer
  /** The payer's own name for this purchase, hashed together with the payer; the same name is the same purchase. */
  readonly purchaseKey: string | undefined
  readonly payer: string
  /** What `Rail.settlePending` needs to take the money later, without the client. */
  readonly proof: string
  /** Who is paid: it may be somebody else after the next start. */
  readonly payee: string
  /** Unix seconds after which it can no longer be taken. */
  readonly settleBeforeSeconds: bigint
  /**
   * Asks whether the money can be taken now, before anything is computed.
   * @throws RailUnavailable when nobody can tell; nothing was charged
   */
  confirm(): Promise<{ readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }>
  /** Takes the money. Never throws: what is not known is `unknown`. Doing it twice is safe. */
  settle(): Promise<Settlement>
  /** True where the proof was really made by the payer it names. */
  isByPayer(): Promise<boolean>
}

export type Settlement =
  | { readonly kind: 'settled'; readonly reference: string }
  /** Definite: no money has moved, and with this proof none will. The rail may have a receipt for that, too. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly headers?: Headers }
  /** It may have moved, or may yet. */
  | { readonly kind: 'unknown' }

/** What became of a payment that was left unknown, from a source that cannot be argued with. */
export type Resolution =
  | { readonly kind: 'settled'; readonly reference: string }
  /** It has not moved and never will. */
  | { readonly kind: 'dead' }
  /** It has not moved as far as anybody but its settler can tell, and still can. */
  | { readonly kind: 'open' }
  | { readonly kind: 'unknown' }

export type AuthoriseResult =
  | { readonly kind: 'authorised'; readonly authorisation: Authorisation }
  /** The proof buys nothing: the client gets a fresh challenge and this reason. */
  | ({ readonly kind: 'refused' } & Refusal)
  /** The proof cannot even be read, and the rail's specification wants 400. */
  | ({ readonly kind: 'malformed' } & Refusal)

/** A rail's state in health and in 402 bodies. */
export interface RailState {
  readonly status: 'ok' | 'degraded' | 'off'
  /** Why, when not ok; plain words, no host, no version, no secret. */
  readonly reason?: string
  /** True for a degraded rail that can still take payments. */
  readonly sells?: boolean
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
  /**
   * The key of a proof that has been paid already, as far as these headers alone show offline, whatever the request:
   * its client is let in where strangers are not. Absent where that cannot be told without the node or the chain.
   * @param nowMs unix milliseconds
   */
  paidKey?(headers: IncomingHttpHeaders, nowMs: number): string | undefined
  /** A fresh offer for this request; `refusal` is why the proof that came bought nothing. */
  challenge(request: ChargeRequest, refusal?: Refusal): Challenge | Promise<Challenge>
  /** What an answer will cost, where no invoice may be made; `refusal` is what is wrong with the proof that came. */
  quote(request: QuoteRequest, refusal?: Refusal): Challenge
  /**
   * What is wrong with a proof that came without a body. Absent where a proof shows that only together with its request.
   */
  findFault?(proof: string, request: QuoteRequest): Exclude<AuthoriseResult, { kind: 'authorised' }> | undefined
  /** The same for the price list: this rail's own terms, in snake_case; undefined while it has none. */
  terms(priceMicroUsd: bigint): Readonly<Record<string, string | number>> | undefined
  /** The same for directories that read the OpenAPI document; undefined until it is known. */
  listed?(priceMicroUsd: bigint): ListedOffer | undefined
  /** Judges a proof without asking anyone outside. */
  authorise(proof: string, request: ChargeRequest): AuthoriseResult | Promise<AuthoriseResult>
  /** What a proof is told that was used for another request: a fresh offer (402), or that nothing was taken (409). */
  readonly otherRequestStatus: 402 | 409
  /** Finds out about a payment that was left unknown. Never throws; absent where paying comes before the proof. */
  resolve?(payment: PendingPayment): Promise<Resolution>
  /**
   * Takes the money of a payment that was left pending, by the proof that was kept with it. Never throws: what is not
   * known is `unknown`. Doing it twice is safe.
   */
  settlePending?(payment: PendingPayment): Promise<Settlement>
  /** Headers of an answer that was paid by this rail, for the settlement that it gave. */
  receipt?(purchase: Pick<Purchase, 'settlement' | 'payer'>, request: ChargeRequest): Headers | Promise<Headers>
  state(): RailState
  /** Figures of this rail's own, for operators. */
  measures?(): readonly Measure[]
}

/** The rail can make no offer now: it is down (503), or this client asked too often (429). */
export class RailUnavailable extends Error {
  readonly statusCode: 429 | 503
  readonly retryAfterSeconds: number
  /** Of the problem that the client gets; undefined: the usual one of the status. */
  readonly code: string | undefined

  /** @param message for the client: plain words, no host, no secret */
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
