/** A class of relative standard uncertainty, so that a reader need not compare numbers. */
export type Confidence = 'A' | 'B' | 'C' | 'D'

/** A class ends below its bound; D has none. */
const BELOW: readonly (readonly [Confidence, number])[] = [
  ['A', 0.025],
  ['B', 0.08],
  ['C', 0.15]
]

/** The class of some work, reading errors included. No work has none that is known, so that it is D. */
export function confidenceOf(workJ: number, sigmaJ: number): Confidence {
  return BELOW.find(([, bound]) => sigmaJ < bound * workJ)?.[0] ?? 'D'
}
