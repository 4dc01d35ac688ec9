import type { Redis } from 'ioredis'
import { observeCall } from '../observe/calls.ts'

const MINUTE_MS = 60_000
const NAMESPACE = 'power-oracle-limit-'
/**
 * After this many consecutive failures Redis is skipped for a while, because a frozen Redis would delay every request.
 */
const FAILURES_BEFORE_PAUSE = 3
const PAUSE_MS = 1000

/** Counts events per client in fixed minutes, shared by all instances with the same Redis. */
export class SharedCounter {
  readonly #redis: Pick<Redis, 'multi'>
  readonly #limit: number
  #failures = 0
  #pausedUntilMs = 0

  /** @param redis with a limit on how long a command may take */
  constructor(redis: Pick<Redis, 'multi'>, limitPerMinute: number) {
    this.#redis = redis
    this.#limit = limitPerMinute
  }

  /**
   * Counts one event.
   * @returns seconds to wait if it exceeds the limit; undefined also while Redis does not respond
   */
  async take(key: string, nowMs: number): Promise<number | undefined> {
    // If the clock was set back, the pause ends.
    if (nowMs < this.#pausedUntilMs && this.#pausedUntilMs - nowMs <= PAUSE_MS) return undefined
    const minute = Math.floor(nowMs / MINUTE_MS)
    const name = `${NAMESPACE}${minute}-${key}`
    try {
      const count = await observeCall('redis', 'count', () => this.#count(name))
      this.#failures = 0
      return Number(count) > this.#limit ? Math.ceil(((minute + 1) * MINUTE_MS - nowMs) / 1000) : undefined
    } catch {
      this.#failures += 1
      if (this.#failures >= FAILURES_BEFORE_PAUSE) this.#pausedUntilMs = nowMs + PAUSE_MS
      return undefined
    }
  }

  async #count(name: string): Promise<unknown> {
    const [[error, count] = []] = (await this.#redis.multi().incr(name).pexpire(name, MINUTE_MS).exec()) ?? []
    if (error) throw error
    return count
  }
}
