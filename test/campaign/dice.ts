import { randomInt } from 'node:crypto'
import type { Test } from 'tap'

/** Random numbers that a seed repeats: what is bought when, and when a process is killed. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** The seed is printed; CAMPAIGN_SEED repeats one. */
  static of(t: Test): Dice {
    const seed = Number(process.env.CAMPAIGN_SEED ?? randomInt(1, 2 ** 31))
    t.comment(`CAMPAIGN_SEED=${seed}`)
    return new Dice(seed)
  }

  /** At least 0, less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  isHit(share: number): boolean {
    return this.next() < share
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }
}
