import t from 'tap'
import { boundFactor, powerBoundW } from '../../../lib/compute/power-bound.ts'
import { apart } from './helpers.ts'

t.test('the knots, the line between them, and flat ends', async (t) => {
  const perKg: [seconds: number, wattsPerKg: number][] = [
    [0.001, 90],
    [0.2, 90],
    [1, 50],
    [60, 20],
    [120, 14.5],
    // Half-way in the logarithm of time is half-way in the logarithm of power.
    [Math.sqrt(60 * 120), Math.sqrt(20 * 14.5)],
    [300, 11],
    [86400, 4.8],
    [2678400, 2.5],
    [1e9, 2.5]
  ]
  for (const [seconds, wattsPerKg] of perKg)
    t.ok(apart(powerBoundW(seconds, 80), 80 * wattsPerKg) < 1e-12, `${seconds} s: ${powerBoundW(seconds, 80)}`)
  let before = Number.POSITIVE_INFINITY
  for (let seconds = 0.01; seconds < 4e6; seconds *= 1.07) {
    const bound = powerBoundW(seconds, 80)
    t.ok(bound <= before && bound > 0, `${seconds}: never higher for longer`)
    before = bound
  }
  t.ok(apart(powerBoundW(60, 30), 900) < 1e-12, 'a light body counts as 45 kg')
  t.ok(apart(powerBoundW(60, 200), 2600) < 1e-12, 'a heavy one as 130 kg')
})

t.test('work that is known less well may be more', async (t) => {
  t.strictSame(
    [
      boundFactor('gravity', 0.5),
      boundFactor('flywheel', 0.5),
      boundFactor('air_bike', 0.5),
      boundFactor('gait', 0.15),
      boundFactor('friction', 0.3)
    ],
    [1, 1, 1.5, 1.3, 1.6]
  )
})

/** Watts, body mass and seconds of efforts on record: none is above the bound. */
const RECORDS: [name: string, watts: number, bodyMassKg: number, seconds: number][] = [
  ['jerk drive (Garhammer 1980)', 4786, 110, 0.2],
  ['track sprint peak', 2500, 92, 1],
  ['5 s, 25.18 W/kg (Coggan)', 25.18 * 75, 75, 5],
  ['30 s (a rider)', 1402, 76, 30],
  ['60 s (a rider)', 1071, 76, 60],
  ['60 s, 11.50 W/kg (Coggan)', 11.5 * 75, 75, 60],
  ['500 m row in 1:09.8', 2.8 * (500 / 69.8) ** 3, 100, 69.8],
  ['2 km row in 5:35.8', 2.8 * (2000 / 335.8) ** 3, 95, 335.8],
  ['4 km pursuit', 606, 83, 225],
  ['5 min, 7.60 W/kg (Coggan)', 7.6 * 75, 75, 300],
  ['20 min', 493, 78, 1200],
  ['1 h, 6.40 W/kg (Coggan)', 6.4 * 75, 75, 3600],
  ['hour record', 460, 78, 3600],
  ['320 m of stairs in 9:33', (9.80665 * 70 * 320) / 573, 70, 573],
  ['24 h', 250, 75, 86400]
]

t.test('no record is above the bound', async (t) => {
  for (const [name, watts, bodyMassKg, seconds] of RECORDS) {
    const margin = powerBoundW(seconds, bodyMassKg) / watts
    t.comment(`${name}: ${watts.toFixed(0)} W, margin ${margin.toFixed(2)}`)
    t.ok(margin > 1.2, `${name}: ${margin}`)
  }
})
