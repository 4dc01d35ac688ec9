import { evaluate } from '../../lib/compute/evaluate.ts'
import { precheck } from '../../lib/compute/precheck.ts'
import type { Evaluation } from '../../schemas/compute-power.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'
import { median } from './statistics.ts'

const BATCH = 500

/** Workouts understood and measured a second on one core, no server around: the median of several runs. */
export function measureEngine(runs: number, runMs: number): number {
  const perSecond: number[] = []
  for (let run = 0; run <= runs; run++) {
    const start = performance.now()
    let done = 0
    while (performance.now() - start < runMs) {
      for (let index = 0; index < BATCH; index++) measureExample()
      done += BATCH
    }
    // The first run is the compiler's.
    if (run > 0) perSecond.push((done / (performance.now() - start)) * 1000)
  }
  return median(perSecond)
}

export function measureExample(): Evaluation {
  const found = precheck(computePowerExample, [], Date.now())
  if (!found.ok) throw new Error('the example has problems')
  return evaluate(found.plan)
}
