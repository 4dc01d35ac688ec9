import { heldOrAssistedRise, heldRise, steppedRise, vestedRise } from '../laws/body-rise.ts'
import { squatJump } from '../laws/jump.ts'
import { metres, ofHeight, stride } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('gymnastics')

/** Legs and trunk without an implement. `height_coefficient` is the rise of the whole-body centre of mass. */
export const SQUATS_AND_CORE: readonly Movement[] = [
  define('air_squat', vestedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.24, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.34, 0.03, ['COM', 'EST'])
    },
    assumptions: ['hip crease below the knee, arms forward, trunk lean 34 deg (solved for balance)']
  }),
  define('jump_squat', squatJump, {
    aliases: ['jumping_squat', 'squat_jump'],
    coefficients: {
      height_coefficient: ofHeight(0.24, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.34, 0.03, ['COM', 'EST']),
      jump_height: metres(0.05, 0.04, ['EST'], 'height of the feet at the top')
    },
    assumptions: ['air_squat plus a hop that takes the feet off the floor; surplus height not credited']
  }),
  define('pistol', heldOrAssistedRise, {
    aliases: ['single_leg_squat'],
    coefficients: {
      height_coefficient: ofHeight(0.29, 0.04, ['COM']),
      load_height_coefficient: ofHeight(0.38, 0.05, ['COM', 'EST'])
    },
    assumptions: ['full depth; the free leg is held level']
  }),
  define('walking_lunge', steppedRise, {
    aliases: ['lunge'],
    coefficients: {
      height_coefficient: ofHeight(0.21, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.245, 0.02, ['COM']),
      step_coefficient: stride(ofHeight(0.5, 0.07, ['CRILL', 'EST'], 'advance of one lunge step'))
    },
    example: { external_load: 0 },
    assumptions: [
      'one rep is one step; rear knee to the floor, load rises with the hips (0.245 H)',
      'by distance the step length adds 14 % to the uncertainty',
      'number of steps = distance / (step_coefficient x H): 34 steps for 100 ft',
      'Crill 2004: the longest lunge is 1.137 +- 0.172 m for men, 0.966 +- 0.111 m for women, not related to height; a comfortable step is taken as 0.8 of it'
    ]
  }),
  define('ab_mat_sit_up', heldRise, {
    aliases: ['sit_up'],
    coefficients: {
      height_coefficient: ofHeight(0.126, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.22, 0.03, ['COM', 'EST'])
    },
    assumptions: ['lying, arms overhead, to upright trunk; legs still; a held load lies on the chest']
  }),
  define('v_up', heldRise, {
    aliases: ['jackknife'],
    coefficients: {
      height_coefficient: ofHeight(0.165, 0.025, ['COM2']),
      load_height_coefficient: ofHeight(0.22, 0.03, ['COM', 'EST'])
    },
    assumptions: ['lying flat, arms overhead, to hands on the feet; pivot at the hip, trunk and legs 45 to 60 deg']
  }),
  define('ghd_sit_up', heldRise, {
    coefficients: {
      height_coefficient: ofHeight(0.217, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.3, 0.04, ['COM', 'EST'])
    },
    assumptions: ['trunk from 30 deg below horizontal to 80 deg above']
  }),
  define('back_extension', heldRise, {
    aliases: ['hip_extension'],
    coefficients: {
      height_coefficient: ofHeight(0.138, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.2, 0.03, ['COM', 'EST'])
    },
    assumptions: ['trunk from 70 deg below horizontal to horizontal']
  }),
  define('glute_ham_raise', heldRise, {
    aliases: ['ghr', 'nordic_curl'],
    coefficients: {
      height_coefficient: ofHeight(0.302, 0.03, ['COM2']),
      load_height_coefficient: ofHeight(0.42, 0.04, ['COM', 'EST'])
    },
    assumptions: ['everything above the knee turns from level to upright about the knee'],
    notSupported: 'hip extension alone is back_extension; from hanging head down add 0.116'
  }),
  define('toes_to_bar', vestedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.21, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.05, 0.05, ['COM', 'EST'])
    },
    assumptions: ['hang to both feet on the bar, trunk 50 deg back, arms 15 deg']
  }),
  define('knees_to_elbows', vestedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.13, 0.03, ['EST']),
      load_height_coefficient: ofHeight(0.05, 0.05, ['COM', 'EST'])
    },
    assumptions: ['0.62 of toes_to_bar']
  })
]
