import { isWithin } from './median.ts'

const JUMP_PERCENT = 20n
const CONFIRM_PERCENT = 5n

/**
 * Holds a rate that moved by more than 20 % until the next refresh says the same, within 5 %.
 * The last good quote goes on ageing meanwhile, so a hold is bounded by its age limit.
 */
export class JumpGuard {
  #held: bigint | undefined

  /** Whether `rate` may replace `last`, the last good rate. Remembers a refused one. */
  accepts(rate: bigint, last: bigint | undefined): boolean {
    const calm = last === undefined || isWithin(rate, last, JUMP_PERCENT)
    const confirmed = this.#held !== undefined && isWithin(rate, this.#held, CONFIRM_PERCENT)
    const accepted = calm || confirmed
    this.#held = accepted ? undefined : rate
    return accepted
  }
}
