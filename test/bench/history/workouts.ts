import { hash, randomUUID } from 'node:crypto'
import { evaluate } from '../../../lib/compute/evaluate.ts'
import { precheck } from '../../../lib/compute/precheck.ts'
import { canonicalJson } from '../../../lib/json/canonical-json.ts'
import type { Ledger } from '../../../lib/ledger/ledger.ts'
import { newWorkoutIds, workoutRecord } from '../../../lib/workouts/workout-record.ts'
import { computePowerExample } from '../../../schemas/compute-power.ts'

const FIRST_DAY_MS = Date.UTC(2016, 0, 1)
const TEN_YEARS_MS = 10 * 365 * 86_400_000
/** Workouts that this many days are shared by. */
const WORKOUTS_IN_TEN_YEARS = 3000
const KEPT_MS = 86_400_000

/** What filtered lists look for: a movement that one workout in forty has, and one that none has. */
export const RARE_MOVEMENT = 'box_jump'
export const UNKNOWN_MOVEMENT = 'wall_ball'
const RARITY = 40

/** One of an athlete's workouts: no two alike, over ten years, 13 samples each on average. */
export function workoutOf(athleteUuid: string, index: number): Record<string, unknown> {
  const { user, splits } = computePowerExample
  const [{ work }] = splits as [(typeof splits)[number]]
  const [thruster, pullUp] = work.movements
  // The order of a hash is none, and the same in every run.
  const chance = Number.parseInt(hash('sha256', String(index)).slice(0, 8), 16) / 2 ** 32
  const activeSeconds = 20 + 300 * chance
  const movements = index % RARITY === 0 ? [thruster, { movement: RARE_MOVEMENT, reps: 10 }] : [thruster, pullUp]
  const count = 4 + (index % 2)
  return {
    ...computePowerExample,
    athlete_uuid: athleteUuid,
    performed_date: day(FIRST_DAY_MS + (TEN_YEARS_MS * (index % WORKOUTS_IN_TEN_YEARS)) / WORKOUTS_IN_TEN_YEARS),
    duration_seconds: count * (activeSeconds + 30),
    user,
    splits: Array.from({ length: count }, (_, split) => ({
      duration_seconds: activeSeconds * (1 - split / 20),
      rest_seconds_after: 20,
      work: { movements }
    }))
  }
}

/** Captures a completed workout as a paid request does, without its HTTP. @returns its ids */
export async function capture(ledger: Ledger, workout: Record<string, unknown>) {
  const found = precheck(workout, [], Date.now())
  if (!found.ok) throw new Error(`a workout of the bench has problems: ${JSON.stringify(found.problems)}`)
  const evaluation = evaluate(found.plan)
  const ids = newWorkoutIds(Date.now())
  const canonicalBody = canonicalJson(workout)
  const nowMs = Date.now()
  const outcome = await ledger.claim({
    proofKey: `l402:${randomUUID()}`,
    rail: 'l402',
    fingerprint: hash('sha256', canonicalBody),
    route: '/v1/compute-power',
    amountAtomic: 149_000n,
    asset: 'msat',
    answerKeptUntilMs: nowMs + KEPT_MS
  })
  if (outcome.kind !== 'claimed') throw new Error(`expected a claim, got ${outcome.kind}`)
  const body = JSON.stringify({ workout_id: ids.workoutId, revision_id: ids.revisionId, ...evaluation })
  await ledger.capture(outcome.claim, { status: 200, body }, workoutRecord(ids, found.plan, canonicalBody, evaluation))
  return ids
}

function day(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10)
}
