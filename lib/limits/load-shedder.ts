/** Mean delay of the event loop above which requests are shed, after two consecutive periods. */
const HEAVY_MS = 100
const HEAVY_PERIODS = 2
/** Shedding ends after a period below this. It is far lower, because admitted requests keep the loop busy. */
const LIGHT_MS = 4
/** A single turn that admits requests for this long starts shedding at once, because later turns would be longer. */
const LONG_TURN_MS = 250
/** So does a turn of this length right after another one: the first may be a burst that an idle service answers. */
const LONG_SECOND_TURN_MS = 100
/**
 * Fewer requests in a late turn or period are not load: one of them is slow, such as the first rendering of a page, or
 * the machine is busy with something else. Shedding would not help.
 */
const FEWEST_REQUESTS = 16
/** The length of a turn at which shedding aims: a rejection waits for one. */
const GOAL_MS = 20
/** How long a turn admits requests without a payment, at most; its other requests are shed. */
const LONGEST_WINDOW_MS = 20
/** And at least, so that it is long again soon after the load. */
const SHORTEST_WINDOW_MS = 0.5
/** The time is at most halved from one turn to the next, and grows by a tenth: a turn's work comes in later ones. */
const SHORTER = 0.5
const LONGER = 1.1
/** A longer turn sheds payments too, which would wait a second for their answers. */
const PAID_TURN_MS = 500

/** A loop that was idle for longer has caught up. */
const REST_MS = 0.5

/** The shedder's view of the event loop. */
export interface EventLoop {
  /** Calls back after the requests of this turn: `setImmediate`. */
  atEndOfTurn(act: () => void): void
  /** Milliseconds of a clock that does not jump. */
  nowMs(): number
  /** Total idle time of the loop, ms. */
  idleMs(): number
}

/** A turn of the event loop with requests. */
interface Turn {
  readonly beganMs: number
  readonly endedMs: number
  /** Total idle time of the loop at its end. */
  readonly idleMs: number
}

/**
 * Decides which requests a busy process rejects. Under heavy load each turn of the event loop admits new work for a
 * short time, so that rejections leave at once and no response waits long; a turn's length is the waiting time of a
 * request. Most of an admitted request's work comes in later turns, so the time follows the length of the turns.
 * Payments are admitted far longer than other requests. Times are those of the loop's clock.
 */
export class LoadShedder {
  readonly #loop: EventLoop
  #heavyPeriods = 0
  #isShedding = false
  #windowMs = LONGEST_WINDOW_MS
  #firstRequestMs: number | undefined
  #requestsOfTurn = 0
  /** The length of this turn from which on it starts shedding. */
  #longMs = LONG_TURN_MS
  /** Known if it had many requests, or requests are shed. */
  #previous: Turn | undefined

  constructor(loop: EventLoop) {
    this.#loop = loop
  }

  get isShedding(): boolean {
    return this.#isShedding
  }

  /** Records the mean delay of the event loop in the last period and the number of requests in it. */
  note(delayMs: number, requestCount: number): void {
    this.#heavyPeriods = delayMs > HEAVY_MS && requestCount >= FEWEST_REQUESTS ? this.#heavyPeriods + 1 : 0
    if (this.#heavyPeriods >= HEAVY_PERIODS) this.#isShedding = true
    else if (delayMs < LIGHT_MS) this.#isShedding = false
  }

  /** Records an arrived request. */
  watch(nowMs: number): void {
    this.#firstRequestMs ??= this.#begin(nowMs)
    this.#requestsOfTurn++
    // Only the time of its requests: loading a module makes one turn long, but not the next.
    if (this.#requestsOfTurn >= FEWEST_REQUESTS && nowMs - this.#firstRequestMs > this.#longMs) this.#isShedding = true
  }

  /** Whether to reject a request that has just arrived, while load is shed. */
  refuses(isPaid: boolean, nowMs: number): boolean {
    this.#firstRequestMs ??= this.#begin(nowMs)
    return nowMs - this.#firstRequestMs > (isPaid ? PAID_TURN_MS : this.#windowMs)
  }

  #begin(nowMs: number): number {
    const previous = this.#previous
    const isInARow = previous !== undefined && this.#loop.idleMs() - previous.idleMs <= REST_MS
    // A turn lasts as long as the work that it has left behind.
    const lastedMs = previous === undefined ? 0 : (isInARow ? nowMs : previous.endedMs) - previous.beganMs
    this.#longMs = isInARow && lastedMs > LONG_SECOND_TURN_MS ? LONG_SECOND_TURN_MS : LONG_TURN_MS
    if (!this.#isShedding) this.#windowMs = LONGEST_WINDOW_MS
    else if (previous !== undefined) this.#adaptTo(lastedMs)
    this.#loop.atEndOfTurn(() => {
      // Reading both clocks costs more than all else of a turn with few requests.
      const isKnown = this.#isShedding || this.#requestsOfTurn >= FEWEST_REQUESTS
      this.#previous = isKnown
        ? { beganMs: nowMs, endedMs: this.#loop.nowMs(), idleMs: this.#loop.idleMs() }
        : undefined
      this.#firstRequestMs = undefined
      this.#requestsOfTurn = 0
    })
    return nowMs
  }

  #adaptTo(lastedMs: number): void {
    const change = Math.min(LONGER, Math.max(SHORTER, GOAL_MS / lastedMs))
    this.#windowMs = Math.max(SHORTEST_WINDOW_MS, Math.min(LONGEST_WINDOW_MS, this.#windowMs * change))
  }
}
