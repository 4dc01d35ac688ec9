import { GRAVITY } from '../units.ts'
import { BOX_HEIGHT, CARRIED_LOAD, STEP_HEIGHT, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/** Onto a box, with any rise before it: W = g (m_body + vest) (box_height + a H), a = height_coefficient. */
export const boxJump: Law<'height_coefficient'> = {
  formula: 'g*(body_mass + vest_load)*(box_height + height_coefficient*H)',
  basis: 'gravity',
  inputs: [BOX_HEIGHT, VEST_LOAD],
  coefficients: ['height_coefficient'],
  work(body, inputs, k, slopes) {
    const bodyN = GRAVITY * (body.massKg + inputs[1]!)
    slopes[0] = bodyN * body.heightM
    return bodyN * (inputs[0]! + k[0]! * body.heightM)
  }
}

/** Body and carried load rise one box height: W = g (m_body + vest + m_load) box_height. No coefficient at all. */
export const boxStep: Law<never> = {
  formula: 'g*(body_mass + vest_load + external_load)*box_height',
  basis: 'gravity',
  inputs: [STEP_HEIGHT, CARRIED_LOAD, VEST_LOAD],
  coefficients: [],
  work: (body, inputs) => GRAVITY * (body.massKg + inputs[1]! + inputs[2]!) * inputs[0]!
}
