import { GRAVITY } from '../units.ts'
import {
  BOX_HEIGHT,
  CARRIED_LOAD,
  CLIMB_HEIGHT,
  DEFICIT_HEIGHT,
  STAIRS_GAIN,
  STEP_HEIGHT,
  VEST_LOAD
} from './inputs.ts'
import type { InputSpec, Law } from './law.ts'

/**
 * Up by a measured height, with any rise before it: W = g (m_body + vest + held) (height + a H), with
 * a = height_coefficient.
 */
function onto(height: InputSpec, carried: readonly InputSpec[]): Law<'height_coefficient'> {
  const mass = ['body_mass', ...carried.map(({ name }) => name)].join(' + ')
  return {
    formula: `g*(${mass})*(${height.name} + height_coefficient*H)`,
    basis: 'gravity',
    inputs: [height, ...carried],
    coefficients: ['height_coefficient'],
    work(body, inputs, k, slopes) {
      let massKg = body.massKg
      for (let slot = 1; slot < inputs.length; slot++) massKg += inputs[slot]!
      const riseM = inputs[0]! + k[0]! * body.heightM
      slopes.coefficients[0] = GRAVITY * massKg * body.heightM
      slopes.heightM = GRAVITY * massKg * k[0]!
      slopes.massKg = GRAVITY * riseM
      slopes.inputs[0] = GRAVITY * massKg
      for (let slot = 1; slot < inputs.length; slot++) slopes.inputs[slot] = slopes.massKg
      return GRAVITY * massKg * riseM
    }
  }
}

export const boxJump = onto(BOX_HEIGHT, [VEST_LOAD, CARRIED_LOAD])
/** A load held in a burpee starts from the floor, apart from the body, so none is accepted. */
export const burpeeOntoBox = onto(BOX_HEIGHT, [VEST_LOAD])
export const boxStepOver = onto(STEP_HEIGHT, [VEST_LOAD, CARRIED_LOAD])
export const deficitRise = onto(DEFICIT_HEIGHT, [VEST_LOAD])

/** Body and carried load rise by a measured height only: W = g (m_body + held + vest) height. */
function straightUp(height: InputSpec): Law<never> {
  return {
    formula: `g*(body_mass + vest_load + external_load)*${height.name}`,
    basis: 'gravity',
    inputs: [height, CARRIED_LOAD, VEST_LOAD],
    coefficients: [],
    work(body, inputs, _k, slopes) {
      const newtons = GRAVITY * (body.massKg + inputs[1]! + inputs[2]!)
      slopes.heightM = 0
      slopes.massKg = GRAVITY * inputs[0]!
      slopes.inputs[0] = newtons
      slopes.inputs[1] = slopes.massKg
      slopes.inputs[2] = slopes.massKg
      return newtons * inputs[0]!
    }
  }
}

export const boxStep = straightUp(STEP_HEIGHT)
/** For stairs, which count only vertical metres. */
export const stairs = straightUp(STAIRS_GAIN)

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
    const newtons = GRAVITY * (body.massKg + inputs[1]!)
    const riseM = Math.max(0, inputs[0]! - k[0]! * body.heightM)
    const climbs = riseM > 0 ? newtons : 0
    slopes.coefficients[0] = -climbs * body.heightM
    slopes.heightM = -climbs * k[0]!
    slopes.massKg = GRAVITY * riseM
    slopes.inputs[0] = climbs
    slopes.inputs[1] = slopes.massKg
    return newtons * riseM
  }
}
