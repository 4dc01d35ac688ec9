/** Weight of the latest attempt in the mean: 48 attempts renew it almost completely. */
const WEIGHT = 1 / 16
/** An attempt is expected to take its mean and so many times the mean deviation at most, as TCP expects of a round trip. */
const DEVIATIONS = 4

/** Measures how fast the node creates invoices, and predicts whether one more request would get an invoice in time. */
export class PoolPace {
  readonly #atOnce: number
  readonly #nowMs: () => number
  #running = 0
  #meanMs = 0
  #deviationMs = 0
  /** Time of the node's last answer, or of the first attempt after an idle period. */
  #heardMs = 0

  /**
   * @param atOnce limit of concurrent attempts
   * @param nowMs milliseconds of a clock that does not jump
   */
  constructor(atOnce: number, nowMs: () => number) {
    this.#atOnce = atOnce
    this.#nowMs = nowMs
  }

  /** Runs an attempt to create an invoice and records its duration if it succeeds. */
  async measure<R>(attempt: () => Promise<R>): Promise<R> {
    const beganMs = this.#nowMs()
    if (this.#running === 0) this.#heardMs = beganMs
    this.#running += 1
    try {
      const made = await attempt()
      const tookMs = this.#nowMs() - beganMs
      const differenceMs = this.#meanMs === 0 ? 0 : tookMs - this.#meanMs
      this.#meanMs = this.#meanMs === 0 ? tookMs : this.#meanMs + differenceMs * WEIGHT
      this.#deviationMs += (Math.abs(differenceMs) - this.#deviationMs) * WEIGHT
      return made
    } finally {
      this.#running -= 1
      this.#heardMs = this.#nowMs()
    }
  }

  /** How long the node has not answered while it was asked, milliseconds. */
  get silenceMs(): number {
    return this.#running === 0 ? 0 : this.#nowMs() - this.#heardMs
  }

  /**
   * Whether a request with this many waiting ahead of it would get its invoice within `waitMs`. A request with nobody
   * ahead waits even for a slow node: its attempt shows when the node is fast again.
   */
  serves(ahead: number, waitMs: number): boolean {
    const { silenceMs } = this
    if (silenceMs >= waitMs) return false
    const attemptMs = Math.max(this.#meanMs + this.#deviationMs * DEVIATIONS, silenceMs)
    return ahead === 0 || attemptMs * Math.max(1, (ahead + 1) / this.#atOnce) <= waitMs
  }
}
