import { stairs } from '../laws/climb.ts'
import { airBike, erg } from '../laws/erg.ts'
import { jump } from '../laws/jump.ts'
import { onFoot, swimming } from '../laws/travel.ts'
import { fixed, metres, number } from './coefficient.ts'
import { type Coefficient, definerOf, type Movement } from './movement.ts'

const define = definerOf('monostructural')

/** Running, walking, swimming, stairs, skipping and machines. */
export const MONOSTRUCTURAL: readonly Movement[] = [
  define('run', onFoot, {
    per: 'distance',
    aliases: ['running'],
    coefficients: {
      vertical_ratio: number(0.08, 0.012, 'm/m', ['GARMIN', 'CAVAGNA', 'HEGLUND'])
    },
    example: { travel_distance: 400 },
    assumptions: [
      'proxy: rise of the COM per step over step length, about 8 % (0.785 J/kg/m)',
      'horizontal work, limb swing and air drag left out: total mechanical work is near 1.7 J/kg/m at 4 m/s (Heglund 1982)',
      'Cavagna: vertical power hardly changes with speed, so a fixed ratio over-credits fast running; with a known time 0.24 m/s times t is the alternative'
    ]
  }),
  define('shuttle_run', onFoot, {
    per: 'distance',
    aliases: ['shuttle_sprint'],
    coefficients: {
      vertical_ratio: number(0.08, 0.02, 'm/m', ['GARMIN', 'ZAMPARO'])
    },
    example: { travel_distance: 400 },
    assumptions: [
      'as run; a turn costs no work against gravity, so turns are not counted',
      'Zamparo 2016: over 5 + 5 m whole work is 1.33 v J/kg/m, external 1.39 + 0.34 v (about 2.5 against 1.4 in even running): what is left out is larger here than in run'
    ]
  }),
  define('walk', onFoot, {
    per: 'distance',
    aliases: ['walking', 'hike'],
    coefficients: {
      vertical_ratio: number(0.05, 0.015, 'm/m', ['CAVAGNA', 'EST'])
    },
    example: { travel_distance: 400 },
    assumptions: [
      'proxy: rise per step over step length; a stiff-legged step would give 0.10, measured pendulum return makes it about half'
    ]
  }),
  define('ruck', onFoot, {
    per: 'distance',
    aliases: ['ruck_march', 'march'],
    coefficients: {
      vertical_ratio: number(0.05, 0.02, 'm/m', ['CAVAGNA', 'HUANG', 'EST'])
    },
    example: { travel_distance: 5000, external_load: 15.876 },
    assumptions: [
      'as farmers_carry, the pack rises with the body',
      'Huang & Kuo 2014: whole step work grows by 1.40 W per kg carried at 1.25 m/s, 1.12 J/kg/m, against 0.49 here: under half'
    ]
  }),
  define('row', erg, { aliases: ['rowing'], ...concept2(fixed(2.8, 'W s3/m3', ['C2']), 500) }),
  define('ski_erg', erg, { aliases: ['ski'], ...concept2(fixed(2.8, 'W s3/m3', ['C2']), 500) }),
  define('bike_erg', erg, { aliases: ['c2_bike'], ...concept2(fixed(0.35, 'W s3/m3', ['C2BIKE']), 1000) }),
  define('echo_bike', airBike, fanBike(number(1195, 15, 'J/kcal shown', ['ECHO']))),
  define('assault_bike', airBike, fanBike(number(1200, 250, 'J/kcal shown', ['ASSAULT']))),
  define('double_under', jump, {
    aliases: ['du'],
    coefficients: {
      jump_height: metres(0.15, 0.05, ['EST', 'KIM2017'], 'g*t^2/8: 0.15 m is 0.35 s of flight')
    },
    assumptions: ['one jump, rope passes twice']
  }),
  define('single_under', jump, {
    coefficients: {
      jump_height: metres(0.06, 0.025, ['EST'])
    },
    assumptions: ['one jump, rope passes once']
  }),
  define('stair_climb', stairs, {
    per: 'distance',
    coefficients: {},
    example: { elevation_gain: 21.6 },
    assumptions: ['vertical metres only']
  }),
  define('swim', swimming, {
    per: 'distance',
    coefficients: {
      drag_constant: number(30, 8, 'N s2/m2', ['NARITA', 'CORTESI', 'VAART', 'EST'])
    },
    example: { travel_distance: 500 },
    exampleSeconds: 600,
    assumptions: [
      "work against the water's drag K v^2 at mean speed, not work against gravity",
      'front crawl: 23.5 (towed) to 38 (active drag) N s2/m2 in the literature',
      'only with a known time: refuse it in a split that holds another movement',
      'the water thrown back (half or more of the mechanical work) is not counted'
    ],
    notSupported: 'other strokes, wetsuit, fins, pull buoy, open water currents'
  })
]

/** The machines of one maker: the same monitor, each with its own flywheel. */
function concept2(paceConstant: Coefficient, exampleMetres: number) {
  return {
    per: 'distance_or_calorie',
    coefficients: {
      reference_power_w: number(200, 60, 'W', ['EST'], 'used only without a known active time'),
      pace_constant: paceConstant
    },
    example: { travel_distance: exampleMetres },
    exampleSeconds: 120,
    assumptions: [
      'flywheel work from the monitor, not work against gravity',
      'exact when the split holds this movement alone (t known); otherwise reference_power_w is used and the result is flagged',
      "calories are the monitor's display: at 200 W one calorie is 728.5 J of flywheel work"
    ],
    notSupported: 'average watts are not an input: send distance or calories, with the time'
  } as const
}

/** Bikes with a fan differ in what their consoles call a calorie. */
function fanBike(joulesPerCalorie: Coefficient) {
  return {
    per: 'calorie',
    coefficients: { joules_per_calorie: joulesPerCalorie },
    example: { calories: 20 },
    assumptions: ['fan work from the console, not work against gravity'],
    notSupported: 'distance on air bikes'
  } as const
}
