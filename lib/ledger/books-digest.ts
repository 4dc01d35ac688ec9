import { createHash } from 'node:crypto'
import type { BookedPayment } from './books.ts'

const SPACE = 1n << 256n

/** What a set of books comes to; two that are equal have the same digest. */
export interface BooksDigest {
  readonly payments: number
  /** 64 hex digits: the sum of each payment's SHA-256, so that the order in which a database lists them is no matter. */
  readonly digest: string
}

/** Reads every payment with its state and amount. */
export async function digestOf(payments: AsyncIterable<BookedPayment>): Promise<BooksDigest> {
  let count = 0
  let sum = 0n
  for await (const { proofKey, rail, asset, state, amountAtomic, claimedAtMs, payer, settlement } of payments) {
    const facts = [proofKey, rail, asset, state, String(amountAtomic), claimedAtMs, payer ?? null, settlement ?? null]
    sum = (sum + BigInt(`0x${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`)) % SPACE
    count += 1
  }
  return { payments: count, digest: sum.toString(16).padStart(64, '0') }
}
