import type { PreparedInvoice } from './l402-rail.ts'

interface Pending {
  readonly prepared: PreparedInvoice
  readonly reusableUntilMs: number
}

/** The newest this many are remembered at least, twice as many at most. */
const GENERATION = 2048

/**
 * Invoices that are out and unpaid. The same client asking the same thing gets the same one again, so that a retry
 * loop does not empty the invoice pool. Tokens are not kept: they come out the same when made again.
 */
export class PendingChallenges {
  readonly #byKey = new TwoGenerations<Pending>()
  readonly #keyByPaymentHash = new TwoGenerations<string>()

  get(key: string, nowMs: number): PreparedInvoice | undefined {
    const pending = this.#byKey.get(key)
    return pending !== undefined && nowMs < pending.reusableUntilMs ? pending.prepared : undefined
  }

  add(key: string, prepared: PreparedInvoice, nowMs: number): void {
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

/**
 * A map that drops its oldest entries by whole generations. Dropping them one by one would look for the oldest among
 * the holes that the dropped ones left, thousands of them.
 */
class TwoGenerations<T> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  get(key: string): T | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: string, value: T): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
