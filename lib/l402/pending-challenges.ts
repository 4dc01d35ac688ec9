import type { Challenge } from '../billing/rail.ts'

interface Pending {
  readonly challenge: Challenge
  readonly reusableUntilMs: number
}

const MAX_PENDING = 20_000

/**
 * Challenges that are out and unpaid. The same client asking the same thing gets the same one again, so that a retry
 * loop does not empty the invoice pool.
 */
export class PendingChallenges {
  readonly #byKey = new Map<string, Pending>()
  readonly #keyByPaymentHash = new Map<string, string>()

  get(key: string, nowMs: number): Challenge | undefined {
    const pending = this.#byKey.get(key)
    return pending !== undefined && nowMs < pending.reusableUntilMs ? pending.challenge : undefined
  }

  add(key: string, paymentHash: string, challenge: Challenge, reusableUntilMs: number): void {
    if (this.#byKey.size >= MAX_PENDING) this.#byKey.delete(this.#byKey.keys().next().value!)
    if (this.#keyByPaymentHash.size >= MAX_PENDING)
      this.#keyByPaymentHash.delete(this.#keyByPaymentHash.keys().next().value!)
    this.#byKey.set(key, { challenge, reusableUntilMs })
    this.#keyByPaymentHash.set(paymentHash, key)
  }

  /** Forgets a paid challenge: its invoice must not be offered again. */
  forget(paymentHash: string): void {
    const key = this.#keyByPaymentHash.get(paymentHash)
    if (key === undefined) return
    this.#keyByPaymentHash.delete(paymentHash)
    this.#byKey.delete(key)
  }
}
