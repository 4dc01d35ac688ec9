import { bodyRise, loadedBodyRise } from '../laws/body-rise.ts'
import { boxJump, boxStep } from '../laws/box.ts'
import { riseAndJump } from '../laws/jump.ts'
import { ropeClimb } from '../laws/rope.ts'
import { metres, ofHeight } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('gymnastics')

/** The body as the load. `height_coefficient` is the rise of the whole-body centre of mass. */
export const GYMNASTICS: readonly Movement[] = [
  define('air_squat', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.24, 0.02, ['COM'])
    },
    assumptions: ['hip crease below the knee, arms forward, trunk lean 34 deg (solved for balance)']
  }),
  define('pistol', bodyRise, {
    confidence: 'C',
    aliases: ['single_leg_squat'],
    coefficients: {
      height_coefficient: ofHeight(0.29, 0.04, ['COM'])
    },
    assumptions: ['full depth; the free leg is held level']
  }),
  define('push_up', bodyRise, {
    confidence: 'C',
    aliases: ['hand_release_push_up'],
    coefficients: {
      height_coefficient: ofHeight(0.162, 0.02, ['COM', 'EBBEN', 'SUPRAK'])
    },
    assumptions: [
      'chest to floor, body as a rigid line on the toes',
      'equals 0.63 of body weight times the shoulder rise of 0.254 H (Ebben: 0.64)'
    ],
    notSupported: 'knee or incline push-ups: scale height_coefficient by 49/64, 55/64, 41/64 (Ebben)'
  }),
  define('handstand_push_up', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.159, 0.025, ['COM'])
    },
    assumptions: ['head on the floor to lockout, feet on the wall; kip not modelled'],
    notSupported: 'deficit: add deficit/H to height_coefficient'
  }),
  define('pull_up', loadedBodyRise, {
    confidence: 'C',
    aliases: ['strict_pull_up', 'kipping_pull_up', 'chin_up'],
    coefficients: {
      height_coefficient: ofHeight(0.324, 0.03, ['COM', 'ANSUR']),
      load_height_coefficient: ofHeight(0.35, 0.03, ['ANSUR'])
    },
    assumptions: [
      'full hang to chin over the bar: trunk rises 0.35 H, whole-body COM 0.32 H',
      'strict, kipping and butterfly get the same work'
    ]
  }),
  define('chest_to_bar_pull_up', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.381, 0.03, ['COM', 'ANSUR'])
    },
    assumptions: ['full hang to collar-bone height on the bar']
  }),
  define('bar_muscle_up', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.724, 0.04, ['COM', 'ANSUR'])
    },
    assumptions: ['full hang to straight-arm support']
  }),
  define('ring_muscle_up', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.724, 0.04, ['COM', 'ANSUR'])
    },
    assumptions: ['full hang to straight-arm support on rings']
  }),
  define('ring_dip', bodyRise, {
    confidence: 'C',
    aliases: ['bar_dip', 'dip'],
    coefficients: {
      height_coefficient: ofHeight(0.162, 0.02, ['COM'])
    },
    assumptions: ['shoulder just below the elbow to lockout']
  }),
  define('toes_to_bar', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.21, 0.03, ['COM'])
    },
    assumptions: ['hang to both feet on the bar, trunk 50 deg back, arms 15 deg']
  }),
  define('knees_to_elbows', bodyRise, {
    confidence: 'D',
    coefficients: {
      height_coefficient: ofHeight(0.13, 0.03, ['EST'])
    },
    assumptions: ['0.62 of toes_to_bar']
  }),
  define('ab_mat_sit_up', bodyRise, {
    confidence: 'C',
    aliases: ['sit_up'],
    coefficients: {
      height_coefficient: ofHeight(0.126, 0.02, ['COM'])
    },
    assumptions: ['lying, arms overhead, to upright trunk; legs still'],
    notSupported: 'weighted sit-ups'
  }),
  define('ghd_sit_up', bodyRise, {
    confidence: 'D',
    coefficients: {
      height_coefficient: ofHeight(0.217, 0.03, ['COM'])
    },
    assumptions: ['trunk from 30 deg below horizontal to 80 deg above']
  }),
  define('back_extension', bodyRise, {
    confidence: 'D',
    aliases: ['hip_extension'],
    coefficients: {
      height_coefficient: ofHeight(0.138, 0.02, ['COM'])
    },
    assumptions: ['trunk from 70 deg below horizontal to horizontal']
  }),
  define('burpee', riseAndJump, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.54, 0.02, ['COM', 'BURPEE']),
      jump_height: metres(0.05, 0.03, ['EST'], 'height of the feet at the top')
    },
    assumptions: [
      'lying flat to standing tall with arms overhead, plus jump_height',
      'with jump_height 0.16 m the total is the published 0.631 H'
    ]
  }),
  define('bar_facing_burpee', riseAndJump, {
    confidence: 'D',
    aliases: ['burpee_over_bar'],
    coefficients: {
      height_coefficient: ofHeight(0.503, 0.03, ['COM', 'EST']),
      jump_height: metres(0.15, 0.06, ['EST'])
    },
    assumptions: ['lying to standing plus a hop over the bar']
  }),
  define('box_jump', boxJump, {
    confidence: 'B',
    coefficients: {
      height_coefficient: ofHeight(0, 0.03, ['STD'])
    },
    assumptions: ['standing on the floor to standing tall on the box; crouch and surplus height not credited']
  }),
  define('box_jump_over', boxJump, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0, 0.06, ['STD', 'EST'])
    },
    assumptions: ['counts one box height per rep']
  }),
  define('burpee_box_jump_over', boxJump, {
    confidence: 'D',
    coefficients: {
      height_coefficient: ofHeight(0.503, 0.05, ['COM', 'EST'])
    },
    assumptions: ['burpee without overhead reach, then one box height']
  }),
  define('box_step_up', boxStep, {
    confidence: 'B',
    coefficients: {},
    assumptions: ['body and carried load rise one box height per rep']
  }),
  define('walking_lunge', loadedBodyRise, {
    confidence: 'C',
    aliases: ['lunge'],
    coefficients: {
      height_coefficient: ofHeight(0.21, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.245, 0.02, ['COM'])
    },
    assumptions: ['one rep is one step; rear knee to the floor, load rises with the hips (0.245 H)']
  }),
  define('rope_climb', ropeClimb, {
    confidence: 'B',
    coefficients: {
      reach_coefficient: ofHeight(1.286, 0.026, ['ANSUR'], 'standing overhead fingertip reach; 0 counts the full rope')
    },
    assumptions: [
      'touching climb_height from standing: the body rises climb_height minus the standing reach',
      'descent not counted'
    ],
    notSupported: 'seated or legless start: set reach_coefficient lower'
  }),
  define('wall_walk', bodyRise, {
    confidence: 'C',
    coefficients: {
      height_coefficient: ofHeight(0.525, 0.04, ['COM'])
    },
    assumptions: ['lying to a chest-to-wall handstand; the way down is not counted']
  })
]
