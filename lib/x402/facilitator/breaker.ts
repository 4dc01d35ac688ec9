/** What a breaker goes by. */
export interface BreakerOptions {
  /** So many failures one after another open it. */
  readonly failures: number
  /** An open one rests so long, then lets one call through. */
  readonly restMs: number
  /** Unix milliseconds. */
  readonly now: () => number
}

/** Keeps calls from a service that does not answer. One that does heals it, whoever made it. */
export class Breaker {
  readonly #options: BreakerOptions
  #failures = 0
  #restsUntilMs = 0

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  get isClosed(): boolean {
    return this.#failures < this.#options.failures
  }

  /** True where a call may be made now; of an open one's callers, one in each rest may. */
  tryEnter(): boolean {
    if (this.isClosed) return true
    const nowMs = this.#options.now()
    const leftMs = this.#restsUntilMs - nowMs
    // More than a whole rest is left where the clock was set back.
    if (leftMs > 0 && leftMs <= this.#options.restMs) return false
    // A probe that is never heard of again costs no more than another rest.
    this.#restsUntilMs = nowMs + this.#options.restMs
    return true
  }

  succeed(): void {
    this.#failures = 0
  }

  fail(): void {
    this.#failures += 1
    this.#restsUntilMs = this.#options.now() + this.#options.restMs
  }
}
