import { Sum } from '../compute/sum.ts'
import type { Front } from './front.ts'
import { areaOf, type Hyperbola, logAreaOf, logWidth, type Window } from './hyperbola.ts'
import type { Sample } from './sample.ts'
import { SigmaSum } from './sigma-sum.ts'

/** A figure in its SI unit, and one sigma of it. */
export interface Measured {
  readonly value: number
  readonly sigma: number
}

/** The durations at which one sample is the highest of a front: its power up to its own duration, then its work / t. */
export interface Holding extends Window {
  readonly sample: Sample
}

/** Which sample holds the envelope where, within a window. Samples that hold nothing there are left out. */
export function holdingsOf(front: Front, window: Window): Holding[] {
  const holdings: Holding[] = []
  for (const [index, sample] of front.entries()) {
    const fromSeconds = Math.max(window.fromSeconds, meeting(front[index - 1], sample, 0))
    const toSeconds = Math.min(window.toSeconds, meeting(sample, front[index + 1], Number.POSITIVE_INFINITY))
    if (fromSeconds < toSeconds) holdings.push({ sample, fromSeconds, toSeconds })
  }
  return holdings
}

/** Where the falling piece of one sample meets the level piece of the next. */
function meeting(sample: Sample | undefined, next: Sample | undefined, otherwise: number): number {
  return sample === undefined || next === undefined ? otherwise : sample.workJ / next.powerW
}

/** Area under the envelope over a window in linear time, J: exact, piece by piece; 0 for no samples. */
export function workCapacityOf(front: Front, window: Window): Measured {
  const sigma = new SigmaSum()
  const value = addWorkCapacity(sigma, front, window, 1)
  return { value, sigma: sigma.value }
}

/** Mean power of the envelope over the logarithm of time in a window, W: exact; 0 for no samples. */
export function logMeanPowerOf(front: Front, window: Window): Measured {
  const sigma = new SigmaSum()
  const value = addLogMeanPower(sigma, front, window, 1)
  return { value, sigma: sigma.value }
}

/** Adds what a figure with the slope `weight` by this area is unsure of; returns the area, J. */
export function addWorkCapacity(sigma: SigmaSum, front: Front, window: Window, weight: number): number {
  return addIntegral(sigma, front, window, weight, areaOf)
}

/** Adds what a figure with the slope `weight` by this mean power is unsure of; returns the mean power, W. */
export function addLogMeanPower(sigma: SigmaSum, front: Front, window: Window, weight: number): number {
  const width = logWidth(window)
  return addIntegral(sigma, front, window, weight / width, logAreaOf) / width
}

type Integral = (piece: Hyperbola, window: Window) => number

/** Where two samples meet the envelope is continuous, so that moving the meeting point changes nothing. */
function addIntegral(sigma: SigmaSum, front: Front, window: Window, weight: number, integral: Integral): number {
  const total = new Sum()
  for (const holding of holdingsOf(front, window)) {
    const part = level(holding, integral) + falling(holding, integral)
    total.add(part)
    sigma.add(holding.sample, (weight * part) / holding.sample.workJ)
  }
  return total.value
}

function level({ sample, fromSeconds, toSeconds }: Holding, integral: Integral): number {
  const end = Math.min(sample.durationSeconds, toSeconds)
  return end > fromSeconds ? integral({ constantW: sample.powerW, workJ: 0 }, { fromSeconds, toSeconds: end }) : 0
}

function falling({ sample, fromSeconds, toSeconds }: Holding, integral: Integral): number {
  const start = Math.max(sample.durationSeconds, fromSeconds)
  return toSeconds > start ? integral({ constantW: 0, workJ: sample.workJ }, { fromSeconds: start, toSeconds }) : 0
}
