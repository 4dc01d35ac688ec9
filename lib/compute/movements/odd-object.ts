import { ODD_OBJECT } from '../laws/inputs.ts'
import { lift } from '../laws/lift.ts'
import { onFoot, sled } from '../laws/travel.ts'
import { metres, number, ofHeight } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('odd_object')

/** Carries, sleds and bags. */
export const ODD_OBJECTS: readonly Movement[] = [
  define('farmers_carry', onFoot, {
    per: 'distance',
    aliases: ['carry', 'yoke_carry', 'sandbag_carry'],
    coefficients: {
      vertical_ratio: number(0.05, 0.02, 'm/m', ['EST', 'CAVAGNA'])
    },
    inputs: [ODD_OBJECT],
    maxima: { external_load: 1500 },
    example: { external_load: 48.081, travel_distance: 100 },
    assumptions: ['proxy: COM rise per walking step over step length', 'picking the load up is not counted']
  }),
  define('sled_push', sled, {
    per: 'distance',
    aliases: ['sled_pull', 'sled_drag', 'prowler_push'],
    coefficients: {
      friction_coefficient: number(0.33, 0.1, '1', ['ANDRE', 'LINTHORNE'])
    },
    maxima: { external_load: 2000 },
    example: { external_load: 74.843, travel_distance: 50 },
    assumptions: ['friction work, not work against gravity; external_load is sled plus plates']
  }),
  define('sandbag_to_shoulder', lift, {
    aliases: ['d_ball_to_shoulder', 'atlas_stone_to_shoulder'],
    coefficients: {
      height_coefficient: ofHeight(0.231, 0.03, ['COM']),
      load_height_coefficient: ofHeight(0.88, 0.04, ['ANSUR']),
      load_start_height: metres(0.15, 0.04, ['EST'], 'centre of the bag on the floor')
    },
    inputs: [ODD_OBJECT],
    example: { external_load: 45.359 },
    assumptions: ['floor to one shoulder']
  })
]
