import { GRAVITY } from '../units.ts'
import { ASSISTANCE_LOAD, CARRIED_LOAD, DISTANCE_INSTEAD, VEST_LOAD } from './inputs.ts'
import type { InputSpec, Law } from './law.ts'

/** Assistance that took off the whole body would leave no exercise. */
const GREATEST_ASSISTANCE = 0.9

type BodyRise = Law<'height_coefficient' | 'load_height_coefficient'>

/**
 * The body rises, and what it carries rises by another distance:
 * W = g H [ m_body a + (vest + held - assistance) b ], with a = height_coefficient, the rise of the whole-body centre of
 * mass, and b = load_height_coefficient, the rise of the place where the load sits. In a pull-up the arms fold, so a
 * weight on a belt rises more than the centre of mass. Assistance pushes where a belt would hang: a negative load.
 */
function bodyRise(carried: readonly InputSpec[]): BodyRise {
  const heldSlot = carried.indexOf(CARRIED_LOAD)
  const assistanceSlot = carried.indexOf(ASSISTANCE_LOAD)
  const terms = carried.map(({ name }, slot) => (slot === 0 ? name : `${slot === assistanceSlot ? '-' : '+'} ${name}`))
  const loadOf = (inputs: readonly number[]) => inputs[0]! + (heldSlot < 0 ? 0 : inputs[heldSlot]!)
  return {
    formula: `g*H*(body_mass*height_coefficient + (${terms.join(' ')})*load_height_coefficient)`,
    basis: 'gravity',
    inputs: carried,
    coefficients: ['height_coefficient', 'load_height_coefficient'],
    ...(assistanceSlot < 0
      ? {}
      : {
          greatestAssistanceKg: (body, inputs, k) =>
            k[1]! === 0
              ? Number.POSITIVE_INFINITY
              : GREATEST_ASSISTANCE * ((body.massKg * k[0]!) / k[1]! + loadOf(inputs))
        }),
    work(body, inputs, k, slopes) {
      const loadKg = loadOf(inputs) - (assistanceSlot < 0 ? 0 : inputs[assistanceSlot]!)
      const newtonMetresPerKg = GRAVITY * body.heightM
      slopes.coefficients[0] = newtonMetresPerKg * body.massKg
      slopes.coefficients[1] = newtonMetresPerKg * loadKg
      slopes.massKg = newtonMetresPerKg * k[0]!
      const perLoadKg = newtonMetresPerKg * k[1]!
      for (let slot = 0; slot < carried.length; slot++) {
        slopes.inputs[slot] = slot === assistanceSlot ? -perLoadKg : perLoadKg
      }
      const workJ = slopes.coefficients[0] * k[0]! + slopes.coefficients[1] * k[1]!
      slopes.heightM = workJ / body.heightM
      return workJ
    }
  }
}

/** Only a vest can be carried, and there is no assistance. */
export const vestedRise = bodyRise([VEST_LOAD])
export const heldRise = bodyRise([VEST_LOAD, CARRIED_LOAD])
export const assistedRise = bodyRise([VEST_LOAD, ASSISTANCE_LOAD])
export const heldOrAssistedRise = bodyRise([VEST_LOAD, CARRIED_LOAD, ASSISTANCE_LOAD])

/**
 * A rise at each step of a way: N steps of W = g H [ m_body a + (vest + held) b ], N = travel_distance / (s H) with
 * s = step_coefficient, the advance of one step. Without a distance one rep is one step.
 */
export const steppedRise: Law<'height_coefficient' | 'load_height_coefficient' | 'step_coefficient'> = {
  formula:
    'n*g*H*(body_mass*height_coefficient + (vest_load + external_load)*load_height_coefficient), ' +
    'n = travel_distance/(step_coefficient*H) with a travel_distance, else 1',
  basis: 'gravity',
  inputs: [VEST_LOAD, CARRIED_LOAD, DISTANCE_INSTEAD],
  insteadOfReps: 'travel_distance',
  coefficients: ['height_coefficient', 'load_height_coefficient', 'step_coefficient'],
  work(body, inputs, k, slopes) {
    const loadKg = inputs[0]! + inputs[1]!
    const distanceM = inputs[2]!
    const isCounted = distanceM === 0
    const steps = isCounted ? 1 : distanceM / (k[2]! * body.heightM)
    const newtonMetresPerKg = GRAVITY * body.heightM * steps
    slopes.coefficients[0] = newtonMetresPerKg * body.massKg
    slopes.coefficients[1] = newtonMetresPerKg * loadKg
    const workJ = slopes.coefficients[0] * k[0]! + slopes.coefficients[1] * k[1]!
    slopes.coefficients[2] = isCounted ? 0 : -workJ / k[2]!
    slopes.massKg = newtonMetresPerKg * k[0]!
    // A taller body takes longer and fewer steps, so height cancels over a distance.
    slopes.heightM = isCounted ? workJ / body.heightM : 0
    slopes.inputs[0] = newtonMetresPerKg * k[1]!
    slopes.inputs[1] = slopes.inputs[0]
    slopes.inputs[2] = isCounted ? 0 : workJ / distanceM
    return workJ
  }
}
