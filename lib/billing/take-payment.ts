import type { Claim, Ledger, StoredAnswer } from '../ledger/ledger.ts'
import { LedgerUnavailable, ProofHeldElsewhere } from '../ledger/ledger.ts'
import type { WorkoutRecord } from '../workouts/workout-record.ts'
import type { Authorisation, Settlement } from './rail.ts'

/** How the money of a computed answer was taken. */
export type TakeOutcome =
  | {
      readonly kind: 'captured'
      readonly answer: StoredAnswer
      readonly settlement: string | undefined
      /** True where another process had sold it before: its answer counts. */
      readonly isReplay: boolean
    }
  /** Definite: nothing was taken, and the answer is not given away. */
  | Extract<Settlement, { kind: 'refused' }>
  /** The same payment collects the answer once it is known. */
  | { readonly kind: 'settlement_pending' }

/**
 * Takes the money where the rail has not yet, and writes the answer down; both before the answer leaves. A deferred
 * payment's answer is on disk before its money moves, so that no crash can lose what was paid for.
 * @throws LedgerUnavailable, RevisionConflict: nothing was taken by this call
 */
export async function takePayment(
  ledger: Ledger,
  claim: Claim,
  { deferred }: Authorisation,
  answer: StoredAnswer,
  record: WorkoutRecord | undefined
): Promise<TakeOutcome> {
  if (deferred === undefined) {
    const counts = await ledger.capture(claim, answer, record)
    return { kind: 'captured', answer: counts, settlement: undefined, isReplay: counts !== answer }
  }
  try {
    await ledger.beginSettling(claim, answer, record)
  } catch (error) {
    // Another instance has begun to take this very payment: it is not known here whether the money moves.
    if (error instanceof ProofHeldElsewhere) return { kind: 'settlement_pending' }
    throw error
  }
  const settlement = await deferred.settle()
  try {
    switch (settlement.kind) {
      case 'settled': {
        const { reference } = settlement
        const counts = await ledger.capture(claim, answer, record, reference)
        // What was written down when settling began is the answer, whoever ends it.
        return { kind: 'captured', answer: counts, settlement: reference, isReplay: false }
      }
      case 'refused':
        await ledger.release(claim)
        return settlement
      case 'unknown':
        await ledger.leaveUnknown(claim)
    }
  } catch (error) {
    // The row is durable and says `settling`: whoever comes next, client or reconciler, ends it.
    if (!(error instanceof LedgerUnavailable)) throw error
  }
  return { kind: 'settlement_pending' }
}
