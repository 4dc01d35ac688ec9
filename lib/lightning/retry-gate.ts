import type { LightningErrorCode } from './lightning-error.ts'

const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 5000

/**
 * Backs off while attempts fail: 100 ms, doubled up to 5 s; then a single attempt must succeed. Failures of concurrent
 * attempts count as one.
 */
export class RetryGate {
  readonly #reopen: () => void
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #lastError: LightningErrorCode | undefined

  /** @param reopen called when the next attempt is allowed */
  constructor(reopen: () => void) {
    this.#reopen = reopen
  }

  get failures(): number {
    return this.#failures
  }

  get lastError(): LightningErrorCode | undefined {
    return this.#lastError
  }

  /** The number of attempts that may run at once, at most `limit`. */
  allowed(limit: number): number {
    if (this.#timer) return 0
    return this.#failures > 0 ? 1 : limit
  }

  succeed(): void {
    this.close()
    this.#failures = 0
    this.#lastError = undefined
  }

  fail(code: LightningErrorCode): void {
    this.#lastError = code
    if (this.#timer) return
    const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#reopen()
    }, delayMs).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
