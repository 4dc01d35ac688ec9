/** A mean delay of the event loop from which requests are shed, once two periods in a row had it. */
const HEAVY_MS = 100
const HEAVY_PERIODS = 2
/** Shedding ends after a period with less. It is far below: what is let in keeps the loop as busy as it may be. */
const LIGHT_MS = 10
/** So long a turn of the event loop takes requests in that bring no payment; the rest of its requests is shed. */
const TURN_MS = 20
/** A turn that is longer than this sheds payments too: they would wait a second for their answers. */
const PAID_TURN_MS = 500

/**
 * Decides which requests a busy process refuses. While load is heavy, each turn of the event loop admits new work for a
 * short time, so that refusals leave at once and no answer waits long; a turn's length is what a request waits. Payments
 * are admitted far longer than anything else.
 */
export class LoadShedder {
  readonly #atEndOfTurn: (act: () => void) => void
  #heavyPeriods = 0
  #isShedding = false
  #delayMs = 0
  #turnBeganMs: number | undefined

  /** @param atEndOfTurn calls back when the requests of this turn of the event loop have been handled: `setImmediate` */
  constructor(atEndOfTurn: (act: () => void) => void) {
    this.#atEndOfTurn = atEndOfTurn
  }

  get isShedding(): boolean {
    return this.#isShedding
  }

  /** Takes the mean delay of the event loop in the last period. @returns true where shedding begins or ends by it */
  note(delayMs: number): boolean {
    const was = this.#isShedding
    this.#delayMs = delayMs
    this.#heavyPeriods = delayMs > HEAVY_MS ? this.#heavyPeriods + 1 : 0
    if (this.#heavyPeriods >= HEAVY_PERIODS) this.#isShedding = true
    else if (delayMs < LIGHT_MS) this.#isShedding = false
    return this.#isShedding !== was
  }

  /**
   * Whether to refuse a request that has just arrived.
   * @param nowMs of a clock that does not jump
   */
  refuses(isPaid: boolean, nowMs: number): boolean {
    if (!this.#isShedding) return false
    if (this.#turnBeganMs === undefined) {
      this.#turnBeganMs = nowMs
      this.#atEndOfTurn(() => {
        this.#turnBeganMs = undefined
      })
    }
    const ageMs = nowMs - this.#turnBeganMs
    return isPaid ? ageMs > PAID_TURN_MS : ageMs > TURN_MS || this.#delayMs > HEAVY_MS
  }
}
