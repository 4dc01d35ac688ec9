interface Line {
  running: number
  readonly waiting: (() => void)[]
}

/** Runs a limited number of acts per client at once; others of the same client wait in line. */
export class Turns {
  readonly #atOnce: number
  readonly #mostWaiting: number
  /** Clients with an act under way. */
  readonly #lines = new Map<string, Line>()

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce
    this.#mostWaiting = mostWaiting
  }

  /**
   * @param onFull its error is thrown where as many acts of this client wait as may
   * @returns what the act returns
   */
  async run<R>(client: string, act: () => Promise<R>, onFull: () => Error): Promise<R> {
    const line = this.#lines.get(client) ?? { running: 0, waiting: [] }
    this.#lines.set(client, line)
    if (line.running < this.#atOnce) line.running++
    else if (line.waiting.length >= this.#mostWaiting) throw onFull()
    // An act that ends leaves its place to the first in line.
    else await new Promise<void>((resolve) => line.waiting.push(resolve))
    try {
      return await act()
    } finally {
      const next = line.waiting.shift()
      if (next !== undefined) next()
      else if (--line.running === 0) this.#lines.delete(client)
    }
  }
}
