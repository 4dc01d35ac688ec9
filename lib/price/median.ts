import { PriceError } from './errors.ts'

/** A rate in micro-dollars per bitcoin and how many sources agree on it. */
export interface Agreement {
  readonly rateMicroUsd: bigint
  readonly sources: number
}

/** Middle value; of an even number of values the lower mean of the two in the middle. Needs at least one value. */
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
 * One rate out of the answers of `configured` sources: the median of those within 5 % of the median.
 * They must be more than half of the answers, and at least two unless just one source is configured: a source that is
 * left alone could be the one that lies. Throws `PriceError` `no_agreement`.
 */
export function agreeOnRate(rates: readonly bigint[], configured: number): Agreement {
  const needed = configured > 1 ? 2 : 1
  if (rates.length < needed) throw new PriceError('no_agreement', `${rates.length} of ${configured} sources answered`)
  const middle = median(rates)
  const agreeing = rates.filter((rate) => isWithin(rate, middle, 5n))
  if (agreeing.length < needed || agreeing.length * 2 <= rates.length) {
    throw new PriceError('no_agreement', `${agreeing.length} of ${rates.length} answers agree`)
  }
  return { rateMicroUsd: median(agreeing), sources: agreeing.length }
}
