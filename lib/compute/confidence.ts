/** A class of relative standard uncertainty, so that a reader need not compare numbers. */
export type Confidence = 'A' | 'B' | 'C' | 'D'

/**
 * The class of some work, reading errors included: A below 2.5 %, B below 8 %, C below 15 %, else D. No work has no
 * relative uncertainty, so that it is D.
 */
export function confidenceOf(workJ: number, sigmaJ: number): Confidence {
  if (sigmaJ >= 0.15 * workJ) return 'D'
  if (sigmaJ >= 0.08 * workJ) return 'C'
  return sigmaJ >= 0.025 * workJ ? 'B' : 'A'
}
