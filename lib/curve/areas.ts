import { Sum } from '../compute/sum.ts'
import { type Holding, holdingsOf } from './envelope.ts'
import { areaOf, type Hyperbola, logAreaOf, logWidth, type Window } from './hyperbola.ts'
import type { ParetoFront } from './pareto-front.ts'
import { SigmaSum } from './sigma-sum.ts'

/** A figure in its SI unit, and its standard deviation. */
export interface Measured {
  readonly value: number
  readonly sigma: number
}

/** Area under the envelope over a window in linear time, J: exact, piece by piece; 0 without samples. */
export function workCapacityOf(front: ParetoFront, window: Window): Measured {
  const sigma = new SigmaSum()
  const value = addWorkCapacity(sigma, front, window, 1)
  return { value, sigma: sigma.value }
}

/** Mean power of the envelope over the logarithm of time in a window, W: exact; 0 without samples. */
export function logMeanPowerOf(front: ParetoFront, window: Window): Measured {
  const sigma = new SigmaSum()
  const value = addLogMeanPower(sigma, front, window, 1)
  return { value, sigma: sigma.value }
}

/**
 * Geometric mean of the areas under several envelopes over one window, J; undefined where one has no samples.
 * A geometric mean favours the weakest curve: one per cent more of any of them is worth the same.
 */
export function fitnessScoreOf(fronts: readonly ParetoFront[], window: Window): Measured | undefined {
  const areas = fronts.map((front) => workCapacityOf(front, window).value)
  if (areas.includes(0)) return undefined
  // Logarithms, because a product of areas may exceed the largest number.
  const value = Math.exp(areas.reduce((sum, area) => sum + Math.log(area), 0) / areas.length)
  const sigma = new SigmaSum()
  for (const [index, front] of fronts.entries()) {
    addWorkCapacity(sigma, front, window, value / areas.length / areas[index]!)
  }
  return { value, sigma: sigma.value }
}

/** Adds this area's uncertainty to that of a figure that changes by `weight` per joule of it; returns the area, J. */
function addWorkCapacity(sigma: SigmaSum, front: ParetoFront, window: Window, weight: number): number {
  return addIntegral(sigma, front, window, weight, areaOf)
}

/** Adds this mean's uncertainty to that of a figure that changes by `weight` per watt of it; returns the mean, W. */
export function addLogMeanPower(sigma: SigmaSum, front: ParetoFront, window: Window, weight: number): number {
  const width = logWidth(window)
  return addIntegral(sigma, front, window, weight / width, logAreaOf) / width
}

type Integral = (piece: Hyperbola, window: Window) => number

/** The envelope is continuous where two samples meet, so that moving the meeting point changes nothing. */
function addIntegral(sigma: SigmaSum, front: ParetoFront, window: Window, weight: number, integral: Integral): number {
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
