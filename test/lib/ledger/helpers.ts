import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Claim, ClaimRequest, Ledger, Purchase, StoredAnswer } from '../../../lib/ledger/ledger.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import type { Place } from '../../support/engines.ts'

export const NOW_MS = 1_800_000_000_000
export const KEPT_UNTIL_MS = NOW_MS + 60_000
export const ATHLETE_KEY = Buffer.alloc(32, 7)

/** A purchase of the rail that is paid first. */
export function request(proof: string, change: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    proofKey: `l402:${proof}`,
    rail: 'l402',
    fingerprint: 'ab'.repeat(32),
    route: '/v1/compute-power',
    amountAtomic: 149_000n,
    asset: 'msat',
    answerKeptUntilMs: KEPT_UNTIL_MS,
    ...change
  }
}

/** A purchase of the rail that is paid after computing. */
export function deferred(proof: string, change: Partial<ClaimRequest> = {}): ClaimRequest {
  return request(proof, {
    proofKey: `x402:${proof}`,
    rail: 'x402',
    amountAtomic: 100_000n,
    asset: 'eip155:8453/0xusdc',
    proofDigest: Buffer.alloc(32, proof.charCodeAt(0)),
    payer: '0xpayer',
    proof: `signed ${proof}`,
    // Larger than any integer that a database has.
    settleBeforeSeconds: 2n ** 200n,
    ...change
  })
}

/** A workout of two movements, with figures that need no answer to be read from. */
export function record(id: string, change: Partial<WorkoutRecord> = {}): WorkoutRecord {
  const workoutId = change.workoutId ?? `workout-${id}`
  const performedDate = change.performedDate ?? '2026-01-15'
  return {
    workoutId,
    revisionId: `revision-${id}`,
    athleteKey: ATHLETE_KEY,
    performedDate,
    requestJson: `{"of":"${id}"}`,
    figures: {
      workoutId,
      performedDate,
      session: { durationSeconds: 180, workJ: 48_592, sigmasJ: { thruster: 1395.3, pull_up: 1537.5 } },
      splits: [
        {
          activeSeconds: 132,
          restAfterSeconds: 0,
          workJ: 48_592,
          sigmasJ: { thruster: 1395.3, pull_up: 1537.5 },
          modality: 'mixed'
        }
      ]
    },
    ...change
  }
}

/** The next revision of `record(of)`, in the place of another one. */
export function revision(id: string, of: string, supersedes: string, change: Partial<WorkoutRecord> = {}) {
  return record(id, {
    workoutId: `workout-${of}`,
    supersedes: { revisionId: `revision-${supersedes}`, reason: 'typing error' },
    ...change
  })
}

export const answer = (text: string) => ({ status: 200, body: `{"results":"${text}"}` })

/** A ledger on an instance of its own; both are closed after the test at the latest. */
export async function openAt(
  t: Test,
  place: Place,
  now: () => number = () => NOW_MS
): Promise<{ database: WorkoutDatabase; ledger: Ledger }> {
  const database = await place.open()
  const ledger = openLedger(database, now)
  t.teardown(() => ledger.close())
  return { database, ledger }
}

/** Claims and expects to hold the proof. */
export async function claim(ledger: Ledger, asked: ClaimRequest): Promise<Claim> {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'claimed') throw new Error(`expected a claim, got ${outcome.kind}`)
  return outcome.claim
}

/** Claims and captures at once. */
export async function buy(
  ledger: Ledger,
  asked: ClaimRequest,
  text: string,
  workout?: WorkoutRecord
): Promise<StoredAnswer> {
  return ledger.capture(await claim(ledger, asked), answer(text), workout)
}

/** The purchase that a proof leads to; expects it to be over. */
export async function bought(ledger: Ledger, asked: ClaimRequest): Promise<Purchase> {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'captured') throw new Error(`expected a purchase, got ${outcome.kind}`)
  return outcome.purchase
}

/** The purchase that nobody in this process is at; expects it to be pending. */
export async function pending(ledger: Ledger, asked: ClaimRequest) {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'pending') throw new Error(`expected a pending payment, got ${outcome.kind}`)
  return outcome
}

/** What a copy of a running request waits for; in a list, for a promise in a promise would be waited for. */
export async function finished(ledger: Ledger, asked: ClaimRequest): Promise<[Promise<StoredAnswer | undefined>]> {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'running') throw new Error(`expected a running request, got ${outcome.kind}`)
  return [outcome.finished]
}

/** A path for a SQLite database in a folder of its own, gone after the test. */
export function databasePath(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'power-ledger-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'made', 'ledger.db')
}
