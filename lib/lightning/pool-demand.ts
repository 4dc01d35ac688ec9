const IDLE_TARGET = 16
const MIN_TARGET = 64
const MAX_TARGET = 4096
const WINDOW_MS = 10_000
const IDLE_AFTER_MS = 600_000

/**
 * How many invoices to keep prepared: twice the peak taken in ten seconds, from 64 to 4096. The peak fades by a fifth
 * each window. After ten minutes without a taker 16 are enough: every unused invoice is a row in the node's database.
 */
export class PoolDemand {
  readonly #now: () => number
  #windowStartMs: number
  #lastTakenMs: number
  #taken = 0
  #peak = 0

  constructor(now: () => number) {
    this.#now = now
    this.#windowStartMs = now()
    this.#lastTakenMs = now()
  }

  /** Counts one invoice that was asked for. */
  count(): void {
    this.#roll()
    this.#lastTakenMs = this.#now()
    this.#taken += 1
    this.#peak = Math.max(this.#peak, this.#taken)
  }

  target(): number {
    this.#roll()
    if (this.#now() - this.#lastTakenMs > IDLE_AFTER_MS) return IDLE_TARGET
    return Math.min(MAX_TARGET, Math.max(MIN_TARGET, Math.ceil(this.#peak * 2)))
  }

  #roll(): void {
    const windows = Math.floor((this.#now() - this.#windowStartMs) / WINDOW_MS)
    if (windows === 0) return
    this.#windowStartMs += windows * WINDOW_MS
    this.#peak *= 0.8 ** Math.max(0, windows)
    this.#taken = 0
  }
}
