import { CALORIES, ERG_CALORIES, ERG_DISTANCE } from './inputs.ts'
import type { Law } from './law.ts'

/** Concept2's display: kcal per hour = 4 x 0.8604 x watts + 300. */
const CALORIE_SLOPE = 4 * 0.8604
export const RESTING_CALORIES_PER_HOUR = 300

/**
 * A Concept2 ergometer: P = c v^3, c = pace_constant (2.80 for row and ski, in W s3/m3).
 *
 * With a known time t: W = c d^3 / t^2, or from calories W = (3600 cal - 300 t) / (4 x 0.8604). Without one, P =
 * reference_power_w is used: W = d (c P^2)^(1/3), or W = 3600 cal P / (4 x 0.8604 P + 300). A missing input is 0; the
 * precheck requires exactly one of the two, above 0. Source: https://ergarcade.com/articles/c2-pace-derivatives.html
 */
export const erg: Law<'reference_power_w' | 'pace_constant'> = {
  formula:
    'pace_constant*travel_distance^3/t^2 or (3600*calories - 300*t)/3.4416 with the active time t of an isolated split; ' +
    'else travel_distance*(pace_constant*reference_power_w^2)^(1/3) or ' +
    '3600*calories*reference_power_w/(3.4416*reference_power_w + 300)',
  basis: 'flywheel',
  inputs: [ERG_DISTANCE, ERG_CALORIES],
  oneOf: ['travel_distance', 'calories'],
  coefficients: ['reference_power_w', 'pace_constant'],
  usesTime: true,
  speeds: { min: 0.5, max: 20 },
  work(_body, inputs, k, slopes, secondsPerRep) {
    const distanceM = inputs[0]!
    const calories = inputs[1]!
    const powerW = k[0]!
    const paceConstant = k[1]!
    slopes.heightM = 0
    slopes.massKg = 0
    slopes.secondsPerRep = 0
    slopes.coefficients[0] = 0
    slopes.coefficients[1] = 0
    slopes.inputs[0] = 0
    slopes.inputs[1] = 0
    if (secondsPerRep > 0) {
      if (distanceM === 0) {
        // Also for a reading at or below rest with 0 work: the true value may be higher.
        slopes.inputs[1] = 3600 / CALORIE_SLOPE
        slopes.secondsPerRep = -RESTING_CALORIES_PER_HOUR / CALORIE_SLOPE
        return Math.max(0, 3600 * calories - RESTING_CALORIES_PER_HOUR * secondsPerRep) / CALORIE_SLOPE
      }
      const speed = distanceM / secondsPerRep
      slopes.coefficients[1] = speed * speed * distanceM
      const workJ = paceConstant * slopes.coefficients[1]
      slopes.inputs[0] = (3 * workJ) / distanceM
      slopes.secondsPerRep = (-2 * workJ) / secondsPerRep
      return workJ
    }
    // An override may set the reference to 0 W: the work is 0, and the distance form has no slope there.
    if (powerW === 0) return 0
    if (distanceM > 0) {
      const workJ = distanceM * Math.cbrt(paceConstant * powerW * powerW)
      slopes.coefficients[0] = (2 * workJ) / (3 * powerW)
      slopes.coefficients[1] = workJ / (3 * paceConstant)
      slopes.inputs[0] = workJ / distanceM
      return workJ
    }
    const caloriesPerHour = CALORIE_SLOPE * powerW + RESTING_CALORIES_PER_HOUR
    slopes.coefficients[0] = (3600 * calories * RESTING_CALORIES_PER_HOUR) / (caloriesPerHour * caloriesPerHour)
    slopes.inputs[1] = (3600 * powerW) / caloriesPerHour
    return slopes.inputs[1] * calories
  }
}

/** An air bike, measured by its console: W = joules_per_calorie x calories. Fan work, independent of the body. */
export const airBike: Law<'joules_per_calorie'> = {
  formula: 'joules_per_calorie*calories',
  basis: 'air_bike',
  inputs: [CALORIES],
  coefficients: ['joules_per_calorie'],
  work(_body, inputs, k, slopes) {
    slopes.coefficients[0] = inputs[0]!
    slopes.heightM = 0
    slopes.massKg = 0
    slopes.inputs[0] = k[0]!
    return k[0]! * inputs[0]!
  }
}
