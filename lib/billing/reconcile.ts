import { type Ledger, LedgerUnavailable, type PendingPayment } from '../ledger/ledger.ts'
import type { Rail } from './rail.ts'

/** A younger settlement may still be running, here or in another instance. */
const MINIMUM_AGE_MS = 15_000
/** Payments handled in one round; the rest waits for the next. */
const ROUND = 50
/** Each attempt may take as long as a settlement's limit: after this many failures a round only looks up outcomes. */
const VAIN_SETTLEMENTS = 5

/** The result of one round, for the log. */
export interface Reconciled {
  readonly captured: number
  readonly released: number
  /** Outcome still unknown, or not expired yet. */
  readonly left: number
  /**
   * Offset of the next round: past the unresolved payments, so that they do not block later ones; 0 after all were
   * handled.
   */
  readonly next: number
}

/**
 * Resolves payments that a crash, a timeout or a lost response left pending: a settled payment is captured, one that
 * can still settle is settled with the stored proof, an expired one is released. The rest is retried. One round, oldest
 * first, sequentially.
 * @param from how many of the oldest the previous rounds handled
 * @param isOver true once the service stops: each attempt may take seconds
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
      // A row that cannot be resolved does not block others; it stays on the books as owed.
      counts.untouched += 1
    }
  }
  const { captured, released, untouched, tried } = counts
  // A tried payment counts as new again and is no longer among the oldest.
  const next = payments.length < ROUND ? 0 : from + untouched
  return { captured, released, left: untouched + tried, next }
}

/** @param maySettle false to look up the outcome only */
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
      // A refusal may only mean that the payment was taken before: the next round finds out.
      if (settlement.kind !== 'settled') return 'tried'
      await ledger.capturePending(payment.proofKey, settlement.reference)
      return 'captured'
    }
    default:
      return 'untouched'
  }
}
