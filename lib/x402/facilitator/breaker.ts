/** Settings of a breaker. */
export interface BreakerOptions {
  /** Consecutive failures that open it. */
  readonly failures: number
  /** How long it stays open before it lets one call through. */
  readonly restMs: number
  /** Unix milliseconds. */
  readonly now: () => number
}

/** A circuit breaker for a service that does not respond. Any successful call closes it. */
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

  /** Whether `tryEnter` would allow a call. */
  get isPassable(): boolean {
    if (this.isClosed) return true
    const leftMs = this.#restsUntilMs - this.#options.now()
    // More than a whole period remains if the clock was set back.
    return leftMs <= 0 || leftMs > this.#options.restMs
  }

  /** Whether a call is allowed; while open, one call per period. */
  tryEnter(): boolean {
    if (this.isClosed) return true
    if (!this.isPassable) return false
    // A probe that never returns costs only another period.
    this.#restsUntilMs = this.#options.now() + this.#options.restMs
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
