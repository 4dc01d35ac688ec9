import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { MOVEMENTS } from '../../../lib/compute/catalogue.ts'
import type { Evaluation } from '../../../schemas/compute-power.ts'
import { measured, problemsOf, vectors } from './helpers.ts'
import { type PlainWorkout, randomLine, randomNumbers, randomWorkout, requestOf, workoutOf } from './random-workouts.ts'

interface Figure {
  value: number
  uncertainty: number
}
/** What recompute.py answers for one workout. */
interface Recomputed {
  lines: Figure[][]
  splits: Figure[]
  powers: Figure[]
  total_work: Figure
  average_power_elapsed: Figure
  average_power_active: Figure
  mean: Figure
  movements: Record<string, Figure>
  shares?: Record<string, Figure>
  dropoff?: Figure
  consistency?: Figure
}

const PROGRAM = fileURLToPath(new URL('../../vectors/physics/recompute.py', import.meta.url))
const PYTHON = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined

function recompute(workouts: readonly PlainWorkout[]): Recomputed[] {
  const { status, stdout, stderr } = spawnSync(PYTHON!, [PROGRAM], {
    input: JSON.stringify(workouts),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Where a figure of ours is farther off than 1e-9, relative to the figure or, for a sigma, to its value. */
function* differences(results: Evaluation['results'], wanted: Recomputed): Generator<string> {
  const pairs: [string, Figure | undefined, Figure | undefined][] = [
    ['total work', results.session.total_work, wanted.total_work],
    ['elapsed power', results.session.average_power_elapsed, wanted.average_power_elapsed],
    ['active power', results.session.average_power_active, wanted.average_power_active],
    ['mean', results.summary.mean, wanted.mean]
  ]
  results.splits.forEach((one, index) => {
    pairs.push([`split ${index}`, one.total_work, wanted.splits[index]])
    pairs.push([`power ${index}`, one.average_power, wanted.powers[index]])
    one.movements.forEach(({ work }, line) => {
      pairs.push([`line ${index}.${line}`, work, wanted.lines[index]![line]])
    })
  })
  for (const { movement, work, work_share } of results.movement_rollups) {
    pairs.push(
      [movement, work, wanted.movements[movement]],
      [`share of ${movement}`, work_share, wanted.shares?.[movement]]
    )
  }
  if (wanted.dropoff !== undefined) pairs.push(['dropoff', results.summary.dropoff, wanted.dropoff])
  if (wanted.consistency !== undefined) pairs.push(['consistency', results.summary.consistency, wanted.consistency])
  for (const [name, ours, theirs] of pairs) {
    if (ours === undefined || theirs === undefined) {
      yield `${name} is missing`
      continue
    }
    // Shares and drop-offs are differences of near figures: they are as exact as the figures are.
    const leeway = 1e-9 * Math.max(Math.abs(theirs.value), theirs.uncertainty, 1e-6)
    if (Math.abs(ours.value - theirs.value) > leeway) yield `${name}: ${ours.value} for ${theirs.value}`
    if (Math.abs(ours.uncertainty - theirs.uncertainty) > leeway) {
      yield `sigma of ${name}: ${ours.uncertainty} for ${theirs.uncertainty}`
    }
  }
}

t.test('a second, independent program finds the same figures', async (t) => {
  if (PYTHON === undefined) {
    t.comment('python3 is not installed: test/vectors/physics/recompute.py was not run')
    return
  }
  const random = randomNumbers(20260115)
  const drawn: PlainWorkout[] = []
  for (const { name, example, seconds = 3600 } of vectors('catalogue').movements) {
    const lines = [{ movement: name, reps: 1, inputs: example, overrides: {} }]
    drawn.push({ height_m: 1.778, body_mass_kg: 81.65, seconds, splits: [{ seconds, lines }] })
  }
  t.equal(drawn.length, MOVEMENTS.size, 'every movement')
  for (const movement of MOVEMENTS.values()) {
    for (let count = 0; count < 20; count++) {
      drawn.push(workoutOf(random, randomLine(random, movement), movement.law.needsTime === true || count % 2 === 0))
    }
  }
  for (let count = 0; count < 500; count++) drawn.push(randomWorkout(random))
  // Random figures may make work that nobody has done, which is refused.
  const workouts = drawn.filter((one) => problemsOf(requestOf(one)).every(({ code }) => code !== 'power_implausible'))
  t.ok(workouts.length > 0.8 * drawn.length, `${workouts.length} of ${drawn.length} are plausible`)
  const wanted = recompute(workouts)
  t.equal(wanted.length, workouts.length)
  let consistencies = 0
  workouts.forEach((workout, index) => {
    const { results } = measured(requestOf(workout))
    if (wanted[index]!.consistency !== undefined) consistencies++
    const found = [...differences(results, wanted[index]!)]
    if (found.length > 0) t.fail(`${JSON.stringify(workout)}: ${found.slice(0, 3).join('; ')}`)
  })
  t.ok(consistencies > 200, `${consistencies} workouts have splits to compare`)
  t.comment(`${workouts.length} workouts recomputed`)
})
