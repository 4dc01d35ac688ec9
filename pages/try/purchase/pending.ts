import type { Offer, Proof } from './offer.ts'
import { forget, keep, kept } from './storage.ts'

/** A purchase without an answer yet. It outlives the page, because a lost proof is lost money. */
export interface Pending {
  /** Where it is bought, such as `/v1/compute-power`. */
  readonly path: string
  /** The bytes of the request, to which the proof is bound. */
  readonly body: string
  readonly offer?: Offer
  readonly proof?: Proof
  readonly askedAtMs: number
}

const NAME = 'purchase'
/** A paid proof works for a day. */
const LONGEST_MS = 86_400_000

export function keepPending(pending: Pending): void {
  keep(NAME, pending)
}

export function pendingPurchase(nowMs: number): Pending | undefined {
  const pending = kept<Pending>(NAME)
  if (pending === undefined) return undefined
  const expires = pending.offer?.invoice_expires_at
  const isOver = pending.proof === undefined && (expires === undefined || Date.parse(expires) <= nowMs)
  if (!isOver && nowMs - pending.askedAtMs < LONGEST_MS) return pending
  forgetPending()
  return undefined
}

export function forgetPending(): void {
  forget(NAME)
}
