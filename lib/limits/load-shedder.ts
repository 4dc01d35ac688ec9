/** Mean delay of the event loop above which requests are shed, after two consecutive periods. */
const HEAVY_MS = 100
const HEAVY_PERIODS = 2
/** Shedding ends after a period below this. It is far lower, because admitted requests keep the loop busy. */
const LIGHT_MS = 10
/** A single turn that admits requests for this long starts shedding at once, because later turns would be longer. */
const LONG_TURN_MS = 250
/**
 * Fewer requests in a late turn or period are not load: one of them is slow, such as the first rendering of a page, or
 * the machine is busy with something else. Shedding would not help.
 */
const FEWEST_REQUESTS = 16
/** How long a turn admits requests without a payment; its other requests are shed. */
const TURN_MS = 20
/** A longer turn sheds payments too, which would wait a second for their answers. */
const PAID_TURN_MS = 500

/** A loop that was idle for longer has caught up. */
const REST_MS = 0.5

/** The shedder's view of the event loop. */
export interface EventLoop {
  /** Calls back after the requests of this turn: `setImmediate`. */
  atEndOfTurn(act: () => void): void
  /** Total idle time of the loop, ms. */
  idleMs(): number
}

/**
 * Decides which requests a busy process rejects. Under heavy load each turn of the event loop admits new work for a
 * short time, so that rejections leave at once and no response waits long; a turn's length is the waiting time of a
 * request. Work that a turn leaves behind counts against the next one. Payments are admitted far longer than other
 * requests. Times are monotonic.
 */
export class LoadShedder {
  readonly #loop: EventLoop
  #heavyPeriods = 0
  #isShedding = false
  #delayMs = 0
  #firstRequestMs: number | undefined
  #requestsOfTurn = 0
  /** Start of the work that the previous turn left behind. */
  #leftOverFromMs = Number.POSITIVE_INFINITY
  #turnEnded = { atMs: Number.POSITIVE_INFINITY, idleMs: 0 }

  constructor(loop: EventLoop) {
    this.#loop = loop
  }

  get isShedding(): boolean {
    return this.#isShedding
  }

  /** Records the mean delay of the event loop in the last period and the number of requests in it. */
  note(delayMs: number, requestCount: number): void {
    this.#delayMs = delayMs
    this.#heavyPeriods = delayMs > HEAVY_MS && requestCount >= FEWEST_REQUESTS ? this.#heavyPeriods + 1 : 0
    if (this.#heavyPeriods >= HEAVY_PERIODS) this.#isShedding = true
    else if (delayMs < LIGHT_MS) this.#isShedding = false
  }

  /** Records an arrived request. */
  watch(nowMs: number): void {
    this.#firstRequestMs ??= this.#begin(nowMs)
    this.#requestsOfTurn++
    // Only the time of its requests: loading a module makes one turn long, but not the next.
    if (this.#requestsOfTurn >= FEWEST_REQUESTS && nowMs - this.#firstRequestMs > LONG_TURN_MS) this.#isShedding = true
  }

  /** Whether to reject a request that has just arrived, while load is shed. */
  refuses(isPaid: boolean, nowMs: number): boolean {
    this.#firstRequestMs ??= this.#begin(nowMs)
    if (isPaid) return nowMs - this.#firstRequestMs > PAID_TURN_MS
    const beganMs = Math.min(this.#firstRequestMs, this.#leftOverFromMs)
    return nowMs - beganMs > TURN_MS || this.#delayMs > HEAVY_MS
  }

  #begin(nowMs: number): number {
    this.#leftOverFromMs = this.#isShedding ? this.#busyFrom(nowMs) : nowMs
    this.#loop.atEndOfTurn(() => {
      this.#firstRequestMs = undefined
      this.#requestsOfTurn = 0
      // Reading both clocks costs more than all else of a turn, and only shedding needs them.
      if (this.#isShedding) this.#turnEnded = { atMs: performance.now(), idleMs: this.#loop.idleMs() }
    })
    return nowMs
  }

  /** When the present work began: with the rest of the previous turn, unless the loop was idle since. */
  #busyFrom(nowMs: number): number {
    const { atMs, idleMs } = this.#turnEnded
    return this.#loop.idleMs() - idleMs > REST_MS ? nowMs : atMs
  }
}
