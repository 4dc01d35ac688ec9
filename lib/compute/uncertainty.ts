import type { Reading } from './laws/law.ts'

/** One standard deviation of stated body figures and times. */
export const HEIGHT_SIGMA_M = 0.01
export const BODY_MASS_SIGMA_KG = 1
/** Sigma of a typed time; the elapsed time of a session and the active time of each split are separate readings. */
export const TIME_SIGMA_S = 0.5

/** One standard deviation of a reading, in its SI unit. A value of 0 was not read and is exact. */
export function readingSigma({ absoluteSi, relative }: Reading, valueSi: number): number {
  return valueSi === 0 ? 0 : Math.max(absoluteSi, relative * valueSi)
}

/** A class of relative standard uncertainty. */
export type Confidence = 'A' | 'B' | 'C' | 'D'

/**
 * The class of some work, reading errors included: A below 2.5 %, B below 8 %, C below 15 %, else D. Zero work has no
 * relative uncertainty and is D.
 */
export function confidenceOf(workJ: number, sigmaJ: number): Confidence {
  if (sigmaJ >= 0.15 * workJ) return 'D'
  if (sigmaJ >= 0.08 * workJ) return 'C'
  return sigmaJ >= 0.025 * workJ ? 'B' : 'A'
}
