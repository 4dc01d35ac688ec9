/** More than this at once are forgotten: their rows go on saying that nobody knows of a delivery. */
const MAX_WAITING = 10_000
const WRITE_AFTER_MS = 250

/** Payments whose answers have left, until their rows say so; written many at a time. */
export class Deliveries {
  readonly #waiting = new Set<string>()
  readonly #write: (proofKeys: readonly string[]) => Promise<void>
  #timer: NodeJS.Timeout | undefined

  constructor(write: (proofKeys: readonly string[]) => Promise<void>) {
    this.#write = write
  }

  has(proofKey: string): boolean {
    return this.#waiting.has(proofKey)
  }

  add(proofKey: string): void {
    if (this.#waiting.size >= MAX_WAITING) return
    this.#waiting.add(proofKey)
    this.#schedule()
  }

  /** Writes what waits; what cannot be written goes on waiting. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const proofKeys = [...this.#waiting]
    if (proofKeys.length === 0) return
    try {
      await this.#write(proofKeys)
      for (const proofKey of proofKeys) this.#waiting.delete(proofKey)
    } catch {
      // The database is away: its own health tells so.
    }
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.flush().then(() => {
        if (this.#waiting.size > 0) this.#schedule()
      })
    }, WRITE_AFTER_MS).unref()
  }
}
