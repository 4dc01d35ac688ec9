/** A mean delay of the event loop from which requests are shed, once two periods in a row had it. */
const HEAVY_MS = 100
const HEAVY_PERIODS = 2
/** Shedding ends after a period with less. It is far below: what is let in keeps the loop as busy as it may be. */
const LIGHT_MS = 10
/** A single turn that takes requests in for so long begins to shed at once: each next one would be longer. */
const LONG_TURN_MS = 250
/**
 * Fewer requests in a late turn or period are no load: one of them is slow, as when a page is made for the first time, or
 * the machine is busy with something else. Shedding would not help.
 */
const FEWEST_REQUESTS = 16
/** So long a turn takes requests in that bring no payment; the rest of its requests is shed. */
const TURN_MS = 20
/** A turn that is longer than this sheds payments too: they would wait a second for their answers. */
const PAID_TURN_MS = 500

/** A loop that rested longer than this has caught up. */
const REST_MS = 0.5

/** What the shedder sees of the event loop. */
export interface EventLoop {
  /** Calls back when the requests of this turn have been handled: `setImmediate`. */
  atEndOfTurn(act: () => void): void
  /** How long the loop has had nothing to do, ms since the start. */
  idleMs(): number
}

/**
 * Decides which requests a busy process refuses. While load is heavy, each turn of the event loop admits new work for a
 * short time, so that refusals leave at once and no answer waits long; a turn's length is what a request waits. What a
 * turn leaves to be done after its requests counts against the next one. Payments are admitted far longer than anything
 * else. Times are those of a clock that does not jump.
 */
export class LoadShedder {
  readonly #loop: EventLoop
  #heavyPeriods = 0
  #isShedding = false
  #delayMs = 0
  #firstRequestMs: number | undefined
  #requestsOfTurn = 0
  /** Since when the loop has been at work on what the turn before had left to be done. */
  #leftOverFromMs = Number.POSITIVE_INFINITY
  #turnEnded = { atMs: Number.POSITIVE_INFINITY, idleMs: 0 }

  constructor(loop: EventLoop) {
    this.#loop = loop
  }

  get isShedding(): boolean {
    return this.#isShedding
  }

  /** Takes the mean delay of the event loop in the last period, and how many requests arrived in it. */
  note(delayMs: number, requestCount: number): void {
    this.#delayMs = delayMs
    this.#heavyPeriods = delayMs > HEAVY_MS && requestCount >= FEWEST_REQUESTS ? this.#heavyPeriods + 1 : 0
    if (this.#heavyPeriods >= HEAVY_PERIODS) this.#isShedding = true
    else if (delayMs < LIGHT_MS) this.#isShedding = false
  }

  /** Notes that a request has arrived. */
  watch(nowMs: number): void {
    this.#firstRequestMs ??= this.#begin(nowMs)
    this.#requestsOfTurn++
    // The time of its requests alone: a module that loads makes one turn long, and the next one short.
    if (this.#requestsOfTurn >= FEWEST_REQUESTS && nowMs - this.#firstRequestMs > LONG_TURN_MS) this.#isShedding = true
  }

  /** Whether to refuse a request that has just arrived, while load is shed. */
  refuses(isPaid: boolean, nowMs: number): boolean {
    this.#firstRequestMs ??= this.#begin(nowMs)
    if (isPaid) return nowMs - this.#firstRequestMs > PAID_TURN_MS
    const beganMs = Math.min(this.#firstRequestMs, this.#leftOverFromMs)
    return nowMs - beganMs > TURN_MS || this.#delayMs > HEAVY_MS
  }

  #begin(nowMs: number): number {
    const { atMs, idleMs } = this.#turnEnded
    this.#leftOverFromMs = this.#loop.idleMs() - idleMs > REST_MS ? nowMs : atMs
    this.#loop.atEndOfTurn(() => {
      this.#firstRequestMs = undefined
      this.#requestsOfTurn = 0
      this.#turnEnded = { atMs: performance.now(), idleMs: this.#loop.idleMs() }
    })
    return nowMs
  }
}
