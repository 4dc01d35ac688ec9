import { GRAVITY } from '../units.ts'
import { VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/** A jump on the spot: W = g (m_body + vest) jump_height. A flight of t seconds is g t^2 / 8 high. */
export const jump: Law<'jump_height'> = {
  formula: 'g*(body_mass + vest_load)*jump_height',
  basis: 'gravity',
  inputs: [VEST_LOAD],
  coefficients: ['jump_height'],
  work(body, inputs, k, slopes) {
    slopes[0] = GRAVITY * (body.massKg + inputs[0]!)
    return slopes[0] * k[0]!
  }
}

/** A rise that ends in a jump, as a burpee: W = g (m_body + vest) (a H + jump_height). */
export const riseAndJump: Law<'height_coefficient' | 'jump_height'> = {
  formula: 'g*(body_mass + vest_load)*(height_coefficient*H + jump_height)',
  basis: 'gravity',
  inputs: [VEST_LOAD],
  coefficients: ['height_coefficient', 'jump_height'],
  work(body, inputs, k, slopes) {
    const bodyN = GRAVITY * (body.massKg + inputs[0]!)
    slopes[0] = bodyN * body.heightM
    slopes[1] = bodyN
    return bodyN * (k[0]! * body.heightM + k[1]!)
  }
}
