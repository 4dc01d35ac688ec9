import { withDeadline } from '../time/deadline.ts'
import { assertInvoiceMatches } from './decode-invoice.ts'
import { LightningError, type LightningErrorCode, noAnswer, toLightningError } from './lightning-error.ts'
import type { Invoice, LightningNode } from './lightning-node.ts'
import { PoolDemand } from './pool-demand.ts'
import { PoolPace } from './pool-pace.ts'
import { PoolWaiters } from './pool-waiters.ts'
import { RetryGate } from './retry-gate.ts'

const MAX_IN_FLIGHT = 48
const ATTEMPT_LIMIT_MS = 3000
const TICK_MS = 1000
const DEFAULT_WAIT_MS = 1500
/** After this many failed rounds requests no longer wait for the node. */
const FAIL_FAST_AFTER = 2
/** After this silence the node is called, so that health reports a fault before a buyer meets it. */
const PROBE_AFTER_MS = 10_000

export interface InvoicePoolOptions<T> {
  readonly node: LightningNode
  readonly expirySeconds: number
  readonly description: string
  /** The current price; without one (`undefined`) the pool returns nothing. */
  readonly amountMsat: () => bigint | undefined
  /** Turns an invoice into the pooled entry, such as a challenge. Called once per invoice, ahead of the request. */
  readonly prepare: (invoice: Invoice) => T
  /** Unix time in ms. */
  readonly now: () => number
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
  /** How long `next` waits for a new invoice; 1500 by default. */
  readonly waitMs?: number
  /** Whether the process sheds load: then a request takes what is ready, and none waits. */
  readonly isShedding?: () => boolean
}

export interface PoolHealth {
  readonly state: 'ok' | 'degraded'
  readonly ready: number
  readonly waiting: number
  readonly target: number
  /** Since the start: created invoices, and those that expired or were repriced unused. */
  readonly made: number
  readonly discarded: number
  readonly lastError: LightningErrorCode | undefined
}

interface Entry<T> {
  readonly value: T
  readonly amountMsat: bigint
  readonly createdAtMs: number
}

/** Prepared invoices at the current price: a burst does not wait for the node, and a frozen node blocks no request. */
export class InvoicePool<T> {
  readonly #options: InvoicePoolOptions<T>
  readonly #demand: PoolDemand
  readonly #waiters = new PoolWaiters<T>()
  readonly #pace = new PoolPace(MAX_IN_FLIGHT, () => performance.now())
  readonly #gate = new RetryGate(() => this.#fill())
  readonly #entries: Entry<T>[] = []
  #inFlight = 0
  #made = 0
  #discarded = 0
  /** Set by every request until enough is prepared. Invoices that expire later are not replaced. */
  #isAsked = false
  /** Whether the last attempt succeeded: at the start and after a failure one invoice is created as a probe. */
  #isProven = false
  /** The last logged reason of the current outage. */
  #loggedReason: string | undefined
  #ticker: NodeJS.Timeout | undefined
  #fillPlanned = false
  #lastHeardMs: number

  constructor(options: InvoicePoolOptions<T>) {
    this.#options = options
    this.#demand = new PoolDemand(options.now)
    this.#lastHeardMs = options.now()
  }

  /** Starts filling in the background: at the first request or after a second, so that it does not slow the start. */
  start(): void {
    this.#ticker ??= setInterval(() => this.#tidy(), TICK_MS).unref()
  }

