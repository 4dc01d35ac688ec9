import { type Ledger, LedgerUnavailable, type PendingPayment } from '../ledger/ledger.ts'
import type { Rail } from './rail.ts'

/** A settlement younger than this may still be at work, here or in another instance. */
const MINIMUM_AGE_MS = 15_000
/** Looked at in one round; the rest waits for the next. */
const ROUND = 50

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
 * Ends payments whose money was under way when nobody lived to see it: what the chain shows as paid is captured, what
 * can never be paid is released, and the rest is looked at again. One round, oldest first, one after the other.
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
  const counts = { captured: 0, released: 0, left: 0 }
  const payments = (await ledger.pendingPayments(MINIMUM_AGE_MS, from + ROUND)).slice(from)
  for (const payment of payments) {
    if (isOver()) break
    try {
      counts[await reconcileOne(ledger, rails, payment)] += 1
    } catch (error) {
      if (error instanceof LedgerUnavailable) throw error
      // One row that cannot be ended keeps nobody else waiting; it stays on the books as owed.
      counts.left += 1
    }
  }
  return { ...counts, next: payments.length < ROUND ? 0 : from + counts.left }
}

async function reconcileOne(
  ledger: Ledger,
  rails: readonly Rail[],
  payment: PendingPayment
): Promise<'captured' | 'released' | 'left'> {
  const rail = rails.find(({ name }) => name === payment.rail)
  const found = await rail?.resolve?.(payment)
  if (found?.kind === 'settled') {
    await ledger.capturePending(payment.proofKey, found.reference)
    return 'captured'
  }
  if (found?.kind === 'dead') {
    await ledger.releasePending(payment.proofKey)
    return 'released'
  }
  return 'left'
}
