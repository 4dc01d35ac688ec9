import { HAND_WEIGHTS } from '../laws/inputs.ts'
import { lift, wallBall } from '../laws/lift.ts'
import { metres, ofHeight, START_INCLUDED } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('weightlifting', [HAND_WEIGHTS])

/** Kettlebell and ball lifts. The load is always the total of all implements. */
export const KETTLEBELLS_AND_BALLS: readonly Movement[] = [
  define('kettlebell_swing', lift, {
    aliases: ['american_kettlebell_swing'],
    coefficients: {
      height_coefficient: ofHeight(0.129, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.96, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 24.04 },
    assumptions: ['American swing: bell from between the legs (0.29 H) to overhead (1.25 H)']
  }),
  define('russian_kettlebell_swing', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.108, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.51, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 24.04 },
    assumptions: ['bell from between the legs to shoulder height']
  }),
  define('kettlebell_snatch', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.11, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.89, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 15.876 },
    assumptions: ['bell from the back-swing to lockout']
  }),
  define('kettlebell_deadlift', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.205, 0.03, ['COM', 'EST']),
      load_height_coefficient: ofHeight(0.449, 0.014, ['ANSUR']),
      load_start_height: metres(0.25, 0.03, ['EST'], 'height of the handle of a bell standing on the floor')
    },
    example: { external_load: 31.751 },
    assumptions: [
      'the grip rises from the handle to the hanging grip height, the bell hangs below it by the same amount all the way'
    ]
  }),
  define('kettlebell_clean', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.089, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.47, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 24.04 },
    assumptions: ['from the back-swing (0.31 H, as kettlebell_snatch) to the rack at 0.78 H']
  }),
  define('kettlebell_clean_and_jerk', lift, {
    aliases: ['kettlebell_long_cycle'],
    coefficients: {
      height_coefficient: ofHeight(0.11, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.89, 0.06, ['ANSUR', 'EST']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 48.081 },
    assumptions: [
      'long cycle: from the back-swing to lockout, as kettlebell_snatch; the drop back is not counted',
      'external_load is the total of both bells'
    ],
    notSupported: 'dead start from the floor: use dumbbell_clean_and_jerk with load_start_height 0.25 m'
  }),
  define('goblet_squat', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.327, 0.03, ['COM']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 24.04 },
    assumptions: ['load held at the chest']
  }),
  define('turkish_get_up', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.54, 0.04, ['COM']),
      load_height_coefficient: ofHeight(0.77, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 15.876 },
    assumptions: ['lying with the arm up to standing with the arm up; the way down is not counted']
  }),
  define('wall_ball', wallBall, {
    aliases: ['wall_ball_shot'],
    coefficients: {
      height_coefficient: ofHeight(0.251, 0.02, ['COM']),
      load_start_coefficient: ofHeight(0.54, 0.04, ['COM', 'EST'], 'ball centre at the bottom of the squat')
    },
    example: { external_load: 9.072, target_height: 3.048 },
    assumptions: [
      'ball rises from the bottom of the squat to the target line (10 ft, or 9 ft)',
      'no jump, no speed left at the target'
    ]
  }),
  define('med_ball_clean', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.458, 0.035, ['COM']),
      load_height_coefficient: ofHeight(0.8, 0.03, ['ANSUR']),
      load_start_height: metres(0.178, 0.02, ['EST'], 'radius of a 14 in ball')
    },
    example: { external_load: 9.072 },
    assumptions: ['floor to the rack through a full squat']
  }),
  define('medicine_ball_slam', lift, {
    aliases: ['ball_slam', 'slam_ball'],
    coefficients: {
      height_coefficient: ofHeight(0.3, 0.05, ['COM', 'EST']),
      load_height_coefficient: ofHeight(1.2, 0.04, ['ANSUR']),
      load_start_height: metres(0.13, 0.03, ['EST'], 'radius of a slam ball')
    },
    example: { external_load: 9.072 },
    assumptions: ['floor to overhead with both hands; the throw down works with gravity and is not counted']
  })
]
