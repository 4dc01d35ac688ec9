import { EventEmitter } from 'node:events'
import type { FacilitatorClient } from '@x402/core/server'
import type {
  PaymentPayload,
  PaymentRequirements,
  SettleResponse,
  SupportedResponse,
  VerifyResponse
} from '@x402/core/types'
import { Pool } from 'undici'
import { observeCall } from '../../observe/calls.ts'
import { withDeadline } from '../../time/deadline.ts'
import type { Resource } from '../wire/payment-required.ts'
import { isObject, type JsonObject } from '../wire/strict-text.ts'
import { definiteRefusal, loggable } from './reasons.ts'

const VERIFY_LIMIT_MS = 2000
const SETTLE_LIMIT_MS = 10_000
const SUPPORTED_LIMIT_MS = 5000
const MAX_ANSWER_BYTES = 256 * 1024
const MAX_CONNECTIONS = 64

const TRANSACTION = /^0x[0-9a-fA-F]{64}$/
/** Statuses that reject the caller, not the payment: no access, too slow, rate limit. */
const NOT_ABOUT_THE_PAYMENT = new Set([401, 403, 407, 408, 429])

/** The resource for the facilitator's catalogue: this service's own, never a client's echo. */
export interface Listing {
  readonly resource: Resource
  readonly extensions: Readonly<Record<string, unknown>>
}

/** No reliable response arrived. The message contains no host and nothing sent or received. */
export class FacilitatorFailure extends Error {
  override readonly name: string = 'FacilitatorFailure'
}

/** A well-formed response that leaves the settlement undecided. */
export class SettlementUndecided extends FacilitatorFailure {
  override readonly name = 'SettlementUndecided'
}

/**
 * A facilitator over HTTP (x402 specification, section 7), for `x402ResourceServer`. Upstream's client has one time
 * limit of 90 s for all calls, follows redirects with a signed payment, reads responses of any size and prints. Here
 * every call is bounded and every response is read strictly: one without a decision is a failure.
 */
export class BoundedFacilitatorClient implements FacilitatorClient {
  readonly #pool: Pool
  /** Prefix of every call's path, without a trailing slash. */
  readonly #basePath: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #listing: (() => Listing) | undefined
  #listingMembers: string | undefined

