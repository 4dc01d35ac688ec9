import { hash, randomUUID } from 'node:crypto'
import { evaluate } from '../../lib/compute/evaluate.ts'
import { precheck } from '../../lib/compute/precheck.ts'
import { canonicalJson } from '../../lib/json/canonical-json.ts'
import { openLedger } from '../../lib/ledger/open-ledger.ts'
import type { WorkoutDatabase } from '../../lib/workouts/workout-database.ts'
import { newWorkoutIds, workoutRecord } from '../../lib/workouts/workout-record.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'

/**
 * What a completed workout leaves on disk: a payment and a workout, each in its indexes, in one transaction. All else
 * about it is made once.
 * @returns writes both down, with the text of an answer
 */
export function workoutRows(database: WorkoutDatabase): (answer: string) => Promise<void> {
  const ledger = openLedger(database, Date.now)
  const found = precheck(computePowerExample, [], Date.now())
  if (!found.ok) throw new Error('the example has problems')
  const record = workoutRecord(
    newWorkoutIds(Date.now()),
    found.plan,
    canonicalJson(computePowerExample),
    evaluate(found.plan)
  )
  return async (body) => {
    const nowMs = Date.now()
    // As random as a payment hash.
    const digest = hash('sha256', randomUUID())
    const outcome = await ledger.claim({
      proofKey: `l402:${digest}`,
      rail: 'l402',
      fingerprint: digest,
      route: '/v1/compute-power',
      amountAtomic: 100_000n,
      asset: 'msat',
      answerKeptUntilMs: nowMs + 86_400_000,
      isFirstUse: true
    })
    if (outcome.kind !== 'claimed') throw new Error('a payment came twice')
    await ledger.capture(outcome.claim, { status: 200, body }, { ...record, ...newWorkoutIds(nowMs) })
  }
}
