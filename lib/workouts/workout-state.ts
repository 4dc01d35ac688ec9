import { rowOf, type Script } from '../database/script.ts'
import { RevisionConflict } from '../ledger/ledger.ts'
import { endRevision, isReserved } from './revision-entries.ts'
import type { Versions } from './versions.ts'

/** Where a workout stands. */
export interface Standing {
  readonly state: 'canonical' | 'voided'
  /** The canonical revision, or the voided one. */
  readonly revisionId: string
  /** True while another payment may yet change the workout. */
  readonly isReserved: boolean
}

export interface VoidRequest {
  readonly athleteKey: Buffer
  readonly workoutId: string
  readonly revisionId: string
  readonly reason: string | undefined
  readonly nowMs: number
}

export type VoidOutcome =
  | { readonly kind: 'voided'; readonly revisionId: string; readonly voidedAtMs: number }
  /** The athlete has no such workout. */
  | { readonly kind: 'not_found' }
  /** The revision is not the canonical one, or a payment that is under way decides. */
  | { readonly kind: 'conflict'; readonly conflict: RevisionConflict }

interface StandingRow {
  readonly revision_id: string
  readonly state: 'canonical' | 'voided'
  readonly ended_at_ms: number | null
}

// A workout has one revision that is not superseded. No sequence is below 0: that term makes the workout's index the
// better one, where the athlete's would be read from end to end.
const SELECT_STANDING = `
  SELECT revision_id, state, ended_at_ms FROM revisions
  WHERE workout_id = ? AND ended_sequence >= 0 AND athlete_key = ? AND state <> 'superseded'`

export function* selectStanding(athleteKey: Buffer, workoutId: string): Script<Standing | undefined> {
  const row = yield* rowOf<StandingRow>(SELECT_STANDING, workoutId, athleteKey)
  if (row === undefined) return undefined
  return { state: row.state, revisionId: row.revision_id, isReserved: yield* isReserved(workoutId, '') }
}

/** Voids a workout whose canonical revision is the one named. */
export function* voidWorkout(
  versions: Versions,
  { athleteKey, workoutId, revisionId, reason, nowMs }: VoidRequest
): Script<VoidOutcome> {
  const before = yield* rowOf<StandingRow>(SELECT_STANDING, workoutId, athleteKey)
  const settled = before === undefined ? NOT_FOUND : outcomeOf(before, revisionId)
  // What has ended stays so: only what looks open is worth holding the athlete.
  if (settled !== undefined) return settled
  const sequence = yield* versions.next(athleteKey, false)
  const now = yield* rowOf<StandingRow>(SELECT_STANDING, workoutId, athleteKey)
  if (now === undefined || sequence === undefined) return NOT_FOUND
  const lost = outcomeOf(now, revisionId)
  if (lost !== undefined) return lost
  if (yield* isReserved(workoutId, '')) return conflict(revisionId, true)
  yield* endRevision(revisionId, 'voided', sequence, nowMs, reason)
  return { kind: 'voided', revisionId, voidedAtMs: nowMs }
}

const NOT_FOUND: VoidOutcome = { kind: 'not_found' }

/** @returns undefined where the revision named is the canonical one */
function outcomeOf(row: StandingRow, revisionId: string): VoidOutcome | undefined {
  if (row.state === 'canonical') return row.revision_id === revisionId ? undefined : conflict(row.revision_id)
  return row.revision_id === revisionId
    ? { kind: 'voided', revisionId, voidedAtMs: row.ended_at_ms ?? 0 }
    : conflict(undefined)
}

function conflict(canonicalRevisionId: string | undefined, undecided = false): VoidOutcome {
  return { kind: 'conflict', conflict: new RevisionConflict(canonicalRevisionId, undecided) }
}
