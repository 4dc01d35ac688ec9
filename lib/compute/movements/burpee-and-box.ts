import { boxJump, boxStep, boxStepOver, burpeeOntoBox, ropeClimb } from '../laws/climb.ts'
import { broadJump, riseAndJump } from '../laws/jump.ts'
import { metres, number, ofHeight, stride } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('gymnastics')

/** From the floor, onto boxes and up ropes. `height_coefficient` is the rise of the whole-body centre of mass. */
export const BURPEES_AND_BOXES: readonly Movement[] = [
  define('burpee', riseAndJump, {
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
    aliases: ['burpee_over_bar'],
    coefficients: {
      height_coefficient: ofHeight(0.503, 0.03, ['COM', 'EST']),
      jump_height: metres(0.15, 0.06, ['EST'])
    },
    assumptions: ['lying to standing plus a hop over the bar']
  }),
  define('burpee_pull_up', riseAndJump, {
    coefficients: {
      height_coefficient: ofHeight(0.94, 0.04, ['COM', 'ANSUR']),
      jump_height: metres(0.15, 0.1, ['EST'], 'height of the bar above the standing fingertip reach')
    },
    assumptions: [
      'lying to standing with arms up 0.541 H, up to the grip 0.075 H + jump_height, then a pull-up 0.324 H',
      "equals burpee and pull_up without the burpee's own hop"
    ]
  }),
  define('burpee_to_target', riseAndJump, {
    aliases: ['target_burpee'],
    coefficients: {
      height_coefficient: ofHeight(0.541, 0.02, ['COM', 'BURPEE']),
      jump_height: metres(0.1524, 0.03, ['STD', 'EST'], 'target above the standing reach, 6 in')
    },
    assumptions: ['lying flat to both hands on a mark 6 in above the standing reach']
  }),
  define('burpee_broad_jump', broadJump, {
    coefficients: {
      height_coefficient: ofHeight(0.47, 0.05, ['COM', 'EST']),
      flight_ratio: number(0.12, 0.03, 'm/m', ['WAKAI', 'EST'], 'rise of the centre of mass per metre jumped'),
      jump_length: stride(metres(1.4, 0.3, ['EST']))
    },
    example: { travel_distance: 80 },
    assumptions: [
      'lying to the take-off crouch, then a flight: 0.68 of the jump at a take-off angle of 35 deg gives a rise of 0.68 tan(35)/4 = 0.12 of the jump length',
      'number of burpees = distance / jump_length; standing tall between is not required',
      'forward speed is not work against gravity and is not counted'
    ],
    notSupported: 'count the burpees where you can: per rep the figure is 10 %, per distance 23 %'
  }),
  define('box_jump', boxJump, {
    coefficients: {
      height_coefficient: ofHeight(0, 0.03, ['STD'])
    },
    example: { box_height: 0.6096 },
    assumptions: ['standing on the floor to standing tall on the box; crouch and surplus height not credited']
  }),
  define('box_jump_over', boxJump, {
    coefficients: {
      height_coefficient: ofHeight(0, 0.06, ['STD', 'EST'])
    },
    example: { box_height: 0.6096 },
    assumptions: ['counts one box height per rep']
  }),
  define('burpee_box_jump_over', burpeeOntoBox, {
    coefficients: {
      height_coefficient: ofHeight(0.503, 0.05, ['COM', 'EST'])
    },
    example: { box_height: 0.6096 },
    assumptions: ['burpee without overhead reach, then one box height']
  }),
  define('box_step_up', boxStep, {
    coefficients: {},
    example: { external_load: 45.359, box_height: 0.508 },
    assumptions: ['body and carried load rise one box height per rep']
  }),
  define('box_step_over', boxStepOver, {
    aliases: ['bench_step_over', 'dumbbell_box_step_over'],
    coefficients: {
      height_coefficient: ofHeight(0, 0.03, ['STD', 'EST'])
    },
    example: { box_height: 0.508, external_load: 31.751 },
    assumptions: [
      'one box height per rep, as box_step_up; standing tall on the box is not required: the +- 0.03 H is that freedom'
    ]
  }),
  define('rope_climb', ropeClimb, {
    coefficients: {
      reach_coefficient: ofHeight(1.286, 0.026, ['ANSUR'], 'standing overhead fingertip reach; 0 counts the full rope')
    },
    example: { climb_height: 4.572 },
    assumptions: [
      'touching climb_height from standing: the body rises climb_height minus the standing reach',
      'descent not counted'
    ],
    notSupported: 'seated or legless start: set reach_coefficient lower'
  })
]
