/** More than this are dropped: their rows remain marked as undelivered. */
const MAX_WAITING = 10_000
const WRITE_AFTER_MS = 250

/** Delivered payments whose rows are not marked yet; written in batches. */
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

  /** Writes the waiting marks; marks that fail remain. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const proofKeys = [...this.#waiting]
    if (proofKeys.length === 0) return
    try {
      await this.#write(proofKeys)
      for (const proofKey of proofKeys) this.#waiting.delete(proofKey)
    } catch {
      // The database is unavailable, which its own health reports.
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
