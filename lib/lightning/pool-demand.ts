const MAX_TARGET = 4096
/** One invoice is kept ready per this many requested in the last minute beyond the first. */
const SHARE = 5
const SLOT_MS = 10_000
const SLOTS = 6

/**
 * The number of invoices to keep prepared: a fifth of those requested in the last minute, up to 4096, which is twelve
 * seconds' worth at a steady rate. Every unused invoice is a row in the node's database, so a burst leaves no more than
 * that behind, and a single request leaves none: an invoice prepared for the next one would have expired.
 */
export class PoolDemand {
  readonly #now: () => number
  /** Requests per ten seconds, newest first. */
  readonly #taken: number[] = new Array(SLOTS).fill(0)
  #slot: number

  /** @param now unix milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#slot = this.#slotNow()
  }

  /** Counts one requested invoice. */
  count(): void {
    this.#roll()
    this.#taken[0]! += 1
  }

  target(): number {
    this.#roll()
    const lastMinute = this.#taken.reduce((sum, taken) => sum + taken)
    return Math.min(MAX_TARGET, Math.ceil(Math.max(0, lastMinute - 1) / SHARE))
  }

  #slotNow(): number {
    return Math.floor(this.#now() / SLOT_MS)
  }

  #roll(): void {
    const passed = this.#slotNow() - this.#slot
    if (passed === 0) return
    this.#slot += passed
    // A clock that was set back also resets the counts, which no longer fit it.
    const shift = passed < 0 ? SLOTS : Math.min(passed, SLOTS)
    this.#taken.splice(SLOTS - shift, shift)
    this.#taken.unshift(...new Array(shift).fill(0))
  }
}
