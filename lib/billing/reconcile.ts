import { type Ledger, LedgerUnavailable, type PendingPayment } from '../ledger/ledger.ts'
import type { Rail } from './rail.ts'

/** A settlement younger than this may still be at work, here or in another instance. */
const MINIMUM_AGE_MS = 15_000
/** Looked at in one round; the rest waits for the next. */
const ROUND = 50
/** Each may take as long as a settlement's limit: after so many in vain, a round only asks what became of the others. */
const VAIN_SETTLEMENTS = 5

/** What one round has done, for the log. */
export interface Reconciled {
  readonly captured: number
  readonly released: number
  /** Still not known, or not dead yet. */
  readonly left: number
  /** Where the next round begins: past those that were left, so that they hide nobody; 0 once all were looked at. */
  readonly next: number
}

/**
 * Ends payments that a crash, a timeout or a lost response has left pending: money that has moved is captured, money
 * that still can move is taken by the proof that was kept, and what can never be paid is released. The rest is looked at
 * again. One round, oldest first, one after the other.
 * @param from how many of the oldest were looked at in the rounds before
 * @param isOver true once the service stops: each look may take seconds
 * @throws LedgerUnavailable
 */
export async function reconcile(
  ledger: Ledger,
  rails: readonly Rail[],
  from: number,
  isOver: () => boolean
): Promise<Reconciled> {
  const counts = { captured: 0, released: 0, untouched: 0, tried: 0 }
  const payments = (await ledger.pendingPayments(MINIMUM_AGE_MS, from + ROUND)).slice(from)
  for (const payment of payments) {
    if (isOver()) break
    try {
      counts[await reconcileOne(ledger, rails, payment, counts.tried < VAIN_SETTLEMENTS)] += 1
    } catch (error) {
      if (error instanceof LedgerUnavailable) throw error
      // One row that cannot be ended keeps nobody else waiting; it stays on the books as owed.
      counts.untouched += 1
    }
  }
  const { captured, released, untouched, tried } = counts
  // What was tried is as young as a new payment now, and no longer among the oldest.
  const next = payments.length < ROUND ? 0 : from + untouched
  return { captured, released, left: untouched + tried, next }
}

/** @param maySettle false where only its outcome is asked for */
async function reconcileOne(
  ledger: Ledger,
  rails: readonly Rail[],
  payment: PendingPayment,
  maySettle: boolean
): Promise<'captured' | 'released' | 'untouched' | 'tried'> {
  const rail = rails.find(({ name }) => name === payment.rail)
  const found = await rail?.resolve?.(payment)
  switch (found?.kind) {
    case 'settled':
      await ledger.capturePending(payment.proofKey, found.reference)
      return 'captured'
    case 'dead':
      await ledger.releasePending(payment.proofKey)
      return 'released'
    case 'open': {
      if (!maySettle || payment.proof === undefined || rail?.settlePending === undefined) return 'untouched'
      if (!(await ledger.resumeSettling(payment))) return 'tried'
      const settlement = await rail.settlePending(payment)
      // A refusal now may only mean that it was taken before: the next round finds out.
      if (settlement.kind !== 'settled') return 'tried'
      await ledger.capturePending(payment.proofKey, settlement.reference)
      return 'captured'
    }
    default:
      return 'untouched'
  }
}
