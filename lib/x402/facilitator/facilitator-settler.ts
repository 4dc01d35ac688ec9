import { x402ResourceServer } from '@x402/core/server'
import type { PaymentPayload, PaymentRequirements } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/server'
import { type RailState, RailUnavailable } from '../../billing/rail.ts'
import type { Payment, SettleOutcome, Settler, Terms, Verdict } from '../settler.ts'
import { requirementsOf } from '../terms.ts'
import { Breaker } from './breaker.ts'
import {
  BoundedFacilitatorClient,
  FacilitatorFailure,
  type Listing,
  SettlementUndecided
} from './facilitator-client.ts'
import { definiteRefusal, invalidReason, loggable } from './reasons.ts'
import { SupportedCheck } from './supported-check.ts'

const BREAKER_FAILURES = 5
const BREAKER_REST_MS = 5000
const RETRY_AFTER_SECONDS = 5

export interface FacilitatorSettlerParts {
  /** Without a trailing slash. */
  readonly url: string
  readonly bearerToken: string | undefined
  readonly network: Terms['network']
  /** Built once. Undefined: the facilitator receives the payment without the resource. */
  readonly listing: (() => Listing) | undefined
  /** Unix milliseconds. */
  readonly now: () => number
  readonly logger: { warn(fields: object, message: string): void }
}

/**
 * Settles through a facilitator, with `@x402/core`'s transport-free resource server and this service's own client. No
 * hook or extension is registered, because its hooks fail open. Any response becomes a verdict, a settlement, a listed
 * rejection, or an unknown outcome.
 */
export class FacilitatorSettler implements Settler {
  readonly #parts: FacilitatorSettlerParts
  readonly #client: BoundedFacilitatorClient
  readonly #server: x402ResourceServer
  readonly #breaker: Breaker
  readonly #support: SupportedCheck

  constructor(parts: FacilitatorSettlerParts) {
    const { url, bearerToken, network, listing, now, logger } = parts
    this.#parts = parts
    this.#client = new BoundedFacilitatorClient(url, bearerToken, listing)
    this.#server = new x402ResourceServer(this.#client).register(network, new ExactEvmScheme())
    this.#breaker = new Breaker({ failures: BREAKER_FAILURES, restMs: BREAKER_REST_MS, now })
    this.#support = new SupportedCheck({ getSupported: () => this.#client.getSupported(), network, logger })
  }

  /**
   * Checks what the facilitator supports.
   * @returns one line per wrong setting; none without a response yet
   */
  start(): Promise<readonly string[]> {
    return this.#support.start()
  }

  async verify(payment: Payment): Promise<Verdict> {
    if (!this.#breaker.tryEnter()) throw unavailable()
    const { payload, requirements } = this.#question(payment)
    try {
      const { isValid, invalidReason: said } = await this.#server.verifyPayment(payload, requirements)
      this.#breaker.succeed()
      if (isValid) return { kind: 'good' }
      const reason = invalidReason(said)
      if (reason === 'invalid_payment_requirements' || reason === undefined)
        this.#parts.logger.warn(
          { reason: loggable(said) },
          'the facilitator rejects a payment without naming a fault of the payment'
        )
      if (reason !== undefined) return { kind: 'bad', reason }
    } catch (error) {
      this.#note(error)
    }
    throw unavailable()
  }

  async settle(payment: Payment): Promise<SettleOutcome> {
    const { payload, requirements } = this.#question(payment)
    try {
      // Independent of the breaker: a verified and computed payment is tried, within its time limit.
      const { success, transaction, errorReason } = await this.#server.settlePayment(payload, requirements)
      this.#breaker.succeed()
      if (success) return { kind: 'settled', transaction: transaction as `0x${string}` }
      return { kind: 'refused', reason: definiteRefusal(errorReason) ?? 'invalid_payload' }
    } catch (error) {
      this.#note(error)
      return { kind: 'unknown' }
    }
  }

  state(): RailState {
    if (this.#support.problem !== undefined)
      return { status: 'degraded', reason: 'the facilitator does not settle on this network' }
    if (this.#breaker.isClosed) return { status: 'ok' }
    const reason = 'the facilitator does not respond'
    // The payment that may call the facilitator again needs an offer.
    return this.#breaker.isPassable ? { status: 'degraded', reason, sells: true } : { status: 'degraded', reason }
  }

  async close(): Promise<void> {
    this.#support.close()
    await this.#client.close()
  }

  #note(error: unknown): void {
    if (error instanceof SettlementUndecided) this.#breaker.succeed()
    else this.#breaker.fail()
    const reason = error instanceof FacilitatorFailure ? error.message : 'unexpected'
    this.#parts.logger.warn({ reason }, 'a call to the facilitator failed')
  }

  /** Rebuilt from the checked fields, so that no unchecked client input is forwarded. */
  #question(payment: Payment): { payload: PaymentPayload; requirements: PaymentRequirements } {
    const { terms, from, to, value, validAfter, validBefore, nonce, signature } = payment
    const requirements = requirementsOf(terms)
    const authorization = {
      from,
      to,
      value: value.toString(),
      validAfter: validAfter.toString(),
      validBefore: validBefore.toString(),
      nonce
    }
    const payload = { x402Version: 2, accepted: requirements, payload: { signature, authorization } }
    return { payload, requirements }
  }
}

function unavailable(): RailUnavailable {
  return new RailUnavailable(503, 'Payment verification is unavailable.', RETRY_AFTER_SECONDS)
}
