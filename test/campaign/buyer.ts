import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodePaymentRequiredHeader } from '@x402/core/http'
import { challengeOf, hypothetical, PATH, workout } from '../support/purchase.ts'
import type { Answer, Instance } from '../support/service-process.ts'
import { signHeader } from '../support/x402/payer.ts'
import type { Dice } from './dice.ts'
import type { World } from './world.ts'

const PATIENCE_MS = 120_000
const PAUSE_MS = 100
/** Refusals of a payment that was not taken and never will be. */
const DEAD = new Set(['payment_void', 'payment_expired', 'authorization_expired'])

export type RailName = 'l402' | 'x402'

/** Something that a client has paid for, by its own account. */
export interface Order {
  readonly rail: RailName
  readonly body: Record<string, unknown>
  readonly isStored: boolean
  /** In the asset's smallest unit. */
  readonly amountAtomic: bigint
  readonly headers: Readonly<Record<string, string>>
  /** The different answers that were given for it. */
  readonly answers: Set<string>
}

/** A client that pays once and asks until it has its answer, whatever becomes of the service meanwhile. */
export class Buyer {
  readonly orders: Order[] = []
  /** How often each status came; `none` where the connection broke. */
  readonly statuses = new Map<string, number>()
  readonly #world: World
  readonly #dice: Dice

  constructor(world: World, dice: Dice) {
    this.#world = world
    this.#dice = dice
  }

  /** Pays at one of the instances and fetches at any. */
  async buy(): Promise<void> {
    const order = await this.pay(this.#dice.isHit(0.5) ? 'l402' : 'x402')
    await this.fetch(order)
    if (this.#dice.isHit(0.3)) await this.fetch(order)
  }

  /** @returns what was paid; its answer is not fetched */
  async pay(rail: RailName): Promise<Order> {
    const isStored = this.#dice.isHit(0.7)
    const body = isStored ? workout() : hypothetical()
    const name: Record<string, string> = this.#dice.isHit(0.5) ? { 'idempotency-key': randomUUID() } : {}
    const at = this.#anyone()
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(PAUSE_MS)) {
      const offer = await this.ask(at, { body })
      if (offer?.status !== 402) continue
      const paid = rail === 'l402' ? await this.#payInvoice(at, offer) : await this.#sign(offer)
      if (paid === undefined) continue
      const headers = rail === 'l402' ? paid.headers : { ...paid.headers, ...name }
      const order = { rail, body, isStored, answers: new Set<string>(), amountAtomic: paid.amountAtomic, headers }
      this.orders.push(order)
      return order
    }
    throw new Error(`no offer could be paid: ${this.reported()}`)
  }

  /** Asks until there is an answer. */
  async fetch(order: Order): Promise<void> {
    let { headers } = order
    let last = ''
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(PAUSE_MS)) {
      const answer = await this.ask(this.#anyone(), { body: order.body, headers })
      if (answer === undefined) continue
      last = `${answer.status} ${answer.text.slice(0, 300)}`
      if (answer.status === 200) {
        order.answers.add(answer.text)
        return
      }
      if ([409, 429, 503].includes(answer.status)) continue
      const code = answer.status === 402 ? JSON.parse(answer.text).reason?.code : undefined
      // Delivered to a connection that is gone: any name fetches it.
      if (code === 'proof_consumed' && headers['idempotency-key'] === undefined)
        headers = { ...headers, 'idempotency-key': randomUUID() }
      else if (DEAD.has(code)) return this.#forget(order)
      else break
    }
    throw new Error(`paid over ${order.rail}, and no answer: ${last}`)
  }

  /** One question. @returns undefined where nobody knows what became of it */
  async ask(
    at: Instance,
    { body, headers }: { body: unknown; headers?: Record<string, string> },
    path = PATH
  ): Promise<Answer | undefined> {
    const answer = await at.ask(path, { method: 'POST', body, ...(headers && { headers }) })
    const status = String(answer?.status ?? 'none')
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    return answer
  }

  reported(): string {
    return [...this.statuses]
      .sort()
      .map((entry) => entry.join(': '))
      .join(', ')
  }

  /** A payment that was never taken is none, and its client pays anew. */
  async #forget(order: Order): Promise<void> {
    this.orders.splice(this.orders.indexOf(order), 1)
    await this.fetch(await this.pay(order.rail))
  }

  async #payInvoice(at: Instance, { headers, text }: Answer) {
    const { token, invoice } = challengeOf({ statusCode: 402, headers, body: text })
    const { priceSats } = JSON.parse(text)
    const paid = await this.ask(at, { body: { invoice } }, '/dev/lightning/pay')
    // A wallet that is killed while it pays forgets the payment.
    if (paid?.status !== 200) return undefined
    const { preimage } = JSON.parse(paid.text)
    return { amountAtomic: BigInt(priceSats) * 1000n, headers: { authorization: `L402 ${token}:${preimage}` } }
  }

  async #sign({ headers }: Answer) {
    const [accepted] = decodePaymentRequiredHeader(String(headers['payment-required'])).accepts
    if (accepted === undefined) return undefined
    const signature = await signHeader(this.#world.chain.payer.key, accepted)
    return { amountAtomic: BigInt(accepted.amount), headers: { 'payment-signature': signature } }
  }

  #anyone(): Instance {
    const { instances } = this.#world
    return instances[this.#dice.below(instances.length)]!
  }
}
