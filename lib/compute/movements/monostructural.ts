import { calorieBike } from '../laws/calorie-bike.ts'
import { erg } from '../laws/erg.ts'
import { jump } from '../laws/jump.ts'
import { stairs, travel } from '../laws/travel.ts'
import { fixed, metres, number } from './coefficient.ts'
import { definerOf, type Movement } from './movement.ts'

const define = definerOf('monostructural')

/** Running, stairs, skipping and machines. */
export const MONOSTRUCTURAL: readonly Movement[] = [
  define('run', travel, {
    per: 'distance',
    confidence: 'D',
    aliases: ['running'],
    coefficients: {
      vertical_ratio: number(0.08, 0.012, 'm/m', ['GARMIN', 'CAVAGNA', 'HEGLUND'])
    },
    assumptions: [
      'proxy: rise of the COM per step over step length, about 8 % (0.785 J/kg/m)',
      'horizontal work, limb swing and air drag left out: total mechanical work is near 1.7 J/kg/m at 4 m/s (Heglund 1982)',
      'Cavagna: vertical power hardly changes with speed, so a fixed ratio over-credits fast running; with a known time 0.24 m/s times t is the alternative'
    ]
  }),
  define('row', erg, {
    per: 'distance_or_calorie',
    confidence: 'A',
    aliases: ['rowing'],
    coefficients: {
      reference_power_w: number(200, 60, 'W', ['EST'], 'used only without a known active time'),
      pace_constant: fixed(2.8, 'W s3/m3', ['C2'])
    },
    assumptions: [
      'flywheel work from the monitor, not work against gravity',
      'exact when the split holds this movement alone (t known); otherwise reference_power_w stands in and the result is flagged',
      "calories are the monitor's display: at 200 W one calorie is 728.5 J of flywheel work"
    ],
    notSupported: 'watts typed by hand: use average_power_w with t if the contract ever allows it'
  }),
  define('ski_erg', erg, {
    per: 'distance_or_calorie',
    confidence: 'A',
    aliases: ['ski'],
    coefficients: {
      reference_power_w: number(200, 60, 'W', ['EST'], 'used only without a known active time'),
      pace_constant: fixed(2.8, 'W s3/m3', ['C2'])
    },
    assumptions: [
      'flywheel work from the monitor, not work against gravity',
      'exact when the split holds this movement alone (t known); otherwise reference_power_w stands in and the result is flagged',
      "calories are the monitor's display: at 200 W one calorie is 728.5 J of flywheel work"
    ],
    notSupported: 'watts typed by hand: use average_power_w with t if the contract ever allows it'
  }),
  define('bike_erg', erg, {
    per: 'distance_or_calorie',
    confidence: 'A',
    aliases: ['c2_bike'],
    coefficients: {
      reference_power_w: number(200, 60, 'W', ['EST'], 'used only without a known active time'),
      pace_constant: fixed(0.35, 'W s3/m3', ['C2BIKE'])
    },
    assumptions: [
      'flywheel work from the monitor, not work against gravity',
      'exact when the split holds this movement alone (t known); otherwise reference_power_w stands in and the result is flagged',
      "calories are the monitor's display: at 200 W one calorie is 728.5 J of flywheel work"
    ],
    notSupported: 'watts typed by hand: use average_power_w with t if the contract ever allows it'
  }),
  define('echo_bike', calorieBike, {
    per: 'calorie',
    confidence: 'B',
    coefficients: {
      joules_per_calorie: number(1195, 15, 'J/kcal shown', ['ECHO'])
    },
    assumptions: ['fan work from the console, not work against gravity'],
    notSupported: 'distance on air bikes'
  }),
  define('assault_bike', calorieBike, {
    per: 'calorie',
    confidence: 'D',
    coefficients: {
      joules_per_calorie: number(1200, 250, 'J/kcal shown', ['ASSAULT'])
    },
    assumptions: ['fan work from the console, not work against gravity'],
    notSupported: 'distance on air bikes'
  }),
  define('double_under', jump, {
    confidence: 'D',
    aliases: ['du'],
    coefficients: {
      jump_height: metres(0.15, 0.05, ['EST', 'KIM2017'], 'g*t^2/8: 0.15 m is 0.35 s of flight')
    },
    assumptions: ['one jump, rope passes twice']
  }),
  define('single_under', jump, {
    confidence: 'D',
    coefficients: {
      jump_height: metres(0.06, 0.025, ['EST'])
    },
    assumptions: ['one jump, rope passes once']
  }),
  define('stair_climb', stairs, {
    per: 'distance',
    confidence: 'A',
    coefficients: {},
    assumptions: ['vertical metres only']
  })
]
