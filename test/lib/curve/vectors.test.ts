import { readFileSync } from 'node:fs'
import t from 'tap'
import { logMeanPowerOf, workCapacityOf } from '../../../lib/curve/areas.ts'
import { fitCriticalPower } from '../../../lib/curve/critical-power.ts'
import { cornersOf, powerAt } from '../../../lib/curve/envelope.ts'
import { areaOf, logAreaOf, logWidth, powerOf } from '../../../lib/curve/hyperbola.ts'
import { answerTo, apart, effort, frontOfAll, vectors } from './helpers.ts'

const windowOf = ({ from_seconds, to_seconds }: { from_seconds: number; to_seconds: number }) => ({
  fromSeconds: from_seconds,
  toSeconds: to_seconds
})
const three = vectors.samples.map(({ duration_seconds, average_power_w }) => effort(duration_seconds, average_power_w))

t.test('the envelope of three samples, its area and its log mean', async (t) => {
  const front = frontOfAll(three)
  const corners = cornersOf(front)
  for (const { at_seconds, power_w } of vectors.hull) t.equal(powerAt(corners, at_seconds), power_w, `${at_seconds} s`)
  t.same(
    corners.map(({ durationSeconds, powerW, after }) => [durationSeconds, powerW, after]),
    [
      [60, 400, 'constant_work'],
      [80, 300, 'constant_power'],
      [300, 300, 'constant_work'],
      [90_000 / 220, 220, 'constant_power'],
      [1200, 220, 'constant_work']
    ]
  )
  const window = windowOf(vectors.window)
  const area = workCapacityOf(front, window).value
  t.equal(area.toFixed(1), vectors.area_j.toFixed(1))
  const exact = 24_000 * Math.log(80 / 60) + 300 * 220 + 90_000 * Math.log(15 / 11) + 220 * (1200 - 4500 / 11)
  t.ok(apart(area, exact) < 1e-15, `${area}`)
  t.equal(logMeanPowerOf(front, window).value.toFixed(3), vectors.log_mean_w.toFixed(3))
  const answer = answerTo(three, vectors.window)
  t.same(answer.work_capacity_auc, {
    ...vectors.window,
    value: area,
    unit: 'J',
    uncertainty: answer.work_capacity_auc.uncertainty
  })
})

t.test('the critical-power model', async (t) => {
  const { cp_w, w_prime_j, powers, window, area_j, log_mean_w } = vectors.critical_power
  const model = { constantW: cp_w, workJ: w_prime_j }
  for (const { at_seconds, power_w } of powers) t.equal(Math.round(powerOf(model, at_seconds)), power_w)
  const over = windowOf(window)
  t.equal(areaOf(model, over).toFixed(3), area_j.toFixed(3))
  t.equal((logAreaOf(model, over) / logWidth(over)).toFixed(2), log_mean_w.toFixed(2))
})

interface Oracle {
  id: string
  inputs: Record<string, number>
  expected: number
  tolerance_rel: number
}
type Computation = (inputs: Record<string, number>) => number

const fitted = ({ p1, t1, p2, t2 }: Record<string, number>) => {
  const found = fitCriticalPower(frontOfAll([effort(t1!, p1!), effort(t2!, p2!)]))
  if (!found.ok) throw new Error(found.reason)
  return found.fit
}
const modelPower: Computation = ({ CP, Wp, t }) => powerOf({ constantW: CP!, workJ: Wp! }, t!)
const COMPUTATIONS: Record<string, Computation> = {
  cp_180s: modelPower,
  cp_900s: modelPower,
  cp_from_two: (inputs) => fitted(inputs).power.value,
  wprime_from_two: (inputs) => fitted(inputs).reserve.value,
  auc_linear_120_1200: ({ CP, Wp, a, b }) => areaOf({ constantW: CP!, workJ: Wp! }, { fromSeconds: a!, toSeconds: b! })
}

t.test('published and analytic oracles of the curve come out', async (t) => {
  const file = new URL('../../vectors/physics/oracles.json', import.meta.url)
  const all = JSON.parse(readFileSync(file, 'utf8')).oracles as Oracle[]
  const oracles = all.filter(({ id }) => /^(cp_|wprime_|auc_)/.test(id))
  t.same(oracles.map(({ id }) => id).sort(), Object.keys(COMPUTATIONS).sort())
  for (const { id, inputs, expected, tolerance_rel } of oracles) {
    const found = COMPUTATIONS[id]!(inputs)
    t.ok(apart(found, expected) <= tolerance_rel, `${id}: ${found} for ${expected}`)
  }
})
