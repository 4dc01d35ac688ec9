import { addWorkCapacity, type Measured, workCapacityOf } from './envelope.ts'
import type { Front } from './front.ts'
import type { Window } from './hyperbola.ts'
import { SigmaSum } from './sigma-sum.ts'

/**
 * Geometric mean of the areas under some curves over one window, J; undefined where one has no samples.
 * A geometric mean rewards the weakest curve most: one per cent more of any of them is worth the same.
 */
export function fitnessScoreOf(fronts: readonly Front[], window: Window): Measured | undefined {
  const areas = fronts.map((front) => workCapacityOf(front, window).value)
  if (areas.includes(0)) return undefined
  // Logarithms, since a product of areas may pass the largest number.
  const value = Math.exp(areas.reduce((sum, area) => sum + Math.log(area), 0) / areas.length)
  const sigma = new SigmaSum()
  for (const [index, front] of fronts.entries()) {
    addWorkCapacity(sigma, front, window, value / areas.length / areas[index]!)
  }
  return { value, sigma: sigma.value }
}
