/**
 * A map of the most recent entries. It drops the oldest by whole generations: dropping them one at a time would search
 * for the oldest among thousands of holes that earlier deletions left.
 */
export class RecentMap<Key, Value> {
  readonly #entries: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  /** @param entries the least number of entries kept; at most twice as many are kept */
  constructor(entries: number) {
    this.#entries = entries
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#entries) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
