import type { Reading } from './laws/law.ts'

/** One standard deviation of the figures about the athlete and the clock, as people state them. */
export const HEIGHT_SIGMA_M = 0.01
export const BODY_MASS_SIGMA_KG = 1
/** Of a typed time; the elapsed time of a session and the active time of each split are readings of their own. */
export const TIME_SIGMA_S = 0.5

/** One standard deviation of a figure that was read, in its own SI unit. What is 0 was not read: it is exact. */
export function readingSigma({ absoluteSi, relative }: Reading, valueSi: number): number {
  return valueSi === 0 ? 0 : Math.max(absoluteSi, relative * valueSi)
}

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
