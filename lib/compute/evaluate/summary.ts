import { Sum } from '../sum.ts'
import { type Terms, varianceOf } from './measure.ts'

/** A value and its standard uncertainty, both in the same SI unit. */
export interface Measured {
  readonly value: number
  readonly sigma: number
}

/** The average power of a split: its terms are the work's (J), its own variance the power's (W2). */
export interface SplitPower {
  readonly powerW: number
  readonly seconds: number
  readonly terms: Terms
  /** Variance from inputs that no other split depends on, such as its own time. */
  readonly ownVariance: number
}

export interface Summary {
  readonly strongest: number
  readonly weakest: number
  readonly peak: Measured
  readonly minimum: Measured
  readonly mean: Measured
  readonly dropoff: Measured
  readonly consistency: Measured
}

/**
 * Compares the splits' average powers. Sigmas by linear propagation. Splits of the same movements share their
 * coefficients, so dropoff and consistency are far more certain than the powers.
 * @param splits one or more
 * @param idle true without work: dropoff is 0 and consistency is 1 by definition
 */
export function summarise(splits: readonly SplitPower[], idle: boolean): Summary {
  let strongest = 0
  let weakest = 0
  const total = new Sum()
  const meanTerms: Terms = new Array<number>(splits[0]!.terms.length).fill(0)
  let ownVariance = 0
  for (let index = 0; index < splits.length; index++) {
    const { powerW, seconds, terms, ownVariance: own } = splits[index]!
    if (powerW > splits[strongest]!.powerW) strongest = index
    if (powerW < splits[weakest]!.powerW) weakest = index
    total.add(powerW)
    const share = seconds * splits.length
    for (let term = 0; term < terms.length; term++) meanTerms[term]! += terms[term]! / share
    ownVariance += own
  }
  const mean = total.value / splits.length
  const peak = splits[strongest]!
  const minimum = splits[weakest]!
  // If all are equal, any other split is the weakest too; the difference of two is uncertain.
  const other = strongest === weakest && splits.length > 1 ? splits[1]! : minimum
  return {
    strongest,
    weakest,
    peak: { value: peak.powerW, sigma: sigmaOf(peak) },
    minimum: { value: minimum.powerW, sigma: sigmaOf(minimum) },
    mean: { value: mean, sigma: Math.sqrt(varianceOf(meanTerms) + ownVariance / (splits.length * splits.length)) },
    dropoff: idle ? { value: 0, sigma: 0 } : dropoffOf(peak, other),
    consistency: idle ? { value: 1, sigma: 0 } : consistencyOf(splits, mean, meanTerms)
  }
}

function sigmaOf({ seconds, terms, ownVariance }: SplitPower): number {
  return Math.sqrt(varianceOf(terms) / (seconds * seconds) + ownVariance)
}

/** D = (p - q) / p, so dD = (q dp / p - dq) / p. */
function dropoffOf(peak: SplitPower, minimum: SplitPower): Measured {
  const ratio = minimum.powerW / peak.powerW
  const value = (peak.powerW - minimum.powerW) / peak.powerW
  if (peak === minimum) return { value, sigma: 0 }
  let variance = ratio * ratio * peak.ownVariance + minimum.ownVariance
  for (let term = 0; term < peak.terms.length; term++) {
    const change = (ratio * peak.terms[term]!) / peak.seconds - minimum.terms[term]! / minimum.seconds
    variance += change * change
  }
  return { value, sigma: Math.sqrt(variance) / peak.powerW }
}

/**
 * C = 1 - s with s^2 = mean (r_i - 1)^2 and r_i = P_i / m, so dr_i = (dP_i - r_i dm) / m and ds = sum (r_i - 1) dr_i /
 * (n s). Powers are divided by their mean first, so that squares do not underflow. If all powers are equal, s has no
 * slope; its root mean square under the same terms is used instead.
 */
function consistencyOf(splits: readonly SplitPower[], mean: number, meanTerms: Terms): Measured {
  const count = splits.length
  const squares = new Sum()
  for (const { powerW } of splits) squares.add((powerW / mean - 1) * (powerW / mean - 1))
  const deviation = Math.sqrt(squares.value / count)
  let variance = 0
  for (let term = 0; term < meanTerms.length; term++) {
    let slope = 0
    let spread = 0
    for (let index = 0; index < count; index++) {
      const { powerW, seconds, terms } = splits[index]!
      const relative = powerW / mean
      const change = (terms[term]! / seconds - relative * meanTerms[term]!) / mean
      slope += (relative - 1) * change
      spread += change * change
    }
    const change = deviation === 0 ? Math.sqrt(spread / count) : slope / (count * deviation)
    variance += change * change
  }
  // One watt more in split j changes r_j by 1 / m, and every r_i by -r_i / (n m).
  const relativeSquares = count + squares.value
  for (const { powerW, ownVariance } of splits) {
    const relative = powerW / mean
    const slope = relative - 1 - squares.value / count
    const spread = 1 - (2 * relative) / count + relativeSquares / (count * count)
    const change = deviation === 0 ? Math.sqrt(spread / count) : slope / (count * deviation)
    variance += (change * change * ownVariance) / (mean * mean)
  }
  return { value: 1 - deviation, sigma: Math.sqrt(variance) }
}
