import { lift } from '../laws/lift.ts'
import { ofHeight } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'
import { BAR_ON_FLOOR, SQUAT_TO_OVERHEAD, START_INCLUDED } from './shared-heights.ts'

const define = definerOf('weightlifting')

/** Barbell lifts. `load_height_coefficient` is where the bar ends, `load_start_height` where it starts. */
export const BARBELL: readonly Movement[] = [
  define('deadlift', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.211, 0.025, ['COM']),
      load_height_coefficient: ofHeight(0.449, 0.014, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['bar from 0.225 m to the hanging grip height', 'body from a flat-back set-up to standing'],
    notSupported: 'sumo stance: shorter travel, override load_height_coefficient'
  }),
  define('sumo_deadlift_high_pull', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.8, 0.03, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['bar from the floor to just under the chin']
  }),
  define('power_clean', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.228, 0.025, ['COM']),
      load_height_coefficient: ofHeight(0.82, 0.012, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['floor to the standing rack', 'no credit for a dip under the bar']
  }),
  define('squat_clean', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.458, 0.035, ['COM']),
      load_height_coefficient: ofHeight(0.82, 0.012, ['ANSUR', 'AI2018']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: [
      'as power_clean, plus one full squat by the body',
      'the bar is not credited for falling and rising again (elite bars peak at 0.595 H, then fall about 0.10 H)'
    ]
  }),
  define('hang_power_clean', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.054, 0.015, ['COM']),
      load_height_coefficient: ofHeight(0.42, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['bar from just above the knee (0.40 H) to the rack']
  }),
  define('clean_and_jerk', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.248, 0.025, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['floor to overhead, power style, no credit for dips']
  }),
  define('ground_to_overhead', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.248, 0.025, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.03, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['any style from the floor to lockout']
  }),
  define('power_snatch', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.248, 0.025, ['COM']),
      load_height_coefficient: ofHeight(1.12, 0.04, ['ANSUR', 'COM'], 'arms 40 deg off vertical'),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['wide grip: overhead bar at 1.12 H instead of 1.20 H']
  }),
  define('squat_snatch', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.479, 0.035, ['COM']),
      load_height_coefficient: ofHeight(1.12, 0.04, ['ANSUR', 'COM', 'AI2018']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['as power_snatch plus one full squat by the body']
  }),
  define('front_squat', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.327, 0.025, ['COM']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['hip crease below the knee, trunk lean 25 deg']
  }),
  define('back_squat', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.245, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.32, 0.025, ['COM', 'LAKE']),
      load_start_height: START_INCLUDED
    },
    assumptions: [
      'hip crease below the knee, trunk lean 38 deg',
      'with load = body mass the bar/system travel ratio is 1.13 (Lake: 1.134)'
    ]
  }),
  define('overhead_squat', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.304, 0.025, ['COM']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['hip crease below the knee, trunk lean 25 deg']
  }),
  define('thruster', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.251, 0.02, ['COM']),
      load_height_coefficient: SQUAT_TO_OVERHEAD,
      load_start_height: START_INCLUDED
    },
    assumptions: ['one front squat then rack to overhead', 'first rep from the floor is not credited with a clean']
  }),
  define('cluster', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.479, 0.035, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    assumptions: ['squat clean straight into a thruster: floor to overhead with one squat']
  }),
  define('shoulder_press', lift, {
    confidence: 'B',
    aliases: ['strict_press'],
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.004, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['rack to overhead', "the small body term is the lifter's own arms"]
  }),
  define('push_press', lift, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.01, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['as shoulder_press; the dip is not credited']
  }),
  define('push_jerk', lift, {
    confidence: 'B',
    aliases: ['jerk', 'split_jerk'],
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['as shoulder_press; dips are not credited']
  }),
  define('bench_press', lift, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0, 0.005, ['COM']),
      load_height_coefficient: ofHeight(0.24, 0.03, ['COM', 'EST']),
      load_start_height: START_INCLUDED
    },
    assumptions: ['chest to lockout, medium grip, slight arch']
  })
]
