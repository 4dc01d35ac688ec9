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
