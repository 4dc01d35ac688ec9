import { GRAVITY } from '../units.ts'
import { EXTERNAL_LOAD, TRAVEL_DISTANCE } from './inputs.ts'
import type { Law } from './law.ts'

/** A sled dragged or pushed on the level: W = mu g m_load d, with mu = friction_coefficient. Heat, not height. */
export const sled: Law<'friction_coefficient'> = {
  formula: 'friction_coefficient*g*external_load*travel_distance',
  basis: 'friction',
  inputs: [{ ...EXTERNAL_LOAD, description: 'Mass of the sled and its plates together.' }, TRAVEL_DISTANCE],
  coefficients: ['friction_coefficient'],
  work(_body, inputs, k, slopes) {
    slopes[0] = GRAVITY * inputs[0]! * inputs[1]!
    return slopes[0] * k[0]!
  }
}
