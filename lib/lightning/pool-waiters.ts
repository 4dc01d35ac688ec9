import { LightningError } from './lightning-error.ts'

const MAX_WAITERS = 1024

interface Waiter<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: LightningError) => void
  readonly timer: NodeJS.Timeout
}

/** Callers that wait for a new invoice, in order, each for a limited time. */
export class PoolWaiters<T> {
  readonly #waiting = new Set<Waiter<T>>()

  get size(): number {
    return this.#waiting.size
  }

  /** Rejects with `busy` if 1024 callers wait, and with the result of `onTimeout` after `waitMs`. */
  wait(waitMs: number, onTimeout: () => LightningError): Promise<T> {
    if (this.#waiting.size >= MAX_WAITERS) {
      return Promise.reject(new LightningError('busy', 'too many requests wait for an invoice'))
    }
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter)
        reject(onTimeout())
      }, waitMs).unref()
      const waiter: Waiter<T> = { resolve, reject, timer }
      this.#waiting.add(waiter)
    })
  }

  /** Gives the value to the longest-waiting caller; `false` if nobody waits. */
  serve(value: T): boolean {
    const [first] = this.#waiting
    if (!first) return false
    this.#remove(first)
    first.resolve(value)
    return true
  }

  rejectAll(error: LightningError): void {
    for (const waiter of this.#waiting) {
      this.#remove(waiter)
      waiter.reject(error)
    }
  }

  #remove(waiter: Waiter<T>): void {
    this.#waiting.delete(waiter)
    clearTimeout(waiter.timer)
  }
}