  /** Stops filling and rejects waiting callers with `unavailable`. The node stays open. */
  close(): void {
    clearInterval(this.#ticker)
    this.#ticker = undefined
    this.#gate.close()
    this.#entries.length = 0
    this.#waiters.rejectAll(new LightningError('unavailable', 'the invoice pool is closed'))
  }

  /** Whether an entry is prepared, as far as is known; otherwise the request counts as demand. */
  isReady(): boolean {
    if (this.#entries.length > 0) return true
    this.#ask()
    return false
  }

  /** A prepared entry, each returned once; `undefined` if there is none. */
  tryTake(): T | undefined {
    this.#ask()
    const amountMsat = this.#options.amountMsat()
    if (amountMsat === undefined) return undefined
    // Newest first: entries at the latest price are on top, and old ones expire at the bottom.
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      if (this.#isGood(entry, amountMsat)) return entry.value
      this.#discarded += 1
    }
    return undefined
  }

  /**
   * Waits for a new entry. Rejects with `LightningError`: `busy` at once if the node would not reach this request in time,
   * `unavailable` (no price, not started, node known to fail), otherwise the node's last error or `timeout`.
   */
  async next(): Promise<T> {
    if (this.#options.amountMsat() === undefined) throw new LightningError('unavailable', 'the price is unknown')
    if (this.#ticker === undefined) throw new LightningError('unavailable', 'the invoice pool is not running')
    if (this.#gate.failures >= FAIL_FAST_AFTER) throw new LightningError('unavailable', 'the node is failing')
    const waitMs = this.#waitMs
    if (this.#options.isShedding?.() || !this.#pace.serves(this.#waiters.size, waitMs))
      throw new LightningError('busy', 'more requests wait for an invoice than the node serves in time')
    return this.#waiters.wait(waitMs, () => {
      return new LightningError(this.#gate.lastError ?? 'timeout', 'no invoice within the time limit')
    })
  }

  /**
   * `degraded` while the last attempts failed, the node is silent or the pool is not running; an empty pool only means
   * demand.
   */
  health(): PoolHealth {
    const isDown = this.#ticker === undefined || this.#gate.failures > 0 || this.#pace.silenceMs >= this.#waitMs
    return {
      state: isDown ? 'degraded' : 'ok',
      ready: this.#entries.length,
      waiting: this.#waiters.size,
      target: this.#demand.target(),
      made: this.#made,
      discarded: this.#discarded,
      lastError: this.#gate.lastError
    }
  }

  state(): 'ok' | 'degraded' {
    return this.health().state
  }

  get #waitMs(): number {
    return this.#options.waitMs ?? DEFAULT_WAIT_MS
  }

  /**
   * Young enough to leave the payer at least three quarters of the expiry, and within 1 % of the current price.
   * Exchanges differ by more than that; without the tolerance each small move of the rate would discard all invoices.
   */
  #isGood({ amountMsat, createdAtMs }: Entry<T>, currentMsat: bigint): boolean {
    const difference = amountMsat > currentMsat ? amountMsat - currentMsat : currentMsat - amountMsat
    // The absolute age: after the clock was set back, a negative age would keep old invoices.
    const ageMs = Math.abs(this.#options.now() - createdAtMs)
    return ageMs < this.#options.expirySeconds * 250 && difference * 100n <= currentMsat
  }

  #tidy(): void {
    const amountMsat = this.#options.amountMsat()
    const good = amountMsat === undefined ? [] : this.#entries.filter((entry) => this.#isGood(entry, amountMsat))
    this.#discarded += this.#entries.length - good.length
    this.#entries.splice(0, this.#entries.length, ...good)
    this.#fill()
    if (this.#inFlight === 0 && this.#options.now() - this.#lastHeardMs >= PROBE_AFTER_MS) void this.#probe()
  }

  #ask(): void {
    this.#demand.count()
    this.#isAsked = true
    this.#planFill()
  }

  /** Refills in a later turn, so that taking costs only a pop. */
  #planFill(): void {
    if (this.#fillPlanned) return
    this.#fillPlanned = true
    setImmediate(() => {
      this.#fillPlanned = false
      this.#fill()
    })
  }

  #fill(): void {
    if (this.#ticker === undefined) return
    const amountMsat = this.#options.amountMsat()
    if (amountMsat === undefined) return
    const target = this.#demand.target()
    if (this.#entries.length >= target) this.#isAsked = false
    const wanted = Math.max((this.#isAsked ? target : 0) + this.#waiters.size, this.#isProven ? 0 : 1)
    const allowed = this.#gate.allowed(MAX_IN_FLIGHT)
    while (this.#inFlight < allowed && this.#entries.length + this.#inFlight < wanted) void this.#attempt(amountMsat)
  }

  async #attempt(amountMsat: bigint): Promise<void> {
    this.#inFlight += 1
    try {
      const invoice = await this.#pace.measure(() => this.#checkedInvoice(amountMsat))
      this.#deliver({ value: this.#options.prepare(invoice), amountMsat, createdAtMs: invoice.createdAtMs })
      this.#isProven = true
      this.#succeed()
    } catch (error) {
      this.#fail(toLightningError(error))
    }
    this.#inFlight -= 1
    this.#lastHeardMs = this.#options.now()
    this.#fill()
  }

  /** While the pool is full and nobody buys, no attempt reveals the node's state. */
  async #probe(): Promise<void> {
    this.#lastHeardMs = this.#options.now()
    try {
      await withDeadline(this.#options.node.probe(), ATTEMPT_LIMIT_MS, noAnswer)
      this.#succeed()
    } catch (error) {
      this.#fail(toLightningError(error))
    }
  }

  async #checkedInvoice(amountMsat: bigint): Promise<Invoice> {
    const { node, expirySeconds, description, now } = this.#options
    const invoice = await withDeadline(
      node.createInvoice({ amountMsat, expirySeconds, description }),
      ATTEMPT_LIMIT_MS,
      noAnswer
    )
    if (node.network === undefined) throw new LightningError('mismatch', 'the network of the node is unknown')
    assertInvoiceMatches(invoice, { network: node.network, amountMsat, expirySeconds, nowMs: now() })
    return invoice
  }

  #deliver(entry: Entry<T>): void {
    const currentMsat = this.#options.amountMsat()
    this.#made += 1
    if (this.#ticker === undefined || currentMsat === undefined || !this.#isGood(entry, currentMsat)) {
      this.#discarded += 1
      return
    }
    if (!this.#waiters.serve(entry.value)) this.#entries.push(entry)
  }

  #succeed(): void {
    if (this.#gate.failures > 0) this.#options.logger.info({}, 'the Lightning node is available again')
    this.#gate.succeed()
    this.#loggedReason = undefined
  }

  #fail(error: LightningError): void {
    if (this.#ticker === undefined) return
    this.#isProven = false
    this.#gate.fail(error.code)
    this.#log(error)
    // Waiting is pointless; the next attempts proceed without the waiters.
    if (this.#gate.failures >= FAIL_FAST_AFTER) this.#waiters.rejectAll(error)
  }

  /** Logs an outage at its start and whenever its reason changes. */
  #log({ code, reason }: LightningError): void {
    // Digits are times and ports, which vary for the same reason.
    const withoutDigits = `${code} ${reason.replace(/\d+/g, '')}`
    if (withoutDigits === this.#loggedReason) return
    this.#loggedReason = withoutDigits
    this.#options.logger.warn({ code, reason }, 'the Lightning node is failing')
  }
}
