import { LightningError } from './lightning-error.ts'

/** Runs at most `maxInFlight` tasks at once; the others wait in order, at most `maxQueued` of them. */
export class Limiter {
  readonly #maxInFlight: number
  readonly #maxQueued: number
  readonly #queue: Array<() => void> = []
  #inFlight = 0

  constructor(maxInFlight: number, maxQueued: number) {
    this.#maxInFlight = maxInFlight
    this.#maxQueued = maxQueued
  }

  /** The task's own result. Rejects with `LightningError` `busy` when the queue is full. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#inFlight < this.#maxInFlight) this.#inFlight += 1
    else if (this.#queue.length >= this.#maxQueued) throw new LightningError('busy', 'too many calls wait for the node')
    else await new Promise<void>((resolve) => this.#queue.push(resolve))
    try {
      return await task()
    } finally {
      // A waiting task takes over the place, so that the count never dips below the truth in between.
      const next = this.#queue.shift()
      if (next) next()
      else this.#inFlight -= 1
    }
  }
}
