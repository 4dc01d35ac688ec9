import type { PreparedInvoice } from './l402-rail.ts'

interface Pending {
  readonly prepared: PreparedInvoice
  readonly reusableUntilMs: number
}

const MAX_PENDING = 4096

/**
 * Invoices that are out and unpaid. The same client asking the same thing gets the same one again, so that a retry
 * loop does not empty the invoice pool. Tokens are not kept: they come out the same when made again.
 */
export class PendingChallenges {
  readonly #byKey = new Map<string, Pending>()
  readonly #keyByPaymentHash = new Map<string, string>()

  get(key: string, nowMs: number): PreparedInvoice | undefined {
    const pending = this.#byKey.get(key)
    return pending !== undefined && nowMs < pending.reusableUntilMs ? pending.prepared : undefined
  }

  add(key: string, prepared: PreparedInvoice, nowMs: number): void {
    dropOldest(this.#byKey)
    dropOldest(this.#keyByPaymentHash)
    // Half of the time left: whoever gets it again can still pay without haste.
    this.#byKey.set(key, { prepared, reusableUntilMs: nowMs + (prepared.expiresAtMs - nowMs) / 2 })
    this.#keyByPaymentHash.set(prepared.paymentHash, key)
  }

  /** Forgets a paid invoice: it must not be offered again. */
  forget(paymentHash: string): void {
    const key = this.#keyByPaymentHash.get(paymentHash)
    if (key === undefined) return
    this.#keyByPaymentHash.delete(paymentHash)
    this.#byKey.delete(key)
  }
}

/** A Map keeps the order of insertion: its first key is the oldest. */
function dropOldest(map: Map<string, unknown>): void {
  if (map.size >= MAX_PENDING) map.delete(map.keys().next().value!)
}
