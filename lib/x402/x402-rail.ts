import type { IncomingHttpHeaders } from 'node:http'
import {
  type AuthoriseResult,
  type Challenge,
  type ChargeRequest,
  type Headers,
  type ListedOffer,
  type QuoteRequest,
  type Rail,
  type RailState,
  RailUnavailable,
  type Refusal,
  type Resolution,
  type Settlement,
  sellsIn
} from '../billing/rail.ts'
import type { PendingPayment, Purchase } from '../ledger/ledger.ts'
import type { Measure } from '../observe/measure.ts'
import type { ReceiptSigner } from './extensions/receipt-signer.ts'
import { FailedVerifications, type PaymentSteps, SettlementsUnderWay } from './payment-steps.ts'
import type { PreviousPrice } from './previous-prices.ts'
import { type ReadProof, readProof } from './read-proof.ts'
import type { Evidence, Payment, Settler, Terms } from './settler.ts'
import { termsFor } from './terms.ts'
import type { Wrong } from './wire/payment-header.ts'
import { PreparedPaymentRequired, type Quote, type Resource } from './wire/payment-required.ts'
import { paymentResponse } from './wire/payment-response.ts'
import { paymentFromJson, proofKey, referenceTo } from './wire/proof.ts'
import { settlementOf, X402Payment } from './x402-payment.ts'
import type { X402Token } from './x402-settings.ts'

/** The settler and its token. */
export interface Backend {
  readonly token: X402Token
  readonly settler: Settler
  /** Undefined: settlements are not checked on the chain. */
  readonly evidence: Evidence | undefined
  /** Settings that contradict the chain, one line each: nothing is sold with these. */
  readonly wrongSettings: () => readonly string[]
}

/** What the rail needs from the rest of the service. */
export interface X402RailParts {
  /** Undefined while it starts or if it failed; `reason` says which. */
  readonly backend: () => Backend | undefined
  readonly reason: () => string
  /** From configuration, never from a request. */
  readonly publicUrl: () => string
  /** The extensions in a 402 of this route. */
  readonly extensionsOf: (route: string) => Readonly<Record<string, unknown>>
  readonly previousPrice: (route: string) => PreviousPrice | undefined
  /** How long an answer can be fetched again by its purchase name. */
  readonly answerKeptMs: number
  /** Undefined: receipts are not signed. */
  readonly receipts: ReceiptSigner | undefined
}

const RETRY_AFTER_SECONDS = 5
const WRONG_SETTINGS = 'its settings do not match the chain'
/** A header without a value, possibly repeated: generated clients send it before they have paid. */
const IS_EMPTY = /^[ ,]*$/
const RESOURCE = { description: 'Mechanical work and power of a described workout', mimeType: 'application/json' }

/** x402 version 2, scheme exact on EVM chains: a signed transfer that is settled after the answer is computed. */
export class X402Rail implements Rail {
  readonly name = 'x402'
  readonly proofHeader = 'PAYMENT-SIGNATURE'
  readonly otherRequestStatus = 409
  readonly #parts: X402RailParts
  readonly #prepared = new Map<string, PreparedPaymentRequired>()
  readonly #settlements = new SettlementsUnderWay()
  readonly #failures = new FailedVerifications()

  constructor(parts: X402RailParts) {
    this.#parts = parts
  }

  findProof({ 'payment-signature': proof }: IncomingHttpHeaders): string | undefined {
    const value = [proof].flat().join(',')
    return IS_EMPTY.test(value) ? undefined : value
  }

  /** The resource at a path. */
  resource(path: string): Resource {
    return { url: `${this.#parts.publicUrl()}${path}`, ...RESOURCE }
  }

  challenge(request: ChargeRequest, refusal?: Refusal): Challenge {
    const backend = this.#open()
    const state = backend.settler.state()
    if (!sellsIn(state)) throw new RailUnavailable(503, `x402 is not available: ${state.reason}.`, RETRY_AFTER_SECONDS)
    const prepared = this.#prepare(request, backend)
    if (refusal !== undefined) return offer(prepared.refused(refusal))
    return offer(request.headers['x-payment'] === undefined ? prepared.unpaid : prepared.versionOne)
  }

  quote(request: QuoteRequest, refusal?: Refusal): Challenge {
    const backend = this.#sound()
    if (typeof backend === 'string') return { headers: [], members: '' }
    const prepared = this.#prepare(request, backend)
    return offer(refusal === undefined ? prepared.unpaid : prepared.refused(refusal))
  }

  findFault(proof: string, request: QuoteRequest): ReturnType<NonNullable<Rail['findFault']>> {
    const backend = this.#sound()
    if (typeof backend === 'string') return undefined
    const read = this.#read(proof, request, backend)
    return read.kind !== 'read' ? read : read.late && { kind: 'refused', ...read.late }
  }

  terms(priceMicroUsd: bigint): Record<string, string | number> | undefined {
    const backend = this.#sound()
    if (typeof backend === 'string') return undefined
    const { token } = backend
    const { scheme, network, asset, payTo, amountAtomic, maxTimeoutSeconds } = termsFor(token, priceMicroUsd)
    return {
      scheme,
      network,
      asset,
      asset_name: token.name,
      pay_to: payTo,
      amount: amountAtomic.toString(),
      max_timeout_seconds: maxTimeoutSeconds
    }
  }

