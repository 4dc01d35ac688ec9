/**
 * A map that holds its newest entries, and drops the oldest by whole generations: dropping them one by one would look
 * for the oldest among the holes that the dropped ones left, thousands of them.
 */
export class TwoGenerations<Key, Value> {
  readonly #entries: number
  readonly #weight: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()
  #youngWeight = 0

  /**
   * @param entries remembered at least, twice as many at most
   * @param weight after which a generation is full as well, in the unit that `set` is given
   */
  constructor(entries: number, weight = Number.POSITIVE_INFINITY) {
    this.#entries = entries
    this.#weight = weight
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: Key, value: Value, weight = 0): void {
    if (this.#young.size >= this.#entries || this.#youngWeight >= this.#weight) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngWeight = 0
    }
    this.#young.set(key, value)
    this.#youngWeight += weight
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
