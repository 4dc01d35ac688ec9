import { MinuteCounter } from './minute-counter.ts'

/** Below these no address is refused a connection, however few requests it may send. */
const FEWEST_OPEN = 256
const FEWEST_NEW = 1000

/** Why a connection is not accepted. */
export type ConnectionRefusal = 'too_many_open' | 'too_many_new'

/**
 * Limits the connections of each client by the requests that it may send a minute: at most as many open, since more
 * cannot all carry one, and at most twice as many opened a minute. Between once and twice the client reads its 429s;
 * beyond that an HTTP answer would cost more than the refusal of the connection.
 */
export class ConnectionLimits {
  readonly #mostOpen: number
  readonly #opened: MinuteCounter
  readonly #open = new Map<string, number>()

  constructor(requestsPerMinute: number) {
    this.#mostOpen = Math.max(FEWEST_OPEN, requestsPerMinute)
    this.#opened = new MinuteCounter(Math.max(FEWEST_NEW, requestsPerMinute * 2))
  }

  /**
   * Counts a new connection. Whoever gets `undefined` calls `release` when the connection has closed.
   * @param key from `clientKey`
   */
  admit(key: string, nowMs: number): ConnectionRefusal | undefined {
    const open = this.#open.get(key) ?? 0
    if (open >= this.#mostOpen) return 'too_many_open'
    if (this.#opened.take(key, nowMs) !== undefined) return 'too_many_new'
    this.#open.set(key, open + 1)
    return undefined
  }

  release(key: string): void {
    const open = this.#open.get(key) ?? 0
    if (open > 1) this.#open.set(key, open - 1)
    else this.#open.delete(key)
  }
}
