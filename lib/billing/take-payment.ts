import type { Claim, Ledger, StoredAnswer } from '../ledger/ledger.ts'
import { DeliveredElsewhere, LedgerUnavailable, ProofHeldElsewhere } from '../ledger/ledger.ts'
import type { WorkoutRecord } from '../workouts/workout-record.ts'
import type { Authorisation, Settlement } from './rail.ts'

/** How a computed answer was paid for. */
export type TakeOutcome =
  | {
      readonly kind: 'captured'
      readonly answer: StoredAnswer
      readonly settlement: string | undefined
      /** True if another process sold it first: that answer counts. */
      readonly isReplay: boolean
    }
  /** Definite: nothing was taken, and the answer is withheld. */
  | Extract<Settlement, { kind: 'refused' }>
  /** Another process delivers the answer of this payment. */
  | { readonly kind: 'running' }
  /** The same payment collects the answer once the outcome is known. */
  | { readonly kind: 'settlement_pending' }

/**
 * Settles the payment if the rail has not yet, and stores the answer; both before the answer is sent. A deferred
 * payment's answer is on disk before its money moves, so that no crash loses a paid answer.
 * @throws LedgerUnavailable, RevisionConflict: this call took nothing
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
    // Another instance is settling this payment; its outcome is unknown here.
    if (error instanceof ProofHeldElsewhere) return { kind: 'settlement_pending' }
    throw error
  }
  const settlement = await deferred.settle()
  try {
    switch (settlement.kind) {
      case 'settled': {
        const { reference } = settlement
        const counts = await ledger.capture(claim, answer, record, reference)
        // The answer stored when settling began is the one that counts, whoever completes it.
        return { kind: 'captured', answer: counts, settlement: reference, isReplay: false }
      }
      case 'refused':
        await ledger.release(claim)
        return settlement
      case 'unknown':
        await ledger.leaveUnknown(claim)
    }
  } catch (error) {
    if (error instanceof DeliveredElsewhere) return { kind: 'running' }
    // The row is durable and `settling`: the client's retry or the reconciler completes it.
    if (!(error instanceof LedgerUnavailable)) throw error
  }
  return { kind: 'settlement_pending' }
}
