import { EventChannel } from '../observe/event-channel.ts'
import type { WorkoutRecord } from '../workouts/workout-record.ts'

/** The finished answer to a paid request, byte for byte as sent. */
export interface StoredAnswer {
  readonly status: number
  readonly body: string
  /**
   * The athlete, if no workout record names it: erasing the athlete drops the answer. sha256 of the UUID in lower case.
   */
  readonly athleteKey?: Buffer
}

/** A proof about to buy one answer. */
export interface ClaimRequest {
  /** `<rail>:<reference>`, lower case. */
  readonly proofKey: string
  readonly rail: string
  /** Request fingerprint, 64 hex digits. */
  readonly fingerprint: string
  readonly route: string
  readonly amountAtomic: bigint
  readonly asset: string
  /** Unix milliseconds until which the answer can be fetched again. */
  readonly answerKeptUntilMs: number
  /** sha256 of the whole proof, if its key is public (x402: a chain shows payer and nonce to everyone). */
  readonly proofDigest?: Buffer | undefined
  /** Name of the purchase chosen by the payer: another proof with the same name is the same purchase. 64 hex digits. */
  readonly purchaseKey?: string | undefined
  /** The payer if the rail knows (x402: the payer's address), for the books. */
  readonly payer?: string | undefined
  /** The payee, if settings can change it later (x402: `payTo`). */
  readonly payee?: string | undefined
  /** Unix seconds after which the proof can no longer be settled (x402: `validBefore`). */
  readonly settleBeforeSeconds?: bigint | undefined
  /**
   * What the rail needs to settle, in its own form: stored in the row while the payment is pending, so that it can be
   * settled without its client. It pays only the payee and is never logged.
   */
  readonly proof?: string | undefined
  /** True if the answer is delivered on one connection at a time: the capture holds its delivery for this process. */
  readonly isDeliveredOnce?: boolean | undefined
  /** True if no row is expected, so that none is read; an existing one still decides at the capture. */
  readonly isFirstUse?: boolean | undefined
}

/** A held claim; it is captured or released exactly once. */
export interface Claim {
  readonly request: ClaimRequest
  readonly claimedAtMs: number
}

/** A completed purchase in the ledger. */
export interface Purchase {
  readonly proofKey: string
  readonly fingerprint: string
  readonly proofDigest: Buffer | undefined
  readonly answer: StoredAnswer | undefined
  /** The rail's settlement reference (x402: the transaction hash). */
  readonly settlement: string | undefined
  /** True once an answer has been sent completely. */
  readonly delivered: boolean
  /** True while another process may be delivering the answer of a payment that is delivered once. */
  readonly isHeldElsewhere: boolean
  readonly payer: string | undefined
  readonly purchaseKey: string | undefined
}

