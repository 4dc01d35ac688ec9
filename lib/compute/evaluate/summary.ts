import { Sum } from '../sum.ts'
import { sigmaOf, type Terms } from './measure.ts'

/** A value and its standard uncertainty, both in the same SI unit. */
export interface Measured {
  readonly value: number
  readonly sigma: number
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
 * Compares the splits' average powers, W. `rows[i]` are the terms of `powers[i]`.
 * Sigmas by linear propagation. Splits of the same movements share their coefficients, so dropoff and consistency
 * come out far surer than the powers themselves.
 * @param idle no work was done: dropoff is 0 and consistency is 1 by definition
 */
export function summarise(powers: readonly number[], rows: readonly Terms[], idle: boolean): Summary {
  let strongest = 0
  let weakest = 0
  const total = new Sum()
  for (let split = 0; split < powers.length; split++) {
    if (powers[split]! > powers[strongest]!) strongest = split
    if (powers[split]! < powers[weakest]!) weakest = split
    total.add(powers[split]!)
  }
  const mean = total.value / powers.length
  const meanTerms = meanRow(rows)
  return {
    strongest,
    weakest,
    peak: { value: powers[strongest]!, sigma: sigmaOf(rows[strongest]!) },
    minimum: { value: powers[weakest]!, sigma: sigmaOf(rows[weakest]!) },
    mean: { value: mean, sigma: sigmaOf(meanTerms) },
    dropoff: idle
      ? { value: 0, sigma: 0 }
      : dropoffOf(powers[strongest]!, rows[strongest]!, powers[weakest]!, rows[weakest]!),
    consistency: idle ? { value: 1, sigma: 0 } : consistencyOf(powers, rows, mean, meanTerms)
  }
}

function meanRow(rows: readonly Terms[]): Terms {
  const mean = new Array<number>(rows[0]!.length).fill(0)
  for (const row of rows) {
    for (let term = 0; term < mean.length; term++) mean[term]! += row[term]! / rows.length
  }
  return mean
}

/** D = (p - q) / p, so dD = (q dp / p - dq) / p. */
function dropoffOf(peak: number, peakTerms: Terms, minimum: number, minimumTerms: Terms): Measured {
  let variance = 0
  for (let term = 0; term < peakTerms.length; term++) {
    const change = ((minimum / peak) * peakTerms[term]! - minimumTerms[term]!) / peak
    variance += change * change
  }
  return { value: (peak - minimum) / peak, sigma: Math.sqrt(variance) }
}

/**
 * C = 1 - s with s^2 = mean (r_i - 1)^2 and r_i = P_i / m, so dr_i = (dP_i - r_i dm) / m and
 * ds = sum (r_i - 1) dr_i / (n s). Powers are divided by their mean first, so that no square can vanish.
 * Where all powers are equal s has no slope; its root mean square under the same terms is taken instead.
 */
function consistencyOf(powers: readonly number[], rows: readonly Terms[], mean: number, meanTerms: Terms): Measured {
  const count = powers.length
  const squares = new Sum()
  for (const power of powers) squares.add((power / mean - 1) * (power / mean - 1))
  const deviation = Math.sqrt(squares.value / count)
  let variance = 0
  for (let term = 0; term < meanTerms.length; term++) {
    let slope = 0
    let spread = 0
    for (let split = 0; split < count; split++) {
      const relative = powers[split]! / mean
      const change = (rows[split]![term]! - relative * meanTerms[term]!) / mean
      slope += (relative - 1) * change
      spread += change * change
    }
    const change = deviation === 0 ? Math.sqrt(spread / count) : slope / (count * deviation)
    variance += change * change
  }
  return { value: 1 - deviation, sigma: Math.sqrt(variance) }
}
