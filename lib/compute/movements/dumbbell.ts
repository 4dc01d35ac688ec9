import { HAND_WEIGHTS } from '../laws/inputs.ts'
import { lift } from '../laws/lift.ts'
import { DUMBBELL_ON_FLOOR, ofHeight, SQUAT_TO_OVERHEAD, START_INCLUDED } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('weightlifting', [HAND_WEIGHTS])

/** Dumbbell lifts. The load is always the total of all dumbbells. */
export const DUMBBELLS: readonly Movement[] = [
  define('dumbbell_snatch', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.284, 0.04, ['COM']),
      load_height_coefficient: ofHeight(1.21, 0.026, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    example: { external_load: 22.68 },
    assumptions: ['one dumbbell, floor to overhead']
  }),
  define('dumbbell_thruster', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.251, 0.02, ['COM']),
      load_height_coefficient: SQUAT_TO_OVERHEAD,
      load_start_height: START_INCLUDED
    },
    example: { external_load: 31.751 },
    assumptions: ['external_load is the total of both dumbbells']
  }),
  define('dumbbell_clean_and_jerk', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.303, 0.04, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    example: { external_load: 45.359 },
    assumptions: ['external_load is the total of both dumbbells']
  }),
  define('devils_press', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.54, 0.03, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    example: { external_load: 45.359 },
    assumptions: ['burpee on the dumbbells, then floor to overhead', 'external_load is the total of both dumbbells']
  }),
  define('dumbbell_deadlift', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.264, 0.04, ['COM', 'EST']),
      load_height_coefficient: ofHeight(0.449, 0.014, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    example: { external_load: 45.359 },
    assumptions: [
      'external_load is the total of both dumbbells',
      'the dumbbell_clean_and_jerk body term 0.303 H without its arms-overhead part 0.039 H'
    ]
  }),
  define('dumbbell_clean', lift, {
    aliases: ['dumbbell_power_clean'],
    coefficients: {
      height_coefficient: ofHeight(0.282, 0.04, ['COM', 'EST']),
      load_height_coefficient: ofHeight(0.82, 0.02, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    example: { external_load: 45.359 },
    assumptions: ['floor to both shoulders, power style', 'external_load is the total of both dumbbells'],
    notSupported: 'squat style: add 0.230 to height_coefficient'
  }),
  define('dumbbell_hang_clean', lift, {
    aliases: ['dumbbell_hang_power_clean'],
    coefficients: {
      height_coefficient: ofHeight(0.054, 0.015, ['COM']),
      load_height_coefficient: ofHeight(0.42, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 45.359 },
    assumptions: ['as hang_power_clean: from above the knee to the shoulders']
  }),
  define('dumbbell_hang_clean_and_jerk', lift, {
    aliases: ['dumbbell_hang_clean_to_overhead', 'dumbbell_hang_clean_and_press'],
    coefficients: {
      height_coefficient: ofHeight(0.075, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.8, 0.04, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 45.359 },
    assumptions: [
      'dumbbells from above the knee (0.40 H) to lockout at 1.20 H',
      'external_load is the total of both dumbbells'
    ]
  }),
  define('dumbbell_hang_snatch', lift, {
    aliases: ['dumbbell_hang_power_snatch'],
    coefficients: {
      height_coefficient: ofHeight(0.056, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.81, 0.04, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 22.68 },
    assumptions: ['one dumbbell from above the knee (0.40 H) to 1.21 H; one arm overhead adds half of 0.039 H']
  }),
  define('dumbbell_shoulder_press', lift, {
    aliases: ['dumbbell_strict_press', 'dumbbell_press'],
    ...shoulderToOverhead(0.004)
  }),
  define('dumbbell_push_press', lift, shoulderToOverhead(0.01)),
  define('dumbbell_push_jerk', lift, {
    aliases: ['dumbbell_shoulder_to_overhead', 'dumbbell_jerk'],
    ...shoulderToOverhead(0.02)
  }),
  define('dumbbell_front_squat', lift, {
    aliases: ['dumbbell_squat'],
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.327, 0.03, ['COM']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 45.359 },
    assumptions: ['same numbers as goblet_squat: load held at the shoulders']
  }),
  define('dumbbell_bench_press', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.013, 0.005, ['COM2']),
      load_height_coefficient: ofHeight(0.25, 0.03, ['COM', 'EST']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 45.359 },
    assumptions: [
      'handles from chest level to lockout',
      "body term: the lifter's own arms (upper arm turns upright, forearm and hand rise by the upper-arm length)"
    ]
  })
]

/** The presses differ in how far the body dips, so in the sigma of its rise alone. */
function shoulderToOverhead(riseSigma: number) {
  return {
    coefficients: {
      height_coefficient: ofHeight(0.02, riseSigma, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 31.751 },
    assumptions: [
      'same numbers as the barbell lift: the grip starts at shoulder height and ends at 1.20 H',
      'external_load is the total of both dumbbells'
    ]
  }
}
