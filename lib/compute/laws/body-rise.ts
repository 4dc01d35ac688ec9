import { GRAVITY } from '../units.ts'
import { CARRIED_LOAD, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/** The body alone rises: W = g (m_body + vest) a H, with a = height_coefficient, the rise of the centre of mass. */
export const bodyRise: Law<'height_coefficient'> = {
  formula: 'g*(body_mass + vest_load)*height_coefficient*H',
  basis: 'gravity',
  inputs: [VEST_LOAD],
  coefficients: ['height_coefficient'],
  work(body, inputs, k, slopes) {
    const bodyN = GRAVITY * (body.massKg + inputs[0]!)
    slopes[0] = bodyN * body.heightM
    return bodyN * k[0]! * body.heightM
  }
}

/**
 * The body rises and carries a load by another distance: W = g [ (m_body + vest) a H + m_load b H ].
 * In a pull-up the arms fold, so a weight on a belt rises more than the whole-body centre of mass.
 */
export const loadedBodyRise: Law<'height_coefficient' | 'load_height_coefficient'> = {
  formula: 'g*((body_mass + vest_load)*height_coefficient*H + external_load*load_height_coefficient*H)',
  basis: 'gravity',
  inputs: [CARRIED_LOAD, VEST_LOAD],
  coefficients: ['height_coefficient', 'load_height_coefficient'],
  work(body, inputs, k, slopes) {
    slopes[0] = GRAVITY * (body.massKg + inputs[1]!) * body.heightM
    slopes[1] = GRAVITY * inputs[0]! * body.heightM
    return slopes[0] * k[0]! + slopes[1] * k[1]!
  }
}
