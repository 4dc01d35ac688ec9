import type { Ledger, PendingPayment } from '../ledger/ledger.ts'
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
}

/**
 * Ends payments whose money was under way when nobody lived to see it: what the chain shows as paid is captured, what
 * can never be paid is released, and the rest is looked at again. One round, oldest first, one after the other.
 * @throws LedgerUnavailable
 */
export async function reconcile(ledger: Ledger, rails: readonly Rail[]): Promise<Reconciled> {
  const counts = { captured: 0, released: 0, left: 0 }
  for (const payment of await ledger.pendingPayments(MINIMUM_AGE_MS, ROUND))
    counts[await reconcileOne(ledger, rails, payment)] += 1
  return counts
}

async function reconcileOne(
  ledger: Ledger,
  rails: readonly Rail[],
  payment: PendingPayment
): Promise<keyof Reconciled> {
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
