import fc from 'fast-check'
import t from 'tap'
import { workCapacityOf } from '../../../lib/curve/areas.ts'
import { curveAnswer } from '../../../lib/curve/curve-answer.ts'
import { combine, NO_WORKOUTS, summaryOf } from '../../../lib/curve/curve-summary.ts'
import { type DateTree, withLeaf, withoutLeaf } from '../../../lib/curve/date-tree.ts'
import { cornersOf, powerAt } from '../../../lib/curve/envelope.ts'
import type { WorkoutFigures } from '../../../lib/curve/figures.ts'
import { curveSvg } from '../../../lib/curve/picture/curve-svg.ts'
import { hasWork, samplesOf } from '../../../lib/curve/sample.ts'
import {
  answerTo,
  anyWorkout,
  anyWorkouts,
  apart,
  effort,
  frontOfAll,
  historyOf,
  isAnswer,
  numbersOf,
  provedArea,
  provedAt,
  QUERY,
  split,
  TODAY,
  workout
} from './helpers.ts'

const RUNS = { numRuns: 300 }
const EXACT = 1e-12
const anyTime = fc.double({ min: -3, max: 7, noNaN: true }).map((power) => 10 ** power)

t.test('the envelope matches the contract, never rises, and its work never falls', async (t) => {
  fc.assert(
    fc.property(anyWorkouts, fc.array(anyTime, { minLength: 1 }), (workouts, times) => {
      const samples = workouts.flatMap(samplesOf).filter(hasWork)
      const corners = cornersOf(frontOfAll(workouts))
      const at = [...times, ...samples.map(({ durationSeconds }) => durationSeconds)].sort((a, b) => a - b)
      const powers = at.map((seconds) => powerAt(corners, seconds))
      return at.every((seconds, index) => {
        const before = Math.max(0, index - 1)
        return (
          apart(powers[index]!, provedAt(samples, seconds)) < EXACT &&
          powers[index]! <= powers[before]! * (1 + EXACT) &&
          powers[index]! * seconds >= powers[before]! * at[before]! * (1 - EXACT)
        )
      })
    }),
    RUNS
  )
  t.pass()
})

t.test('areas are the integral of that envelope', async (t) => {
  // Not narrower, because the check uses a plain logarithm of the bounds' ratio.
  const anyWidth = fc.double({ min: 1.01, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(anyWorkouts, anyTime, anyWidth, (workouts, fromSeconds, width) => {
      const window = { fromSeconds, toSeconds: fromSeconds * width }
      const samples = workouts.flatMap(samplesOf).filter(hasWork)
      return apart(workCapacityOf(frontOfAll(workouts), window).value, provedArea(samples, window)) < 1e-9
    }),
    RUNS
  )
  t.pass()
})

t.test(
  'after any sequence of insertions, revisions and removals the answer depends on the remaining workouts alone',
  async (t) => {
    const anyStep = fc.oneof(
      { weight: 3, arbitrary: anyWorkout.map((one) => ({ set: one })) },
      { weight: 1, arbitrary: fc.nat({ max: 40 }).map((id) => ({ remove: `w${id}` })) },
      { weight: 1, arbitrary: fc.constant({ look: true }) }
    )
    const anyRange = fc.record(
      { performed_from: fc.constantFrom('2026-01-10', '2026-05-01'), performed_to: fc.constantFrom('2026-05-20') },
      { requiredKeys: [] }
    )
    let removed = 0
    let replaced = 0
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 60, size: 'max' }),
        anyRange,
        fc.infiniteStream(fc.nat()),
        (steps, range, order) => {
          const history = historyOf([])
          const model = new Map<string, WorkoutFigures>()
          for (const step of steps) {
            if ('set' in step) {
              if (model.has(step.set.workoutId)) replaced++
              history.set(step.set)
              model.set(step.set.workoutId, step.set)
            } else if ('remove' in step) {
              const wasThere = model.delete(step.remove)
              if (wasThere) removed++
              if (history.remove(step.remove) !== wasThere) return false
            } else history.summary()
          }
          const shuffled = [...model.values()]
            .map((one) => [order.next().value ?? 0, one] as const)
            .sort((one, other) => one[0] - other[0])
            .map(([, one]) => one)
          const query = { ...QUERY, ...range }
          const found = curveAnswer(history, query, TODAY)
          // Exactly, not just within 1e-9: the same samples are chosen and added in the same order.
          const scratch = curveAnswer(historyOf(shuffled), query, TODAY)
          if (history.size !== model.size || JSON.stringify(found) !== JSON.stringify(scratch)) return false
          const { performed_from: from = '', performed_to: to = '9999' } = range
          const within = shuffled.filter(({ performedDate }) => performedDate >= from && performedDate <= to)
          const filtered = answerTo(within)
          return (
            JSON.stringify(found.points) === JSON.stringify(filtered.points) &&
            JSON.stringify(found.modality_curves) === JSON.stringify(filtered.modality_curves) &&
            JSON.stringify(found.coverage_matrix) === JSON.stringify(filtered.coverage_matrix)
          )
        }
      ),
      RUNS
    )
    t.ok(removed > 100 && replaced > 100, `${removed} removed, ${replaced} replaced`)
  }
)

