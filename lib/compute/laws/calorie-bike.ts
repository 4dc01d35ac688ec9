import { CALORIES } from './inputs.ts'
import type { Law } from './law.ts'

/** An air bike known by its console only: W = joules_per_calorie x calories. Fan work, whatever the body. */
export const calorieBike: Law<'joules_per_calorie'> = {
  formula: 'joules_per_calorie*calories',
  basis: 'air_bike',
  inputs: [CALORIES],
  coefficients: ['joules_per_calorie'],
  work(_body, inputs, k, slopes) {
    slopes[0] = inputs[0]!
    return k[0]! * inputs[0]!
  }
}
