/** Buys over HTTP like a client, and records the results and the secrets that no log may contain. */
import { randomUUID } from 'node:crypto'
import { decodePaymentRequiredHeader, encodePaymentSignatureHeader } from '@x402/core/http'
import type { PaymentPayload, PaymentRequired, PaymentRequirements } from '@x402/core/types'
import type { Hex, Payment, Terms } from '../../../lib/x402/settler.ts'
import { computePowerExample } from '../../../schemas/compute-power.ts'
import { patiently } from '../patience.ts'
import type { TestPayer } from './chain.ts'
import { signPayment } from './payer.ts'

/** No request waits longer: a hang becomes a named failure. */
const PATIENCE_MS = 30_000
const PATH = '/v1/compute-power'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** A workout, and the signed payment that shall buy its answer. */
export interface Order {
  readonly body: string
  readonly payment: Payment
  readonly payload: PaymentPayload
}

export interface OrderOptions {
  readonly payer?: TestPayer
  readonly body?: string
  /** Signs invalid terms. */
  readonly sign?: Partial<Payment>
  /** The purchase's name, as `payment-identifier`. */
  readonly identifier?: string
  readonly signal?: AbortSignal
}

export class X402Client {
  /** Of the service; a restart may change it. */
  url: string
  readonly payer: TestPayer
  /** All paid answers. */
  readonly bought: Answer[] = []
  readonly #secrets = new Set<string>()

  constructor(url: string, payer: TestPayer) {
    this.url = url
    this.payer = payer
    this.secret(payer.key)
  }

  /** The published example, by an athlete of its own. */
  workout(): string {
    const athlete = randomUUID()
    this.secret(athlete)
    return JSON.stringify({ ...computePowerExample, athlete_uuid: athlete })
  }

  /** Requests an offer for a workout and signs its terms. */
  async order(options: OrderOptions = {}): Promise<Order> {
    const { payer = this.payer, body = this.workout(), sign, identifier } = options
    this.secret(payer.key)
    const { accepts, extensions, resource } = requiredOf(await this.post(body))
    const accepted = accepts[0]!
    const payment = await signPayment(payer.key, termsOf(accepted), sign)
    this.secret(payment.signature)
    const { signature, from, to, value, validAfter, validBefore, nonce } = payment
    const authorization = {
      from,
      to,
      value: String(value),
      validAfter: String(validAfter),
      validBefore: String(validBefore),
      nonce
    }
    const named =
      identifier === undefined ? {} : { 'payment-identifier': { info: { required: false, id: identifier } } }
    const payload = {
      x402Version: 2,
      accepted,
      payload: { signature, authorization },
      // Clients send back what the 402 declared.
      extensions: { ...extensions, ...named },
      ...(resource && { resource })
    }
    return { body, payment, payload }
  }

  /** Sends an order with its payment. */
  send(order: Order, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Answer> {
    return this.post(order.body, { 'payment-signature': this.header(order.payload), ...headers }, signal)
  }

  /** Sends an order again while payments cannot be checked, as a client does that reads `Retry-After`. */
  sendPatiently(order: Order): Promise<Answer> {
    return patiently(
      () => this.send(order),
      ({ text, headers }) => ({ text, retryAfter: headers.get('retry-after') })
    )
  }

  /** The value of `PAYMENT-SIGNATURE`. */
  header(payload: PaymentPayload): string {
    const header = encodePaymentSignatureHeader(payload)
    this.secret(header)
    return header
  }

  async post(body: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Answer> {
    const limit = AbortSignal.timeout(PATIENCE_MS)
    const answer = await this.ask(PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal])
    })
    if (answer.status === 200) this.bought.push(answer)
    return answer
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + path, init)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  /** Records a secret that must not appear anywhere. */
  secret(text: string): void {
    this.#secrets.add(text.toLowerCase().replace(/^0x/, ''))
  }

  /** The number of secrets in a text. */
  leaksIn(text: string): number {
    const lower = text.toLowerCase()
    return [...this.#secrets].filter((secret) => lower.includes(secret)).length
  }
}

/** The same order, changed after it was signed. */
export function changed(order: Order, change: (payload: Changeable) => void): Order {
  const payload = structuredClone(order.payload) as Changeable
  change(payload)
  return { ...order, payload }
}

export interface Changeable extends PaymentPayload {
  accepted: PaymentRequirements & { extra: Record<string, unknown> }
  payload: { signature: string; authorization: Record<string, string> }
}

/** The terms of a 402, from its header. Throws with the response if there are none. */
export function requiredOf({ status, headers, text }: Answer): PaymentRequired {
  const header = headers.get('payment-required')
  if (status !== 402 || header === null) throw new Error(`no offer: ${status} ${text.slice(0, 300)}`)
  return decodePaymentRequiredHeader(header)
}

/** What the body of a 402 repeats of the header: all but the extensions. */
export function inBodyOf(answer: Answer): Omit<PaymentRequired, 'extensions'> {
  const { extensions: _, ...rest } = requiredOf(answer)
  return rest
}

export function workoutId({ text }: Answer): string {
  return String(JSON.parse(text).workout_id)
}

function termsOf({ network, asset, payTo, amount, maxTimeoutSeconds, extra }: PaymentRequirements): Terms {
  return {
    scheme: 'exact',
    network: network as Terms['network'],
    asset: asset as Hex,
    payTo: payTo as Hex,
    amountAtomic: BigInt(amount),
    maxTimeoutSeconds,
    domain: { name: String(extra.name), version: String(extra.version) }
  }
}
