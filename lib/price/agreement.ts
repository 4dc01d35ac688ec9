import { PriceError } from './errors.ts'

const AGREE_PERCENT = 5n
const JUMP_PERCENT = 20n

/** A rate in micro-dollars per bitcoin, and the number of sources that agree on it. */
export interface Agreement {
  readonly rateMicroUsd: bigint
  readonly sources: number
}

/** The median of at least one value; for an even number of values, the mean of the middle two, rounded down. */
export function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const upper = sorted[Math.floor(sorted.length / 2)]!
  return sorted.length % 2 === 1 ? upper : (sorted[sorted.length / 2 - 1]! + upper) / 2n
}

/** Whether two rates differ by at most `percent` of the second one. */
export function isWithin(value: bigint, reference: bigint, percent: bigint): boolean {
  const difference = value > reference ? value - reference : reference - value
  return difference * 100n <= reference * percent
}

/**
 * One rate from the answers of `configured` sources: the median of those within 5 % of the median. These must be more
 * than half of the answers, and at least two unless only one source is configured: a single remaining source could be
 * the wrong one. Throws `PriceError` `no_agreement`.
 */
export function agreeOnRate(rates: readonly bigint[], configured: number): Agreement {
  const needed = configured > 1 ? 2 : 1
  if (rates.length < needed) throw new PriceError('no_agreement', `${rates.length} of ${configured} sources answered`)
  const middle = median(rates)
  const agreeing = rates.filter((rate) => isWithin(rate, middle, AGREE_PERCENT))
  if (agreeing.length < needed || agreeing.length * 2 <= rates.length) {
    throw new PriceError('no_agreement', `${agreeing.length} of ${rates.length} answers agree`)
  }
  return { rateMicroUsd: median(agreeing), sources: agreeing.length }
}

/**
 * Holds a rate that moved by more than 20 % until the next refresh confirms it within 5 %. The last good quote ages
 * meanwhile, so its age limit bounds a hold.
 */
export class JumpGuard {
  #held: bigint | undefined

  /** Whether `rate` may replace `last`, the last good rate. Remembers a held one. */
  accepts(rate: bigint, last: bigint | undefined): boolean {
    const calm = last === undefined || isWithin(rate, last, JUMP_PERCENT)
    const confirmed = this.#held !== undefined && isWithin(rate, this.#held, AGREE_PERCENT)
    const accepted = calm || confirmed
    this.#held = accepted ? undefined : rate
    return accepted
  }
}
