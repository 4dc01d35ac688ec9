import type { IncomingHttpHeaders } from 'node:http'
import {
  type AuthoriseResult,
  type Challenge,
  type ChargeRequest,
  type ListedOffer,
  type QuoteRequest,
  type Rail,
  type RailState,
  RailUnavailable
} from '../billing/rail.ts'
import type { InvoicePool } from '../lightning/invoice-pool.ts'
import { LightningError } from '../lightning/lightning-error.ts'
import type { Invoice } from '../lightning/lightning-node.ts'
import type { MinuteCounter } from '../limits/minute-counter.ts'
import type { Measure } from '../observe/measure.ts'
import { formatUsd } from '../price/usd.ts'
import type { TokenRequest, TokenRoute } from './caveats.ts'
import type { KeyRing } from './key-ring.ts'
import { isL402Proof } from './l402-proof.ts'
import { finishToken, mintTokenBase, type TokenBase, tieToRoute } from './mint.ts'
import { asChallenge, asRepeat, OfferedChallenges, type ReusableChallenge } from './offered-challenges.ts'
import { paymentHashOfLiveToken, type TokenRefusal, verifyToken } from './token-verdict.ts'

/** An invoice with the part of its token that does not depend on the request. */
export interface PreparedInvoice {
  readonly bolt11: string
  /** 64 hex digits. */
  readonly paymentHash: string
  readonly priceSats: number
  readonly expiresAtMs: number
  /** The same time, as in the 402's body. */
  readonly expiresAt: string
  readonly token: TokenBase
}

/** What the rail needs from the rest of the service. */
export interface L402RailParts {
  readonly keys: KeyRing
  /** Prepared invoices by price in micro-dollars: one pool for each price of a route. */
  readonly pools: ReadonlyMap<bigint, InvoicePool<PreparedInvoice>>
  /** Current sats for a price; undefined without a trusted rate. */
  readonly satsFor: (priceMicroUsd: bigint) => bigint | undefined
  readonly challengesPerMinute: MinuteCounter
  /** Whether a payment has already been used, here or at another instance. */
  readonly isUsed: (proofKey: string) => Promise<boolean>
}

const REASONS: Record<TokenRefusal, string> = {
  token_unreadable: 'The Authorization header is not an L402 proof. Send L402 <macaroon base64>:<preimage hex>.',
  token_forged: 'The macaroon was not issued by this service, was modified, or its key was rotated out.',
  token_malformed: "The macaroon's caveats are incomplete, or an added caveat contradicts the purchase.",
  token_expired: 'The token has expired.',
  token_other_request: 'The token was bought for another request. Send exactly the request that was challenged.',
  preimage_wrong: 'The preimage does not belong to the payment hash of this token.'
}

const RETRY_AFTER_SECONDS = 5

/**
 * Creates the part of a token that waits in the pool with its invoice.
 * @param random 28 random bytes
 * @param usualRoute the route of most requests; others can use the token too
 */
export function prepareInvoice(
  keys: KeyRing,
  invoice: Invoice,
  redeemSeconds: number,
  random: Buffer,
  usualRoute?: TokenRoute
): PreparedInvoice {
  // The token outlives the invoice, so that a payment in the last second still buys the answer.
  const validUntil = Math.floor(invoice.expiresAtMs / 1000) + redeemSeconds
  const base = mintTokenBase(keys, invoice.paymentHash, validUntil, invoice.amountMsat, random)
  return {
    bolt11: invoice.bolt11,
    paymentHash: invoice.paymentHash.toString('hex'),
    priceSats: Number(invoice.amountMsat / 1000n),
    expiresAtMs: invoice.expiresAtMs,
    expiresAt: new Date(invoice.expiresAtMs).toISOString(),
    token: usualRoute === undefined ? base : tieToRoute(base, usualRoute)
  }
}

/** L402: a Lightning invoice with a macaroon that its preimage turns into a proof of payment. */
export class L402Rail implements Rail {
  readonly name = 'l402'
  readonly proofHeader = 'Authorization'
  readonly otherRequestStatus = 402
  readonly #parts: L402RailParts
  readonly #offered = new OfferedChallenges()

  constructor(parts: L402RailParts) {
    this.#parts = parts
  }

  findProof(headers: IncomingHttpHeaders): string | undefined {
    const { authorization } = headers
    return authorization !== undefined && isL402Proof(authorization) ? authorization : undefined
  }

