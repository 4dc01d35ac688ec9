import { assistedRise, heldOrAssistedRise, heldRise, vestedRise } from '../laws/body-rise.ts'
import { deficitRise } from '../laws/climb.ts'
import { onHands } from '../laws/travel.ts'
import { number, ofHeight } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('gymnastics')

/** On bars, rings and hands. `height_coefficient` is the rise of the whole-body centre of mass. */
export const PULLS_AND_PUSHES: readonly Movement[] = [
  define('pull_up', heldOrAssistedRise, {
    aliases: ['strict_pull_up', 'kipping_pull_up', 'chin_up'],
    coefficients: {
      height_coefficient: ofHeight(0.324, 0.03, ['COM', 'ANSUR']),
      load_height_coefficient: ofHeight(0.35, 0.03, ['ANSUR'])
    },
    example: { external_load: 0 },
    assumptions: [
      'full hang to chin over the bar: trunk rises 0.35 H, whole-body COM 0.32 H',
      'strict, kipping and butterfly get the same work'
    ]
  }),
  define('chest_to_bar_pull_up', heldOrAssistedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.381, 0.03, ['COM', 'ANSUR']),
      load_height_coefficient: ofHeight(0.41, 0.03, ['COM', 'EST'])
    },
    assumptions: ['full hang to collar-bone height on the bar']
  }),
  define('jumping_pull_up', vestedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.305, 0.04, ['COM2', 'COM']),
      load_height_coefficient: ofHeight(0.35, 0.04, ['COM', 'EST'])
    },
    assumptions: [
      'straight arms with the feet on the floor to chin over the bar: the trunk rises 0.35 H as in a pull-up, the legs unfold instead of hanging',
      'bar 0.15 m above the head; a higher or lower bar changes the leg bend, not the trunk rise',
      'who does the work (legs) does not matter to the counting rule'
    ]
  }),
  define('ring_row', vestedRise, {
    aliases: ['inverted_row', 'australian_pull_up', 'body_row'],
    coefficients: {
      height_coefficient: ofHeight(0.13, 0.035, ['COM2', 'EST']),
      load_height_coefficient: ofHeight(0.14, 0.04, ['COM', 'EST'])
    },
    assumptions: [
      'a push-up turned over: 0.64 of the shoulder travel 0.254 H, times the cosine of the mean body angle (35 deg +- 15)',
      'body level 0.16 H, 45 deg 0.115 H, 55 deg 0.093 H'
    ]
  }),
  define('bar_muscle_up', heldOrAssistedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.724, 0.04, ['COM', 'ANSUR']),
      load_height_coefficient: ofHeight(0.76, 0.04, ['COM', 'EST'])
    },
    assumptions: ['full hang to straight-arm support']
  }),
  define('ring_muscle_up', heldOrAssistedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.724, 0.04, ['COM', 'ANSUR']),
      load_height_coefficient: ofHeight(0.76, 0.04, ['COM', 'EST'])
    },
    assumptions: ['full hang to straight-arm support on rings']
  }),
  define('ring_dip', heldOrAssistedRise, {
    aliases: ['bar_dip', 'dip'],
    coefficients: {
      height_coefficient: ofHeight(0.162, 0.02, ['COM']),
      load_height_coefficient: ofHeight(0.17, 0.02, ['COM', 'EST'])
    },
    assumptions: ['shoulder just below the elbow to lockout']
  }),
  define('push_up', heldOrAssistedRise, {
    aliases: ['hand_release_push_up'],
    coefficients: {
      height_coefficient: ofHeight(0.162, 0.02, ['COM', 'EBBEN', 'SUPRAK']),
      load_height_coefficient: ofHeight(0.23, 0.03, ['COM', 'EST'])
    },
    assumptions: [
      'chest to floor, body as a rigid line on the toes',
      'equals 0.63 of body weight times the shoulder rise of 0.254 H (Ebben: 0.64)'
    ],
    notSupported: 'knees: send knee_push_up; incline: scale height_coefficient by 55/64 or 41/64 (Ebben)'
  }),
  define('ring_push_up', heldOrAssistedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.162, 0.025, ['COM', 'EBBEN', 'EST']),
      load_height_coefficient: ofHeight(0.23, 0.03, ['COM', 'EST'])
    },
    assumptions: ['as push_up; hands at ring height, chest to the hands']
  }),
  define('knee_push_up', heldRise, {
    aliases: ['kneeling_push_up'],
    coefficients: {
      height_coefficient: ofHeight(0.124, 0.025, ['COM', 'EBBEN']),
      load_height_coefficient: ofHeight(0.18, 0.03, ['COM', 'EST'])
    },
    assumptions: ['push_up times 49/64, the ratio of hand forces (Ebben 2011)']
  }),
  define('handstand_push_up', assistedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.159, 0.025, ['COM']),
      load_height_coefficient: ofHeight(0.167, 0.025, ['COM', 'EST'])
    },
    assumptions: ['head on the floor to lockout, feet on the wall; kip not modelled'],
    notSupported: 'deficit: send deficit_handstand_push_up'
  }),
  define('deficit_handstand_push_up', deficitRise, {
    aliases: ['deficit_hspu'],
    coefficients: {
      height_coefficient: ofHeight(0.159, 0.025, ['COM'])
    },
    example: { deficit_height: 0.1016 },
    assumptions: [
      'the body rises the deficit more than in a handstand_push_up; arms counted as rising with it (error under 5 % of the deficit part)'
    ]
  }),
  define('wall_walk', vestedRise, {
    coefficients: {
      height_coefficient: ofHeight(0.525, 0.04, ['COM']),
      load_height_coefficient: ofHeight(0.6, 0.06, ['COM', 'EST'])
    },
    assumptions: ['lying to a chest-to-wall handstand; the way down is not counted']
  }),
  define('handstand_walk', onHands, {
    per: 'distance',
    coefficients: {
      vertical_ratio: number(0.04, 0.02, 'm/m', ['COM2', 'EARHART', 'EST'])
    },
    example: { travel_distance: 7.62 },
    assumptions: [
      'upper bound of a stiff pendulum: rise per metre = step / (8 x arm length 0.59 m); hand steps of 0.10 to 0.30 m give 0.02 to 0.06',
      'Earhart & Mosiman 2010: same cadence as walking, shorter strides, longer double support; no height was measured',
      'kick-up not counted: the centre of mass ends 0.03 H above standing'
    ],
    notSupported: 'almost all the effort is holding, which is no work: never compare its watts with other movements'
  })
]
