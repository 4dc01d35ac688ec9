import { GRAVITY } from '../units.ts'
import { CARRIED_LOAD, ELEVATION_GAIN, STAIRS_GAIN, TRAVEL_DISTANCE, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/**
 * On foot over a distance: W = g (m_body + vest + m_load) (q d + elevation_gain), with q = vertical_ratio, the rise
 * of the centre of mass per step over the step length. Horizontal work, limb swing and air drag are left out.
 */
export const travel: Law<'vertical_ratio'> = {
  formula: 'g*(body_mass + vest_load + external_load)*(vertical_ratio*travel_distance + elevation_gain)',
  basis: 'gait',
  inputs: [TRAVEL_DISTANCE, ELEVATION_GAIN, CARRIED_LOAD, VEST_LOAD],
  coefficients: ['vertical_ratio'],
  work(body, inputs, k, slopes) {
    const allN = GRAVITY * (body.massKg + inputs[2]! + inputs[3]!)
    slopes[0] = allN * inputs[0]!
    return allN * (k[0]! * inputs[0]! + inputs[1]!)
  }
}

/** Stairs count their vertical metres only: W = g (m_body + vest + m_load) elevation_gain. No coefficient at all. */
export const stairs: Law<never> = {
  formula: 'g*(body_mass + vest_load + external_load)*elevation_gain',
  basis: 'gravity',
  inputs: [STAIRS_GAIN, CARRIED_LOAD, VEST_LOAD],
  coefficients: [],
  work: (body, inputs) => GRAVITY * (body.massKg + inputs[1]! + inputs[2]!) * inputs[0]!
}
