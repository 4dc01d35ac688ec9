import { GRAVITY } from '../units.ts'
import { CLIMB_HEIGHT, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/**
 * A rope climb from standing: W = g (m_body + vest) max(0, climb_height - r H), with r = reach_coefficient.
 * A mark within the standing reach costs no climb, so the work is 0 there, and flat in r.
 */
export const ropeClimb: Law<'reach_coefficient'> = {
  formula: 'g*(body_mass + vest_load)*max(0, climb_height - reach_coefficient*H)',
  basis: 'gravity',
  inputs: [CLIMB_HEIGHT, VEST_LOAD],
  coefficients: ['reach_coefficient'],
  work(body, inputs, k, slopes) {
    const bodyN = GRAVITY * (body.massKg + inputs[1]!)
    const riseM = inputs[0]! - k[0]! * body.heightM
    slopes[0] = riseM > 0 ? -bodyN * body.heightM : 0
    return riseM > 0 ? bodyN * riseM : 0
  }
}
