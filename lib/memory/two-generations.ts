/**
 * A map that holds its newest entries, and drops the oldest by whole generations: dropping them one by one would look
 * for the oldest among the holes that the dropped ones left, thousands of them.
 */
export class TwoGenerations<Key, Value> {
  readonly #entries: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  /** @param entries remembered at least, twice as many at most */
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
