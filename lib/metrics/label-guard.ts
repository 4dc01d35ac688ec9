const PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$/
const OTHER = 'other'

/**
 * Bounds a label. Each value of a label is a series of its own, for as long as the process lives: whatever comes in
 * words that others choose, such as a facilitator's, is held to a form and to a number.
 */
export class LabelGuard {
  readonly #known = new Set<string>()
  readonly #max: number

  /** @param max how many values pass */
  constructor(max: number) {
    this.#max = max
  }

  /** @returns the value, or `other` where it has another form or is one too many */
  pass(value: string): string {
    if (this.#known.has(value)) return value
    if (this.#known.size >= this.#max || !PATTERN.test(value)) return OTHER
    this.#known.add(value)
    return value
  }
}
