/**
 * The pool gives its newest first: what lies at its bottom may be handed out long after thousands of newer ones, and
 * must still be known here.
 */
const MAX_INVOICES = 20_000

export type PayRefusal = 'unknown' | 'expired' | 'already_paid'

/** Why the development wallet does not pay an invoice. */
export class PayError extends Error {
  override readonly name = 'PayError'
  readonly code: PayRefusal

  constructor(code: PayRefusal) {
    super(`the invoice can't be paid: ${code}`)
    this.code = code
  }
}

/** Proof of a payment: preimage and payment hash as 64 hex digits. */
export interface Payment {
  readonly preimage: string
  readonly paymentHash: string
  readonly amountSats: number
}

interface Issued extends Payment {
  readonly expiresAtMs: number
}

/** Remembers issued invoices with their preimages until they are paid, or pushed out by 20,000 newer ones. */
export class EmbeddedWallet {
  readonly #now: () => number
  readonly #issued = new Map<string, Issued | 'paid'>()

  constructor(now: () => number) {
    this.#now = now
  }

  add(bolt11: string, issued: Issued): void {
    this.#issued.set(bolt11, issued)
    // A Map keeps the order of insertion: its first key is the oldest invoice.
    if (this.#issued.size > MAX_INVOICES) this.#issued.delete(this.#issued.keys().next().value!)
  }

  /** Pays an invoice of this wallet once. Throws `PayError`. */
  pay(bolt11: string): Payment {
    const key = bolt11.toLowerCase()
    const issued = this.#issued.get(key)
    if (issued === undefined) throw new PayError('unknown')
    if (issued === 'paid') throw new PayError('already_paid')
    if (issued.expiresAtMs <= this.#now()) throw new PayError('expired')
    this.#issued.set(key, 'paid')
    const { preimage, paymentHash, amountSats } = issued
    return { preimage, paymentHash, amountSats }
  }
}
