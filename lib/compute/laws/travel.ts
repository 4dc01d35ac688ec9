import { GRAVITY } from '../units.ts'
import { CARRIED_LOAD, ELEVATION_GAIN, SLED_LOAD, TRAVEL_DISTANCE, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/**
 * On foot over a distance: W = g (m_body + vest + m_load) (q d + elevation_gain), with q = vertical_ratio, the rise of
 * the centre of mass per step over the step length. Horizontal work, limb swing and air drag are not included.
 */
export const onFoot: Law<'vertical_ratio'> = {
  formula: 'g*(body_mass + vest_load + external_load)*(vertical_ratio*travel_distance + elevation_gain)',
  basis: 'gait',
  inputs: [TRAVEL_DISTANCE, ELEVATION_GAIN, CARRIED_LOAD, VEST_LOAD],
  coefficients: ['vertical_ratio'],
  work(body, inputs, k, slopes) {
    const newtons = GRAVITY * (body.massKg + inputs[2]! + inputs[3]!)
    const riseM = k[0]! * inputs[0]! + inputs[1]!
    slopes.coefficients[0] = newtons * inputs[0]!
    slopes.heightM = 0
    slopes.massKg = GRAVITY * riseM
    slopes.inputs[0] = newtons * k[0]!
    slopes.inputs[1] = newtons
    slopes.inputs[2] = slopes.massKg
    slopes.inputs[3] = slopes.massKg
    return newtons * riseM
  }
}

/** On the hands over level ground: W = g (m_body + vest) q d, with q = vertical_ratio. */
export const onHands: Law<'vertical_ratio'> = {
  formula: 'g*(body_mass + vest_load)*vertical_ratio*travel_distance',
  basis: 'gait',
  inputs: [TRAVEL_DISTANCE, VEST_LOAD],
  coefficients: ['vertical_ratio'],
  work(body, inputs, k, slopes) {
    const newtons = GRAVITY * (body.massKg + inputs[1]!)
    slopes.coefficients[0] = newtons * inputs[0]!
    slopes.heightM = 0
    slopes.massKg = GRAVITY * k[0]! * inputs[0]!
    slopes.inputs[0] = newtons * k[0]!
    slopes.inputs[1] = slopes.massKg
    return newtons * k[0]! * inputs[0]!
  }
}

/**
 * A sled dragged or pushed on level ground: W = mu g m_load d, with mu = friction_coefficient; friction, not lifting.
 */
export const sled: Law<'friction_coefficient'> = {
  formula: 'friction_coefficient*g*external_load*travel_distance',
  basis: 'friction',
  inputs: [SLED_LOAD, TRAVEL_DISTANCE],
  coefficients: ['friction_coefficient'],
  work(_body, inputs, k, slopes) {
    const newtonMetres = GRAVITY * inputs[0]! * inputs[1]!
    slopes.coefficients[0] = newtonMetres
    slopes.heightM = 0
    slopes.massKg = 0
    slopes.inputs[0] = k[0]! * GRAVITY * inputs[1]!
    slopes.inputs[1] = k[0]! * GRAVITY * inputs[0]!
    return newtonMetres * k[0]!
  }
}

/**
 * Swimming at constant speed: W = K d^3 / t^2, the work against the water's drag K v^2, with K = drag_constant. Without
 * the time t the work is unknown.
 */
export const swimming: Law<'drag_constant'> = {
  formula: 'drag_constant*travel_distance^3/t^2 with the active time t of an isolated split',
  basis: 'drag',
  inputs: [TRAVEL_DISTANCE],
  coefficients: ['drag_constant'],
  usesTime: true,
  needsTime: true,
  speeds: { min: 0.1, max: 3 },
  work(_body, inputs, k, slopes, secondsPerRep) {
    const speed = inputs[0]! / secondsPerRep
    slopes.coefficients[0] = speed * speed * inputs[0]!
    const workJ = k[0]! * slopes.coefficients[0]
    slopes.heightM = 0
    slopes.massKg = 0
    slopes.inputs[0] = 3 * k[0]! * speed * speed
    slopes.secondsPerRep = (-2 * workJ) / secondsPerRep
    return workJ
  }
}
