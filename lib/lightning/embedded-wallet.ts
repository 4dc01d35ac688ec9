import { createHmac, hash } from 'node:crypto'
import { type DecodedInvoice, decodeInvoice } from './decode-invoice.ts'

/** The number of paid invoices that are remembered; paying an older one returns its preimage again. */
const MAX_PAID = 20_000

export type PayRefusal = 'unknown' | 'expired' | 'already_paid'

/** Why the development wallet does not pay an invoice. */
export class PayError extends Error {
  override readonly name = 'PayError'
  readonly code: PayRefusal

  constructor(code: PayRefusal) {
    super(`the invoice is not payable: ${code}`)
    this.code = code
  }
}

/** Proof of a payment: preimage and payment hash as 64 hex digits. */
export interface Payment {
  readonly preimage: string
  readonly paymentHash: string
  readonly amountSats: number
}

/** The invoice fields from which its preimage is derived. */
export interface InvoiceTerms {
  /** 64 hex digits, random. */
  readonly paymentSecret: string
  readonly amountMsat: bigint
  /** Unix seconds. */
  readonly timestampSeconds: number
  readonly expirySeconds: number
}

interface InvoiceSecret {
  readonly preimage: Buffer
  readonly paymentHash: Buffer
}

/**
 * Recognises its invoices without storing them: a preimage is derived from a key and the invoice's fields, so an
 * invoice with a matching hash is an unchanged one of this wallet.
 */
export class EmbeddedWallet {
  readonly #now: () => number
  readonly #key: Buffer
  /** Payment hashes, oldest first. */
  readonly #paid = new Set<string>()

  /**
   * @param now unix milliseconds
   * @param key 32 random bytes
   */
  constructor(now: () => number, key: Buffer) {
    this.#now = now
    this.#key = key
  }

  /** The preimage of an invoice with these terms, and its hash; 32 bytes each. */
  secretOf({ paymentSecret, amountMsat, timestampSeconds, expirySeconds }: InvoiceTerms): InvoiceSecret {
    const terms = `${paymentSecret} ${amountMsat} ${timestampSeconds} ${expirySeconds}`
    const preimage = createHmac('sha256', this.#key).update(terms).digest()
    return { preimage, paymentHash: hash('sha256', preimage, 'buffer') }
  }

  /** Pays an invoice of this wallet once. Throws `PayError`. */
  pay(bolt11: string): Payment {
    const invoice = readInvoice(bolt11)
    const { paymentSecret, amountMsat, timestampSeconds, expirySeconds } = invoice
    if (paymentSecret === undefined || amountMsat === undefined) throw new PayError('unknown')
    const secret = this.secretOf({ paymentSecret, amountMsat, timestampSeconds, expirySeconds })
    if (!secret.paymentHash.equals(invoice.paymentHash)) throw new PayError('unknown')
    const paymentHash = secret.paymentHash.toString('hex')
    if (this.#paid.has(paymentHash)) throw new PayError('already_paid')
    if ((timestampSeconds + expirySeconds) * 1000 <= this.#now()) throw new PayError('expired')
    this.#paid.add(paymentHash)
    if (this.#paid.size > MAX_PAID) this.#paid.delete(this.#paid.values().next().value!)
    return { preimage: secret.preimage.toString('hex'), paymentHash, amountSats: Number(amountMsat / 1000n) }
  }
}

function readInvoice(bolt11: string): DecodedInvoice {
  try {
    return decodeInvoice(bolt11)
  } catch {
    throw new PayError('unknown')
  }
}