  /**
   * @param url without a trailing slash
   * @param listing built with the first payment
   */
  constructor(url: string, bearerToken: string | undefined, listing?: () => Listing) {
    const { origin, pathname } = new URL(url)
    this.#pool = new Pool(origin, { connections: MAX_CONNECTIONS, maxResponseSize: MAX_ANSWER_BYTES })
    this.#basePath = pathname.replace(/\/$/, '')
    this.#headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'power-oracle',
      ...(bearerToken !== undefined && { authorization: `Bearer ${bearerToken}` })
    }
    this.#listing = listing
  }

  /** Within 2 s. @throws FacilitatorFailure */
  async verify(payment: PaymentPayload, requirements: PaymentRequirements): Promise<VerifyResponse> {
    const { ok, answer } = await this.#ask('verify', VERIFY_LIMIT_MS, payment, requirements)
    const { isValid, invalidReason, payer } = answer
    if (isValid === false) return { isValid, ...(typeof invalidReason === 'string' && { invalidReason }) }
    if (isValid !== true || !ok) throw new FacilitatorFailure('verify: the response has no verdict')
    if (!isPayer(payer, payment)) throw new FacilitatorFailure('verify: the verdict names another payer')
    return { isValid }
  }

  /**
   * Within 10 s. Returns only a settlement or a definite rejection; upstream would retry after some others.
   * @throws FacilitatorFailure if the money may have moved
   */
  async settle(payment: PaymentPayload, requirements: PaymentRequirements): Promise<SettleResponse> {
    const { ok, answer } = await this.#ask('settle', SETTLE_LIMIT_MS, payment, requirements)
    const { success, errorReason, transaction, network, payer } = answer
    if (success === false) {
      if (definiteRefusal(errorReason) === undefined)
        throw new SettlementUndecided(`settle: not a definite rejection (${loggable(errorReason)})`)
      if (transaction !== undefined && transaction !== null && transaction !== '')
        throw new SettlementUndecided('settle: a rejection that names a transaction')
      return { success, errorReason: errorReason as string, transaction: '', network: requirements.network }
    }
    if (success !== true || !ok) throw new FacilitatorFailure('settle: the response has no outcome')
    if (typeof transaction !== 'string' || !TRANSACTION.test(transaction))
      throw new FacilitatorFailure('settle: a success without a transaction')
    if (network !== requirements.network) throw new FacilitatorFailure('settle: a success on another network')
    if (!isPayer(payer, payment)) throw new FacilitatorFailure('settle: a success of another payer')
    return { success, transaction: transaction.toLowerCase(), network: requirements.network }
  }

  /** Within 5 s. @throws FacilitatorFailure */
  async getSupported(): Promise<SupportedResponse> {
    const { ok, answer } = await this.#exchange('supported', SUPPORTED_LIMIT_MS, { method: 'GET' })
    if (!ok || !Array.isArray(answer.kinds)) throw new FacilitatorFailure('supported: the response lists no kinds')
    return { kinds: answer.kinds.filter(isObject) as never, extensions: [], signers: {} }
  }

  /** Closes all connections and aborts pending requests. */
  close(): Promise<void> {
    return this.#pool.destroy()
  }

  #ask(what: 'verify' | 'settle', limitMs: number, payment: PaymentPayload, requirements: PaymentRequirements) {
    const payload = `${JSON.stringify(payment).slice(0, -1)}${this.#members()}}`
    const body = `{"x402Version":2,"paymentPayload":${payload},"paymentRequirements":${JSON.stringify(requirements)}}`
    return this.#exchange(what, limitMs, { method: 'POST', body })
  }

  /** The listing as further payload members: a constant that is longer than the payment. */
  #members(): string {
    if (this.#listing === undefined) return ''
    this.#listingMembers ??= `,${JSON.stringify(this.#listing()).slice(1, -1)}`
    return this.#listingMembers
  }

  #exchange(what: string, limitMs: number, options: { method: 'GET' | 'POST'; body?: string }) {
    return observeCall('facilitator', what, () => this.#decided(what, limitMs, options))
  }

  async #decided(what: string, limitMs: number, options: { method: 'GET' | 'POST'; body?: string }) {
    const { statusCode, text } = await this.#send(what, limitMs, options)
    const answer = parse(text)
    if (statusCode >= 500 || (statusCode >= 300 && statusCode < 400) || NOT_ABOUT_THE_PAYMENT.has(statusCode))
      throw new FacilitatorFailure(`${what}: status ${statusCode}`)
    if (!isObject(answer)) throw new FacilitatorFailure(`${what}: status ${statusCode} without a JSON object`)
    return { ok: statusCode < 300, answer: answer as JsonObject }
  }

  async #send(what: string, limitMs: number, options: { method: 'GET' | 'POST'; body?: string }) {
    const signal = new EventEmitter()
    const path = `${this.#basePath}/${what}`
    const read = this.#pool
      .request({ ...options, path, headers: this.#headers, signal })
      .then(async ({ statusCode, body }) => ({ statusCode, text: await body.text() }))
    // One limit for connecting, headers and body together, so that a slow drip of bytes does not extend it. The pool
    // processes the abort only once it has a connection, so nothing here waits for that.
    const answer = await withDeadline(read, limitMs, () => 'late' as const).catch(() => undefined)
    if (answer === 'late') {
      signal.emit('abort')
      throw new FacilitatorFailure(`${what}: no response in time`)
    }
    if (answer === undefined) throw new FacilitatorFailure(`${what}: no response`)
    return answer
  }
}

/** The specification allows a response without the payer; a different payer means another payment. */
function isPayer(payer: unknown, { payload }: PaymentPayload): boolean {
  if (payer === undefined || payer === null) return true
  const { from } = payload.authorization as { readonly from: string }
  return typeof payer === 'string' && payer.toLowerCase() === from
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