  listed(priceMicroUsd: bigint): ListedOffer | undefined {
    const token = this.#parts.backend()?.token
    if (token === undefined) return undefined
    return { method: 'evm', currency: token.asset, amount: termsFor(token, priceMicroUsd).amountAtomic.toString() }
  }

  authorise(proof: string, request: ChargeRequest): AuthoriseResult {
    const backend = this.#open()
    const read = this.#read(proof, request, backend)
    if (read.kind !== 'read') return read
    const { payment, late, purchaseKey } = read
    return {
      kind: 'authorised',
      authorisation: {
        proofKey: proofKey(payment),
        amountAtomic: payment.value,
        asset: `${payment.terms.network}/${payment.terms.asset}`,
        answerKeptUntilMs: request.nowMs + this.#parts.answerKeptMs,
        deferred: new X402Payment(payment, late, purchaseKey, this.#stepsFor(request, backend))
      }
    }
  }

  async resolve(payment: PendingPayment): Promise<Resolution> {
    const backend = this.#parts.backend()
    const reference = backend && referenceTo(payment)
    if (reference === undefined) return { kind: 'unknown' }
    if (backend?.evidence === undefined) return { kind: 'open' }
    const found = await backend.evidence.find(reference)
    switch (found.kind) {
      case 'settled':
        return { kind: 'settled', reference: found.transaction }
      case 'cancelled':
        return { kind: 'dead' }
      case 'unused':
        // Only the chain's clock decides that an authorisation has expired.
        return { kind: found.chainTimeSeconds >= (payment.settleBeforeSeconds ?? 0n) ? 'dead' : 'open' }
      case 'unknown':
        return found
    }
  }

  async settlePending({ proof }: PendingPayment): Promise<Settlement> {
    const backend = this.#sound()
    const payment = proof === undefined ? undefined : paymentFromJson(proof)
    if (typeof backend === 'string' || payment === undefined || isOver(payment)) return { kind: 'unknown' }
    return settlementOf(payment, await this.#settlements.settle(backend.settler, payment))
  }

  receipt({ settlement, payer }: Pick<Purchase, 'settlement' | 'payer'>, { path, nowMs }: ChargeRequest): Headers {
    const token = this.#parts.backend()?.token
    if (settlement === undefined || payer === undefined || token === undefined) return []
    const settled = { transaction: settlement, network: token.network, payer }
    const { url: resourceUrl } = this.resource(path)
    const issuedAt = Math.floor(nowMs / 1000)
    const extensions = this.#parts.receipts?.receipt({ ...settled, resourceUrl, issuedAt })
    return [['PAYMENT-RESPONSE', paymentResponse(settled, extensions)]]
  }

  state(): RailState {
    const backend = this.#sound()
    return typeof backend === 'string' ? { status: 'off', reason: backend } : backend.settler.state()
  }

  measures(): readonly Measure[] {
    return this.#parts.backend()?.settler.measures?.() ?? []
  }

  #read(proof: string, request: QuoteRequest, { token }: Backend): ReadProof | Wrong {
    return readProof(proof, request, this.#acceptable(token, request), this.resource(request.path).url)
  }

  #stepsFor({ clientAddress }: ChargeRequest, { settler }: Backend): PaymentSteps {
    return {
      verify: (payment) => this.#failures.verify(settler, payment, clientAddress),
      settle: (payment) => this.#settlements.settle(settler, payment)
    }
  }

  #open(): Backend {
    const backend = this.#sound()
    if (typeof backend === 'string') throw new RailUnavailable(503, `x402 is off: ${backend}.`, RETRY_AFTER_SECONDS)
    return backend
  }

  /** The backend, or why nothing may be sold. */
  #sound(): Backend | string {
    const backend = this.#parts.backend()
    if (backend === undefined) return this.#parts.reason()
    return backend.wrongSettings().length > 0 ? WRONG_SETTINGS : backend
  }

  #acceptable(token: X402Token, { route, priceMicroUsd, nowMs }: QuoteRequest): Terms[] {
    const previous = this.#parts.previousPrice(route)
    const current = termsFor(token, priceMicroUsd)
    return previous === undefined || previous.untilMs < nowMs
      ? [current]
      : [current, termsFor(token, previous.microUsd)]
  }

  #prepare({ route, path, priceMicroUsd }: QuoteRequest, { token }: Backend): PreparedPaymentRequired {
    const known = this.#prepared.get(path)
    if (known !== undefined) return known
    const prepared = new PreparedPaymentRequired(
      this.resource(path),
      termsFor(token, priceMicroUsd),
      this.#parts.extensionsOf(route)
    )
    // A path with parameters is not cached, because their number is unbounded.
    if (path === route) this.#prepared.set(path, prepared)
    return prepared
  }
}

/** By this machine's clock; if it is wrong, the chain's clock decides at settlement. */
function isOver({ validBefore }: Payment): boolean {
  return validBefore * 1000n <= BigInt(Date.now())
}

function offer({ header, members }: Quote): Challenge {
  return { headers: [['PAYMENT-REQUIRED', header]], members }
}
