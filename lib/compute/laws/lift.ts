import { GRAVITY } from '../units.ts'
import { EXTERNAL_LOAD, HAND_WEIGHTS, TARGET_HEIGHT, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/**
 * A load lifted from a start height to an end height while the body rises.
 *
 * W = g [ (m_body + vest) a H + m_load (b H - h0) ], with a = height_coefficient (rise of the whole-body centre of
 * mass), b = load_height_coefficient (end height of the load) and h0 = load_start_height. h0 is separate from b because
 * a plate's radius does not grow with the lifter.
 */
export const lift: Law<'height_coefficient' | 'load_height_coefficient' | 'load_start_height'> = {
  formula:
    'g*((body_mass + vest_load)*height_coefficient*H + external_load*(load_height_coefficient*H - load_start_height))',
  basis: 'gravity',
  inputs: [EXTERNAL_LOAD, VEST_LOAD],
  coefficients: ['height_coefficient', 'load_height_coefficient', 'load_start_height'],
  loadRiseM: (body, _inputs, k) => k[1]! * body.heightM - k[2]!,
  work(body, inputs, k, slopes) {
    const loadN = GRAVITY * inputs[0]!
    const bodyN = GRAVITY * (body.massKg + inputs[1]!)
    // The precheck accepts a rise that is negative only by rounding.
    const loadRiseM = Math.max(0, k[1]! * body.heightM - k[2]!)
    slopes.coefficients[0] = bodyN * body.heightM
    slopes.coefficients[1] = loadN * body.heightM
    slopes.coefficients[2] = -loadN
    slopes.heightM = bodyN * k[0]! + loadN * k[1]!
    slopes.massKg = GRAVITY * k[0]! * body.heightM
    slopes.inputs[0] = GRAVITY * loadRiseM
    slopes.inputs[1] = slopes.massKg
    return bodyN * k[0]! * body.heightM + loadN * loadRiseM
  }
}

/**
 * A ball thrown from the bottom of a squat to a target line.
 *
 * W = g [ (m_body + vest) a H + m_load (target_height - c H) ], with a = height_coefficient and
 * c = load_start_coefficient, the ball's height at the bottom of the squat. No speed is left at the target.
 */
export const wallBall: Law<'height_coefficient' | 'load_start_coefficient'> = {
  formula:
    'g*((body_mass + vest_load)*height_coefficient*H + external_load*(target_height - load_start_coefficient*H))',
  basis: 'gravity',
  inputs: [HAND_WEIGHTS, TARGET_HEIGHT, VEST_LOAD],
  coefficients: ['height_coefficient', 'load_start_coefficient'],
  loadRiseM: (body, inputs, k) => inputs[1]! - k[1]! * body.heightM,
  work(body, inputs, k, slopes) {
    const loadN = GRAVITY * inputs[0]!
    const bodyN = GRAVITY * (body.massKg + inputs[2]!)
    const ballRiseM = Math.max(0, inputs[1]! - k[1]! * body.heightM)
    slopes.coefficients[0] = bodyN * body.heightM
    slopes.coefficients[1] = -loadN * body.heightM
    slopes.heightM = bodyN * k[0]! - loadN * k[1]!
    slopes.massKg = GRAVITY * k[0]! * body.heightM
    slopes.inputs[0] = GRAVITY * ballRiseM
    slopes.inputs[1] = loadN
    slopes.inputs[2] = slopes.massKg
    return bodyN * k[0]! * body.heightM + loadN * ballRiseM
  }
}
