import { lift } from '../laws/lift.ts'
import { BAR_ON_FLOOR, ofHeight, SQUAT_TO_OVERHEAD, START_INCLUDED } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('weightlifting')

/** Barbell lifts. `load_height_coefficient` is where the bar ends, `load_start_height` where it starts. */
export const BARBELL: readonly Movement[] = [
  define('deadlift', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.211, 0.025, ['COM']),
      load_height_coefficient: ofHeight(0.449, 0.014, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    maxima: { external_load: 700 },
    example: { external_load: 102.058 },
    assumptions: ['bar from 0.225 m to the hanging grip height', 'body from a flat-back set-up to standing'],
    notSupported: 'sumo stance: send sumo_deadlift'
  }),
  define('sumo_deadlift', lift, {
    aliases: ['wide_stance_deadlift'],
    coefficients: {
      height_coefficient: ofHeight(0.17, 0.03, ['COM2', 'EST']),
      load_height_coefficient: ofHeight(0.387, 0.02, ['ANSUR', 'MCGUIGAN']),
      load_start_height: BAR_ON_FLOOR
    },
    maxima: { external_load: 700 },
    example: { external_load: 102.058 },
    assumptions: [
      'bar travel is 0.81 of the conventional deadlift (McGuigan & Wilson 1996: 19 % less), so it ends at 0.387 H',
      'wide stance lowers the standing hip by 0.06 H; body rise scaled with the shoulder rise (0.258 H against 0.323 H)'
    ]
  }),
  define('sumo_deadlift_high_pull', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.8, 0.03, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 34.019 },
    assumptions: ['bar from the floor to just under the chin']
  }),
  define('power_clean', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.228, 0.025, ['COM']),
      load_height_coefficient: ofHeight(0.82, 0.012, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 61.235 },
    assumptions: ['floor to the standing rack', 'no credit for a dip under the bar']
  }),
  define('squat_clean', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.458, 0.035, ['COM']),
      load_height_coefficient: ofHeight(0.82, 0.012, ['ANSUR', 'AI2018']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 61.235 },
    assumptions: [
      'as power_clean, plus one full squat by the body',
      'the bar is not credited for falling and rising again (elite bars peak at 0.595 H, then fall about 0.10 H)'
    ]
  }),
  define('hang_power_clean', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.054, 0.015, ['COM']),
      load_height_coefficient: ofHeight(0.42, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 52.163 },
    assumptions: ['bar from just above the knee (0.40 H) to the rack']
  }),
  define('hang_squat_clean', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.284, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.42, 0.03, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 52.163 },
    assumptions: ['hang_power_clean plus one full front squat by the body (0.230 H)']
  }),
  define('hang_clean_and_jerk', lift, {
    aliases: ['hang_clean_to_overhead', 'hang_power_clean_and_jerk'],
    coefficients: {
      height_coefficient: ofHeight(0.075, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.8, 0.04, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 52.163 },
    assumptions: [
      'hang_power_clean (bar from 0.40 H, just above the knee) then rack to overhead',
      'body: 0.054 H to the rack plus 0.021 H of own arms'
    ]
  }),
  define('clean_and_jerk', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.248, 0.025, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 61.235 },
    assumptions: ['floor to overhead, power style, no credit for dips']
  }),
  define('ground_to_overhead', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.248, 0.025, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.03, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 61.235 },
    assumptions: ['any style from the floor to lockout']
  }),
  define('power_snatch', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.248, 0.025, ['COM']),
      load_height_coefficient: ofHeight(1.12, 0.04, ['ANSUR', 'COM'], 'arms 40 deg off vertical'),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 43.091 },
    assumptions: ['wide grip: overhead bar at 1.12 H instead of 1.20 H']
  }),
  define('squat_snatch', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.479, 0.035, ['COM']),
      load_height_coefficient: ofHeight(1.12, 0.04, ['ANSUR', 'COM', 'AI2018']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 43.091 },
    assumptions: ['as power_snatch plus one full squat by the body']
  }),
  define('hang_power_snatch', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.075, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.72, 0.05, ['ANSUR', 'COM']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 43.091 },
    assumptions: ['bar from just above the knee (0.40 H) to a wide-grip lockout at 1.12 H']
  }),
  define('hang_squat_snatch', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.306, 0.035, ['COM']),
      load_height_coefficient: ofHeight(0.72, 0.05, ['ANSUR', 'COM']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 43.091 },
    assumptions: ['hang_power_snatch plus one full overhead squat by the body (0.231 H)']
  }),
  define('front_squat', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.327, 0.025, ['COM']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 61.235 },
    assumptions: ['hip crease below the knee, trunk lean 25 deg']
  }),
  define('back_squat', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.245, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.32, 0.025, ['COM', 'LAKE']),
      load_start_height: START_INCLUDED
    },
    maxima: { external_load: 750 },
    example: { external_load: 102.058 },
    assumptions: [
      'hip crease below the knee, trunk lean 38 deg',
      'with load = body mass the bar/system travel ratio is 1.13 (Lake: 1.134)'
    ]
  }),
  define('overhead_squat', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.304, 0.025, ['COM']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 43.091 },
    assumptions: ['hip crease below the knee, trunk lean 25 deg']
  }),
  define('thruster', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.251, 0.02, ['COM']),
      load_height_coefficient: SQUAT_TO_OVERHEAD,
      load_start_height: START_INCLUDED
    },
    example: { external_load: 43.091 },
    assumptions: ['one front squat then rack to overhead', 'first rep from the floor is not credited with a clean']
  }),
  define('cluster', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.479, 0.035, ['COM']),
      load_height_coefficient: ofHeight(1.2, 0.026, ['ANSUR']),
      load_start_height: BAR_ON_FLOOR
    },
    example: { external_load: 61.235 },
    assumptions: ['squat clean straight into a thruster: floor to overhead with one squat']
  }),
  define('shoulder_press', lift, {
    aliases: ['strict_press'],
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.004, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 43.091 },
    assumptions: ['rack to overhead', "the small body term is the lifter's own arms"]
  }),
  define('push_press', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.01, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 52.163 },
    assumptions: ['as shoulder_press; the dip is not credited']
  }),
  define('push_jerk', lift, {
    aliases: ['jerk', 'split_jerk'],
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 61.235 },
    assumptions: ['as shoulder_press; dips are not credited']
  }),
  define('shoulder_to_overhead', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.02, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.025, ['ANSUR']),
      load_start_height: START_INCLUDED
    },
    example: { external_load: 61.235 },
    assumptions: [
      'any style from the rack to lockout: press, push press, push or split jerk cost the same by the counting rule'
    ]
  }),
  define('bench_press', lift, {
    coefficients: {
      height_coefficient: ofHeight(0.013, 0.005, ['COM2']),
      load_height_coefficient: ofHeight(0.24, 0.03, ['COM', 'EST']),
      load_start_height: START_INCLUDED
    },
    maxima: { external_load: 800 },
    example: { external_load: 61.235 },
    assumptions: ['chest to lockout, medium grip, slight arch', "body term: the lifter's own arms"]
  })
]
