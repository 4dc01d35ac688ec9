import { GRAVITY } from '../units.ts'
import { DISTANCE_INSTEAD, VEST_LOAD } from './inputs.ts'
import type { Law } from './law.ts'

/** A jump on the spot: W = g (m_body + vest) jump_height. A flight of t seconds is g t^2 / 8 high. */
export const jump: Law<'jump_height'> = {
  formula: 'g*(body_mass + vest_load)*jump_height',
  basis: 'gravity',
  inputs: [VEST_LOAD],
  coefficients: ['jump_height'],
  work(body, inputs, k, slopes) {
    const newtons = GRAVITY * (body.massKg + inputs[0]!)
    slopes.coefficients[0] = newtons
    slopes.heightM = 0
    slopes.massKg = GRAVITY * k[0]!
    slopes.inputs[0] = slopes.massKg
    return newtons * k[0]!
  }
}

/** A rise that ends in a jump, as a burpee: W = g (m_body + vest) (a H + jump_height), a = height_coefficient. */
export const riseAndJump: Law<'height_coefficient' | 'jump_height'> = {
  formula: 'g*(body_mass + vest_load)*(height_coefficient*H + jump_height)',
  basis: 'gravity',
  inputs: [VEST_LOAD],
  coefficients: ['height_coefficient', 'jump_height'],
  work(body, inputs, k, slopes) {
    const newtons = GRAVITY * (body.massKg + inputs[0]!)
    const riseM = k[0]! * body.heightM + k[1]!
    slopes.coefficients[0] = newtons * body.heightM
    slopes.coefficients[1] = newtons
    slopes.heightM = newtons * k[0]!
    slopes.massKg = GRAVITY * riseM
    slopes.inputs[0] = slopes.massKg
    return newtons * riseM
  }
}

/**
 * A squat that ends in a jump: W = g [ m_body (a H + jump_height) + vest (b H + jump_height) ], where the vest rises
 * with the trunk by b = load_height_coefficient.
 */
export const squatJump: Law<'height_coefficient' | 'load_height_coefficient' | 'jump_height'> = {
  formula: 'g*(body_mass*(height_coefficient*H + jump_height) + vest_load*(load_height_coefficient*H + jump_height))',
  basis: 'gravity',
  inputs: [VEST_LOAD],
  coefficients: ['height_coefficient', 'load_height_coefficient', 'jump_height'],
  work(body, inputs, k, slopes) {
    const bodyN = GRAVITY * body.massKg
    const vestN = GRAVITY * inputs[0]!
    slopes.coefficients[0] = bodyN * body.heightM
    slopes.coefficients[1] = vestN * body.heightM
    slopes.coefficients[2] = bodyN + vestN
    slopes.heightM = bodyN * k[0]! + vestN * k[1]!
    slopes.massKg = GRAVITY * (k[0]! * body.heightM + k[2]!)
    slopes.inputs[0] = GRAVITY * (k[1]! * body.heightM + k[2]!)
    return slopes.heightM * body.heightM + slopes.coefficients[2] * k[2]!
  }
}

/**
 * Burpees that end in a jump forward: N times W = g (m_body + vest) (a H + f L), N = travel_distance / L, with
 * L = jump_length and f = flight_ratio, the rise of the centre of mass per metre jumped. Without a distance one rep is
 * one jump.
 */
export const broadJump: Law<'height_coefficient' | 'flight_ratio' | 'jump_length'> = {
  formula:
    'n*g*(body_mass + vest_load)*(height_coefficient*H + flight_ratio*jump_length), ' +
    'n = travel_distance/jump_length with a travel_distance, else 1',
  basis: 'gravity',
  inputs: [VEST_LOAD, DISTANCE_INSTEAD],
  insteadOfReps: 'travel_distance',
  coefficients: ['height_coefficient', 'flight_ratio', 'jump_length'],
  work(body, inputs, k, slopes) {
    const distanceM = inputs[1]!
    const isCounted = distanceM === 0
    const jumps = isCounted ? 1 : distanceM / k[2]!
    const newtons = GRAVITY * (body.massKg + inputs[0]!) * jumps
    const riseM = k[0]! * body.heightM + k[1]! * k[2]!
    slopes.coefficients[0] = newtons * body.heightM
    slopes.coefficients[1] = newtons * k[2]!
    // Over a distance the total flight is the same for any number of jumps.
    slopes.coefficients[2] = isCounted ? newtons * k[1]! : (-newtons * k[0]! * body.heightM) / k[2]!
    slopes.heightM = newtons * k[0]!
    slopes.massKg = GRAVITY * jumps * riseM
    slopes.inputs[0] = slopes.massKg
    slopes.inputs[1] = isCounted ? 0 : (newtons * riseM) / distanceM
    return newtons * riseM
  }
}
