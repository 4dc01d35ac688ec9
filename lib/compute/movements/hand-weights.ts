import { lift } from '../laws/lift.ts'
import { wallBall } from '../laws/wall-ball.ts'
import { metres, ofHeight } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'
import { DUMBBELL_ON_FLOOR, SQUAT_TO_OVERHEAD, START_INCLUDED } from './shared-heights.ts'

const define = definerOf('weightlifting')

/** Dumbbells, kettlebells and balls. The load is always the total of all implements. */
export const HAND_WEIGHTS: readonly Movement[] = [
  define('dumbbell_snatch', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.284, 0.04, ['COM']),
      load_height_coefficient: ofHeight(1.21, 0.026, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    assumptions: ['one dumbbell, floor to overhead']
  }),
  define('dumbbell_thruster', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.251, 0.02, ['COM']),
      load_height_coefficient: SQUAT_TO_OVERHEAD,
      load_start_height: START_INCLUDED
    },
    assumptions: ['external_load is the total of both dumbbells']
  }),
  define('dumbbell_clean_and_jerk', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.303, 0.04, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    assumptions: ['external_load is the total of both dumbbells']
  }),
  define('devils_press', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.54, 0.03, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: DUMBBELL_ON_FLOOR
    },
    assumptions: ['burpee on the dumbbells, then floor to overhead', 'external_load is the total of both dumbbells']
  }),
  define('kettlebell_swing', lift, {
    confidence: 'C',
    aliases: ['american_kettlebell_swing'],
    coefficients: {
      height_coefficient: ofHeight(0.129, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.96, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['American swing: bell from between the legs (0.29 H) to overhead (1.25 H)']
  }),
  define('russian_kettlebell_swing', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.108, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.51, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['bell from between the legs to shoulder height']
  }),
  define('kettlebell_snatch', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.11, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.89, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['bell from the back-swing to lockout']
  }),
  define('goblet_squat', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.327, 0.03, ['COM']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['load held at the chest']
  }),
  define('turkish_get_up', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.54, 0.04, ['COM']),
      load_height_coefficient: ofHeight(0.77, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['lying with the arm up to standing with the arm up; the way down is not counted']
  }),
  define('wall_ball', wallBall, {
    confidence: 'B',
    aliases: ['wall_ball_shot'],
    coefficients: {
      height_coefficient: ofHeight(0.251, 0.02, ['COM']),
      load_start_coefficient: ofHeight(0.54, 0.04, ['COM', 'EST'], 'ball centre at the bottom of the squat')
    },
    assumptions: [
      'ball rises from the bottom of the squat to the target line (10 ft, or 9 ft)',
      'no jump, no speed left at the target'
    ]
  }),
  define('med_ball_clean', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.458, 0.035, ['COM']),
      load_height_coefficient: ofHeight(0.8, 0.03, ['ANSUR']),
      load_start_height: metres(0.178, 0.02, ['EST'], 'radius of a 14 in ball')
    },
    assumptions: ['floor to the rack through a full squat']
  })
]
