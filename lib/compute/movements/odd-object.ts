import { EXTERNAL_LOAD } from '../laws/inputs.ts'
import { lift } from '../laws/lift.ts'
import { sled } from '../laws/sled.ts'
import { travel } from '../laws/travel.ts'
import { metres, number, ofHeight } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('odd_object')

/** Carries, sleds and bags. */
export const ODD_OBJECTS: readonly Movement[] = [
  define('farmers_carry', travel, {
    per: 'distance',
    confidence: 'D',
    aliases: ['carry', 'yoke_carry', 'sandbag_carry'],
    coefficients: {
      vertical_ratio: number(0.05, 0.02, 'm/m', ['EST', 'CAVAGNA'])
    },
    inputs: [EXTERNAL_LOAD],
    assumptions: ['proxy: COM rise per walking step over step length', 'picking the load up is not counted']
  }),
  define('sled_push', sled, {
    per: 'distance',
    confidence: 'D',
    aliases: ['sled_pull', 'sled_drag', 'prowler_push'],
    coefficients: {
      friction_coefficient: number(0.33, 0.1, '1', ['ANDRE', 'LINTHORNE'])
    },
    assumptions: ['friction work, not work against gravity; external_load is sled plus plates']
  }),
  define('sandbag_to_shoulder', lift, {
    confidence: 'C',
    aliases: ['d_ball_to_shoulder', 'atlas_stone_to_shoulder'],
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.88, 0.04, ['ANSUR']),
      load_start_height: metres(0.15, 0.04, ['EST'], 'centre of the bag on the floor')
    },
    assumptions: ['floor to one shoulder']
  })
]