/** A pending payment, as the reconciler sees it. */
export interface PendingPayment {
  readonly proofKey: string
  readonly rail: string
  readonly state: 'settling' | 'unknown'
  readonly amountAtomic: bigint
  readonly asset: string
  readonly payer: string | undefined
  readonly payee: string | undefined
  readonly settleBeforeSeconds: bigint | undefined
  readonly settlingSinceMs: number
  /** What settles it without its client, if stored. */
  readonly proof: string | undefined
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** Already bought by this proof or another one under the same purchase key. Its answer may have been dropped. */
  | { readonly kind: 'captured'; readonly purchase: Purchase }
  /** The same purchase is running; `finished` resolves with its answer, or undefined if it is released. */
  | { readonly kind: 'running'; readonly claim: Claim; readonly finished: Promise<StoredAnswer | undefined> }
  /** It may be settling, but not in this process: after a crash, in another instance, or with a lost response. */
  | { readonly kind: 'pending'; readonly payment: PendingPayment; readonly purchase: Purchase }
  /** The proof, or the purchase key, belongs to another request. */
  | { readonly kind: 'other_request' }

/**
 * One row per proof, so that one payment buys exactly one answer. Every member throws `LedgerUnavailable` if nothing
 * can be recorded.
 *
 * A claim is held in memory: a crash before money moves correctly leaves the proof unconsumed. A rail that settles
 * after computing calls `beginSettling` first: from then on the row is durable, holds the answer, and ends as
 * `captured` or `released` even if this process dies.
 */
export interface Ledger {
  /** Completed purchases are found even while nothing new can be recorded. */
  claim(request: ClaimRequest): ClaimOutcome | Promise<ClaimOutcome>
  /**
   * Stores the answer, consumes the payment and stores the workout's record in one transaction. Resolves once it is on
   * disk, with the answer that counts: this object, or another instance's if that was faster. After `beginSettling` the
   * answer and the record are the ones stored there.
   * @throws RevisionConflict if the record's revision was superseded or voided meanwhile; the claim has ended, and the
   *   row is kept as `released` with the amount, because a prepaid rail has the client's money
   * @throws DeliveredElsewhere if the answer is captured and another process delivers it
   */
  capture(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord, settlement?: string): Promise<StoredAnswer>
  /**
   * Stores the answer and the record in state `settling` before money moves. Reserves the revised workout.
   * @throws RevisionConflict as `capture`, with nothing stored and the claim ended
   */
  beginSettling(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord): Promise<void>
  /** Releases the proof unconsumed. A `settling` or `unknown` row becomes `released`. */
  release(claim: Claim): void | Promise<void>
  /**
   * The payment arrived but buys nothing: the row is kept as `released` with the amount, and the claim ends. The proof
   * may come again and buy then.
   */
  keepAsOwed(claim: Claim): Promise<void>
  /** The outcome is unknown: the row becomes `unknown`, and the claim ends. */
  leaveUnknown(claim: Claim): Promise<void>
  /** `settling` or `unknown` rows without a claim in this process, untouched for `minimumAgeMs`; oldest first. */
  pendingPayments(minimumAgeMs: number, limit: number): Promise<PendingPayment[]>
  /**
   * Renews a pending payment before it is settled again: it counts as new, so other processes leave it alone.
   * @returns false if another process has renewed it, or it is no longer pending
   */
  resumeSettling(payment: PendingPayment): Promise<boolean>
  /** Ends a pending row as `captured`, with its record, once. @returns the purchase that counts */
  capturePending(proofKey: string, settlement: string): Promise<Purchase>
  /** Ends a pending row as `released`: the chain proves that no money moved or can move. */
  releasePending(proofKey: string): Promise<void>
  /** Marks an answer as completely sent: the bare proof does not fetch it again. Lazy; lost in a crash. */
  markDelivered(proofKey: string): void
  /**
   * Holds a captured answer for a response of this process, until `markDelivered` or `releaseDelivery`. While nothing
   * can be recorded, it is held against this process only, so that a paid answer stays collectable.
   * @returns false if it was delivered, or another process holds it
   */
  holdDelivery(proofKey: string): boolean | Promise<boolean>
  /** True if a stalled process has lost its hold: it must no longer send the answer. */
  hasLostDelivery(proofKey: string): boolean
  /** Ends the hold of a response that closed before the whole answer was sent. */
  releaseDelivery(proofKey: string): void
  /**
   * Drops expired answers, a bounded number at a time.
   * @param notAfterMs a time certainly in the past, in case the clock jumped ahead
   * @returns how many
   */
  dropExpiredAnswers(limit: number, notAfterMs?: number): number | Promise<number>
  /** Whether a proof has a row, from any instance and in any state. */
  isKnown(proofKey: string): boolean | Promise<boolean>
  /** Whether a write would be accepted, as far as is known; load does not count. */
  isWritable(): boolean
  /** @throws LedgerUnavailable if nothing new can be sold, so nothing is offered either */
  assertTakesClaims(): void
  close(): Promise<void>
}

/** Nothing can be recorded, so nothing may be sold. */
export class LedgerUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LedgerUnavailable'
  }
}

/** Another process holds the proof and may be settling it. */
export class ProofHeldElsewhere extends LedgerUnavailable {
  constructor() {
    super('the proof is held by another process')
    this.name = 'ProofHeldElsewhere'
  }
}

/** A captured payment, once recorded. */
export interface TakenEvent {
  readonly rail: string
  readonly asset: string
  /** In the asset's smallest unit. */
  readonly amountAtomic: bigint
}

export const takenEvents = new EventChannel<TakenEvent>('taken')

/** The payment has bought its answer; another process delivers it. */
export class DeliveredElsewhere extends Error {
  constructor() {
    super('the answer is delivered by another process')
    this.name = 'DeliveredElsewhere'
  }
}