  paidKey(headers: IncomingHttpHeaders, nowMs: number): string | undefined {
    const proof = this.findProof(headers)
    const paymentHash = proof && paymentHashOfLiveToken(this.#parts.keys, proof, nowMs / 1000)
    return paymentHash && proofKeyOf(paymentHash)
  }

  offersAtOnce(priceMicroUsd: bigint): boolean {
    return this.#parts.pools.get(priceMicroUsd)?.isReady() === true
  }

  challenge(request: ChargeRequest): Challenge | Promise<Challenge> {
    const key = `${request.clientAddress} ${request.path} ${request.fingerprint}`
    const reusable = this.#offered.get(key, request.nowMs)
    return reusable === undefined ? this.#new(request, key) : this.#again(reusable, request, key)
  }

  quote({ priceMicroUsd }: QuoteRequest): Challenge {
    const sats = this.#parts.satsFor(priceMicroUsd)
    return { headers: [], members: sats === undefined ? '' : `"priceSats":${sats}` }
  }

  terms(priceMicroUsd: bigint): { price_sats: number } | undefined {
    const sats = this.#parts.satsFor(priceMicroUsd)
    return sats === undefined ? undefined : { price_sats: Number(sats) }
  }

  listed(): ListedOffer {
    return { method: 'lightning', currency: 'sat', amount: null }
  }

  authorise(proof: string, request: ChargeRequest): AuthoriseResult {
    const asked = { ...tokenRequest(request), now: request.nowMs / 1000 }
    const presented = this.#offered.present(proof, asked)
    if (presented !== undefined) {
      const { paymentHash, priceSats, validUntil } = presented.offered
      return this.#authorised(paymentHash, BigInt(priceSats) * 1000n, validUntil, presented.isFirst)
    }
    const verdict = verifyToken(this.#parts.keys, proof, asked)
    if (!verdict.ok) return { kind: 'refused', code: verdict.refusal, detail: REASONS[verdict.refusal] }
    return this.#authorised(verdict.paymentHash, verdict.terms.priceMsat, verdict.terms.validUntil, false)
  }

  state(): RailState {
    for (const [priceMicroUsd, pool] of this.#parts.pools) {
      if (this.#parts.satsFor(priceMicroUsd) === undefined)
        return { status: 'off', reason: 'the bitcoin price is unknown' }
      if (pool.state() === 'degraded') return { status: 'degraded', reason: 'no invoice can be created at present' }
    }
    return { status: 'ok' }
  }

  measures(): Measure[] {
    return [...this.#parts.pools].flatMap(([priceMicroUsd, pool]) => {
      const { ready, target, waiting, made, discarded } = pool.health()
      const labels = { price_usd: formatUsd(priceMicroUsd) }
      const help = (what: string) => `Invoices at this price: ${what}.`
      return [
        { name: 'invoice_pool_ready', help: help('prepared'), labels, value: ready },
        { name: 'invoice_pool_target', help: help('the number to keep prepared'), labels, value: target },
        { name: 'invoice_pool_waiting', help: help('requests waiting for one'), labels, value: waiting },
        { name: 'invoices_made_total', help: help('created by the node'), labels, value: made },
        { name: 'invoices_discarded_total', help: help('expired or repriced before use'), labels, value: discarded }
      ]
    })
  }

  #authorised(paymentHash: string, amountAtomic: bigint, validUntil: number, isFirstUse: boolean): AuthoriseResult {
    this.#offered.withdraw(paymentHash)
    return {
      kind: 'authorised',
      authorisation: {
        proofKey: proofKeyOf(paymentHash),
        amountAtomic,
        asset: 'msat',
        answerKeptUntilMs: validUntil * 1000,
        isFirstUse
      }
    }
  }

  /** Offers the same invoice again, unless it was paid meanwhile: a second payment would be lost. */
  #again(reusable: ReusableChallenge, request: ChargeRequest, key: string): Promise<Challenge> {
    const { offered } = reusable
    return this.#parts.isUsed(proofKeyOf(offered.paymentHash)).then(
      (isUsed) => {
        if (!isUsed) return asRepeat(reusable)
        this.#offered.withdraw(offered.paymentHash)
        this.#offered.withdrawAt(key, offered)
        // Starts over: a copy of this request may have taken a new invoice meanwhile.
        return this.challenge(request)
      },
      (cause: unknown) => {
        throw new RailUnavailable(503, 'Payment lookup is unavailable.', RETRY_AFTER_SECONDS, { cause })
      }
    )
  }

  #new(request: ChargeRequest, key: string): Challenge | Promise<Challenge> {
    if (this.#parts.satsFor(request.priceMicroUsd) === undefined) throw noRate()
    const wait = this.#parts.challengesPerMinute.take(request.clientAddress, request.nowMs)
    if (wait !== undefined) throw new RailUnavailable(429, 'Too many invoices were requested from your address.', wait)
    const pool = this.#parts.pools.get(request.priceMicroUsd)
    if (pool === undefined) throw new RangeError('no invoice pool exists for this price')
    const prepared = pool.tryTake()
    if (prepared !== undefined) return this.#offerNew(prepared, request, key)
    return pool.next().then(
      (late) => this.#offerNew(late, request, key),
      (error: unknown) => {
        const cause = error instanceof LightningError ? error.code : 'failed'
        throw new RailUnavailable(503, `No invoice can be created at present (${cause}).`, RETRY_AFTER_SECONDS, {
          cause: error
        })
      }
    )
  }

  #offerNew(prepared: PreparedInvoice, asked: ChargeRequest, key: string): Challenge {
    const { bolt11, paymentHash, priceSats, expiresAtMs, expiresAt } = prepared
    const { validUntil } = prepared.token
    const request = tokenRequest(asked)
    const token = finishToken(prepared.token, request)
    const offered = { bolt11, paymentHash, priceSats, expiresAtMs, expiresAt, token, validUntil, request }
    this.#offered.add(key, offered, asked.nowMs)
    return asChallenge(offered)
  }
}

function proofKeyOf(paymentHash: string): string {
  return `l402:${paymentHash}`
}

function tokenRequest({ method, path, fingerprint }: ChargeRequest): TokenRequest {
  return { method, path, requestSha256: fingerprint }
}

function noRate(): RailUnavailable {
  return new RailUnavailable(503, 'The bitcoin price is unknown at present.', RETRY_AFTER_SECONDS * 6)
}
