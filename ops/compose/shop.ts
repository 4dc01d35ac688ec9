import { setTimeout as sleep } from 'node:timers/promises'
import type { L402Offer } from '../../lib/l402/l402-schemas.ts'
import type { X402Offer } from '../../lib/x402/x402-schemas.ts'
import type { PaymentRequired } from '../../schemas/payment-required.ts'

const URL = 'http://proxy:8080/v1/compute-power'
const REQUEST_LIMIT_MS = 40_000
/** For an offer: longer than any part of the network is down in a fault run. */
const OFFER_PATIENCE_MS = 180_000
/** For an answer: longer than a signature is valid, so that a payment that was never taken ends as expired. */
const ANSWER_PATIENCE_MS = 420_000
const RETRY_MS = 2000
const MAX_RETRY_MS = 10_000

type Offer = PaymentRequired & L402Offer & X402Offer

interface Answer {
  /** 0 where the connection failed. */
  readonly status: number
  readonly text: string
  /** How long the service asks the client to wait; undefined where it does not say. */
  readonly retryAfterMs: number | undefined
}

/** The paid endpoint as its clients see it: they wait as `Retry-After` asks, and keep a proof until it is answered. */
export class Shop {
  /** Every answer by its status; a connection that failed counts as `no answer`. */
  readonly statuses: Record<string, number> = {}

  /** Asks until there is an offer that suits. @returns undefined where there is none for three minutes */
  async offer(body: string, suits: (offer: Offer) => boolean): Promise<Offer | undefined> {
    const end = Date.now() + OFFER_PATIENCE_MS
    while (Date.now() < end) {
      const answer = await this.#ask(body)
      const offer = answer.status === 402 ? (JSON.parse(answer.text) as Offer) : undefined
      if (offer && suits(offer)) return offer
      await pause(answer)
    }
    return undefined
  }

  /** Sends the same proof until it brings the answer, or can bring none any more. */
  async collect(body: string, proof: Record<string, string>): Promise<'answered' | 'expired' | 'lost'> {
    const end = Date.now() + ANSWER_PATIENCE_MS
    while (Date.now() < end) {
      const answer = await this.#ask(body, proof)
      if (answer.status === 200) return 'answered'
      if (answer.status === 402) return 'expired'
      await pause(answer)
    }
    return 'lost'
  }

  async #ask(body: string, proof: Record<string, string> = {}): Promise<Answer> {
    try {
      const response = await fetch(URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...proof },
        body,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS)
      })
      const { status, headers } = response
      const text = await response.text()
      this.#count(String(status))
      const seconds = Number(headers.get('retry-after') ?? Number.NaN)
      return { status, text, retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined }
    } catch {
      this.#count('no answer')
      return { status: 0, text: '', retryAfterMs: undefined }
    }
  }

  #count(status: string): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
  }
}

/** Half as long again at random: clients that were refused together do not come back together. */
function pause({ retryAfterMs = RETRY_MS }: Answer): Promise<void> {
  return sleep(Math.min(retryAfterMs, MAX_RETRY_MS) * (1 + Math.random() / 2))
}
