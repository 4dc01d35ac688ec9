import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Claim, ClaimRequest, Ledger, Purchase, StoredAnswer, WorkoutRecord } from '../../../lib/ledger/ledger.ts'

export const NOW_MS = 1_800_000_000_000
export const KEPT_UNTIL_MS = NOW_MS + 60_000

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

export function record(id: string, change: Partial<WorkoutRecord> = {}): WorkoutRecord {
  return {
    workoutId: `workout-${id}`,
    revisionId: `revision-${id}`,
    athleteKey: Buffer.alloc(32, 7),
    performedDate: '2026-01-15',
    requestJson: `{"of":"${id}"}`,
    ...change
  }
}

export const answer = (text: string) => ({ status: 200, body: `{"results":"${text}"}` })

/** Claims and expects to hold the proof. */
export async function claim(ledger: Ledger, asked: ClaimRequest): Promise<Claim> {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'claimed') throw new Error(`expected a claim, got ${outcome.kind}`)
  return outcome.claim
}

/** The purchase that a proof leads to; expects it to be over. */
export async function bought(ledger: Ledger, asked: ClaimRequest): Promise<Purchase> {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'captured') throw new Error(`expected a purchase, got ${outcome.kind}`)
  return outcome.purchase
}

/** What a copy of a running request waits for. */
export async function finished(ledger: Ledger, asked: ClaimRequest): Promise<Promise<StoredAnswer | undefined>[]> {
  const outcome = await ledger.claim(asked)
  if (outcome.kind !== 'running') throw new Error(`expected a running request, got ${outcome.kind}`)
  // In a list, for a promise in a promise would be waited for.
  return [outcome.finished]
}

/** A path for a database in a folder of its own, gone after the test. */
export function databasePath(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'power-ledger-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'made', 'ledger.db')
}
