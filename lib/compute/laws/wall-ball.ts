import { GRAVITY } from '../units.ts'
import { EXTERNAL_LOAD, TARGET_HEIGHT, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

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
  inputs: [EXTERNAL_LOAD, TARGET_HEIGHT, VEST_LOAD],
  coefficients: ['height_coefficient', 'load_start_coefficient'],
  loadRiseM: (body, inputs, k) => inputs[1]! - k[1]! * body.heightM,
  work(body, inputs, k, slopes) {
    const loadN = GRAVITY * inputs[0]!
    const bodyN = GRAVITY * (body.massKg + inputs[2]!)
    slopes[0] = bodyN * body.heightM
    slopes[1] = -loadN * body.heightM
    // The precheck lets a rise pass that is negative by rounding alone.
    const ballRiseM = Math.max(0, inputs[1]! - k[1]! * body.heightM)
    return bodyN * k[0]! * body.heightM + loadN * ballRiseM
  }
}