t.test('summaries combine in any order, even with equal samples', async (t) => {
  const twins = [effort(60, 100, 'gymnastics', '2026-01-01'), effort(60, 100, 'gymnastics', '2026-01-02')].map(
    summaryOf
  )
  t.same(combine(twins[0]!, twins[1]!), combine(twins[1]!, twins[0]!))
  t.equal(
    combine(twins[1]!, twins[0]!).curves.all.front[0]!.workout.performedDate,
    '2026-01-01',
    'the first to prove it'
  )
  fc.assert(
    fc.property(anyWorkouts, (workouts) => {
      const summaries = workouts.map(summaryOf)
      const forth = summaries.reduce(combine, NO_WORKOUTS)
      const back = summaries.reverse().reduce(combine, NO_WORKOUTS)
      return JSON.stringify(forth) === JSON.stringify(back)
    }),
    RUNS
  )
})

/** The same workout with less work in one split, or more time in it or after it. */
const anyWorsening = fc
  .tuple(
    fc.nat(),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 500, noNaN: true }),
    fc.double({ min: 0, max: 500, noNaN: true })
  )
  .map(([place, share, active, rest]) => ({ workoutId, performedDate, session, splits }: WorkoutFigures) => {
    const at = place % splits.length
    const worse = splits.map((one, index) =>
      index === at
        ? {
            ...one,
            workJ: one.workJ * share,
            activeSeconds: one.activeSeconds + active,
            restAfterSeconds: one.restAfterSeconds + rest
          }
        : one
    )
    const workJ = worse.reduce((sum, one) => sum + one.workJ, 0)
    return {
      workoutId,
      performedDate,
      session: { ...session, workJ, durationSeconds: session.durationSeconds + active + rest },
      splits: worse
    }
  })

t.test('removing or worsening a workout never raises a power or an area of any curve', async (t) => {
  let lowered = 0
  fc.assert(
    fc.property(
      anyWorkouts.filter((workouts) => workouts.length > 0),
      fc.nat(),
      fc.option(anyWorsening, { freq: 2 }),
      fc.array(anyTime, { minLength: 1 }),
      (workouts, place, worsen, times) => {
        const at = place % workouts.length
        const history = historyOf(workouts)
        const before = history.summary().curves
        if (worsen === null) history.remove(workouts[at]!.workoutId)
        else history.set(worsen(workouts[at]!))
        const after = history.summary().curves
        return (['all', 'weightlifting', 'gymnastics', 'cardiovascular'] as const).every((curve) => {
          const [high, low] = [before[curve].front, after[curve].front]
          const [highCorners, lowCorners] = [cornersOf(high), cornersOf(low)]
          return times.every((seconds) => {
            const window = { fromSeconds: 1e-3, toSeconds: seconds + 1 }
            const [highArea, lowArea] = [workCapacityOf(high, window).value, workCapacityOf(low, window).value]
            if (lowArea < highArea) lowered++
            return (
              powerAt(lowCorners, seconds) <= powerAt(highCorners, seconds) * (1 + EXACT) &&
              lowArea <= highArea * (1 + EXACT)
            )
          })
        })
      }
    ),
    RUNS
  )
  t.ok(lowered > 100, `${lowered} areas were lowered`)
})

t.test('unusual workouts give finite numbers, a valid answer and a picture', async (t) => {
  const check = (workouts: readonly WorkoutFigures[]) => {
    const answer = answerTo(workouts)
    for (const [path, number] of numbersOf(answer)) {
      const isSigned = path.endsWith('/change/value')
      if (!Number.isFinite(number) || (number < 0 && !isSigned)) throw new Error(`${path} is ${number}`)
    }
    if (!isAnswer(answer)) throw new Error(JSON.stringify(isAnswer.errors))
    return !/NaN|Infinity|undefined/.test(curveSvg(answer))
  }
  fc.assert(fc.property(anyWorkouts, check), RUNS)
  const cases: [string, WorkoutFigures[]][] = [
    ['no workout', []],
    ['no work', [effort(60, 0)]],
    ['work next to none', [workout('w', [split(60, 5e-324), split(1e6, 1e-9)])]],
    ['one sample', [effort(60, 100)]],
    ['equal durations', [effort(60, 100), effort(60, 200), effort(60, 150)]],
    ['twins', [effort(60, 100, 'gymnastics'), effort(60, 100, 'cardiovascular')]],
    ['a million seconds', [effort(1e6, 200)]],
    ['a millisecond', [effort(1e-3, 5000)]],
    ['much work', [effort(300, 1e12), effort(900, 9e11)]]
  ]
  for (const [name, workouts] of cases) t.ok(check(workouts), name)
})

t.test('one more workout changes few nodes, in any order of insertion', async (t) => {
  const leafOf = (index: number) => {
    const one = effort(60 + index, 100, 'gymnastics', `2026-01-${String(1 + (index % 28)).padStart(2, '0')}`)
    return { workoutId: one.workoutId, performedDate: one.performedDate, summary: summaryOf(one) }
  }
  const nodesOf = (tree: DateTree | undefined): DateTree[] =>
    tree === undefined ? [] : [tree, ...nodesOf(tree.before), ...nodesOf(tree.after)]
  let tree: DateTree | undefined
  for (let index = 0; index < 3000; index++) tree = withLeaf(tree, leafOf(index))
  const nodes = new Set(nodesOf(tree))
  t.equal(nodes.size, 3000)
  for (const index of [3000, 4711, 9999]) {
    const leaf = leafOf(index)
    const more = withLeaf(tree, leaf)
    const added = nodesOf(more).filter((node) => !nodes.has(node)).length
    t.ok(added < 60, `${added} of 3000 nodes are new`)
    t.same(
      nodesOf(withoutLeaf(more, leaf)).map((node) => node.leaf.workoutId),
      nodesOf(tree).map((node) => node.leaf.workoutId),
      'and taken out again the tree has its old shape'
    )
  }
})
