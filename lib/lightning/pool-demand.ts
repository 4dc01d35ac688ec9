const MAX_TARGET = 4096
/** For so many invoices asked for in the last minute beyond the first, one is kept ready. */
const SHARE = 5
const SLOT_MS = 10_000
const SLOTS = 6

/**
 * How many invoices to keep prepared: a fifth of those asked for in the last minute, up to 4096. At a steady rate that is
 * twelve seconds' worth. Every invoice that expires unused is a row in the node's database, so a burst may leave no more
 * than that behind, and a question that comes alone leaves none: the next one would come after its successor has aged.
 */
export class PoolDemand {
  readonly #now: () => number
  /** How many were asked for, by ten seconds, the newest first. */
  readonly #taken: number[] = new Array(SLOTS).fill(0)
  #slot: number

  /** @param now unix milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#slot = this.#slotNow()
  }

  /** Counts one invoice that was asked for. */
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
    // A clock that was set back starts the count afresh too: the old counts have no place on it.
    const shift = passed < 0 ? SLOTS : Math.min(passed, SLOTS)
    this.#taken.splice(SLOTS - shift, shift)
    this.#taken.unshift(...new Array(shift).fill(0))
  }
}
