import { EventChannel } from '../observe/event-channel.ts'
import type { WorkoutRecord } from '../workouts/workout-record.ts'

/** The finished answer to a paid request, byte for byte as it left. */
export interface StoredAnswer {
  readonly status: number
  readonly body: string
  /** Whom it is about, where no workout's record says so: erasing the athlete drops it. sha256 of the UUID in lower case. */
  readonly athleteKey?: Buffer
}

/** A proof that is about to buy one answer. */
export interface ClaimRequest {
  /** `<rail>:<reference>`, lower case. */
  readonly proofKey: string
  readonly rail: string
  /** Request fingerprint, 64 hex digits. */
  readonly fingerprint: string
  readonly route: string
  readonly amountAtomic: bigint
  readonly asset: string
  /** Unix milliseconds until which the answer can be asked for again. */
  readonly answerKeptUntilMs: number
  /** sha256 of the whole proof, where its key alone is public (x402: a chain shows payer and nonce to everyone). */
  readonly proofDigest?: Buffer | undefined
  /** Name of the purchase chosen by the payer: another proof with the same name is the same purchase. 64 hex digits. */
  readonly purchaseKey?: string | undefined
  /** Who pays where the rail knows (x402: the payer's address), for the books. */
  readonly payer?: string | undefined
  /** Who is paid where the rail can be told to pay another one later (x402: `payTo`). */
  readonly payee?: string | undefined
  /** Unix seconds after which the proof can no longer be settled (x402: `validBefore`). */
  readonly settleBeforeSeconds?: bigint | undefined
  /**
   * What the rail needs to take the money, in its own form: kept in the row while the payment is pending, so that it can
   * be settled without its client. It pays nobody but the payee, and is logged nowhere.
   */
  readonly proof?: string | undefined
  /** True where no row is to be expected, so that none is looked for; one that is there all the same decides at the capture. */
  readonly isFirstUse?: boolean
}

/** A held claim: captured or released exactly once. */
export interface Claim {
  readonly request: ClaimRequest
  readonly claimedAtMs: number
}

/** A delivered or deliverable purchase as the ledger keeps it. */
export interface Purchase {
  readonly proofKey: string
  readonly fingerprint: string
  readonly proofDigest: Buffer | undefined
  readonly answer: StoredAnswer | undefined
  /** What the rail gave for the money it took (x402: the transaction's hash). */
  readonly settlement: string | undefined
  /** True once an answer has left completely. */
  readonly delivered: boolean
  readonly payer: string | undefined
  readonly purchaseKey: string | undefined
}

/** A payment whose money may be under way, as the reconciler sees it. */
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
  /** What settles it without its client, where it has been kept. */
  readonly proof: string | undefined
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** Bought before, by this proof or by another one under the same purchase key. Its answer may have been dropped. */
  | { readonly kind: 'captured'; readonly purchase: Purchase }
  /** The same purchase runs now; `finished` resolves with its answer, or undefined when it was released. */
  | { readonly kind: 'running'; readonly claim: Claim; readonly finished: Promise<StoredAnswer | undefined> }
  /** Its money may be under way, and nobody in this process is at it: a crash, another instance, or a lost answer. */
  | { readonly kind: 'pending'; readonly payment: PendingPayment; readonly purchase: Purchase }
  /** The proof, or the purchase key, belongs to another request. */
  | { readonly kind: 'other_request' }

/**
 * One row per proof, so that one payment buys exactly one answer.
 * Every member throws `LedgerUnavailable` when nothing can be written down.
 *
 * A claim is held in memory: a crash before money moves leaves the proof unconsumed, which is what it is. A rail that
 * takes its money after computing calls `beginSettling` first: from there the row is durable, holds the answer, and
 * ends as `captured` or `released` even when this process does not live to see it.
 */
export interface Ledger {
  /** What was bought before is found while nothing new can be written down. */
  claim(request: ClaimRequest): ClaimOutcome | Promise<ClaimOutcome>
  /**
   * Makes the answer durable and the payment consumed, together with the workout's record, in one transaction.
   * Resolves after the bytes are on disk, with the answer that counts: this object, or another instance's answer where
   * it was faster.
   * After `beginSettling` the answer and the record are the ones written there.
   * @throws RevisionConflict when the record's revision was superseded or voided meanwhile; the claim has ended, and
   *   the row is kept as `released` with what was paid, since a rail that is paid first has the client's money
   */
  capture(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord, settlement?: string): Promise<StoredAnswer>
  /**
   * Writes down the answer and the record, in state `settling`, before money moves. Reserves the revised workout.
   * @throws RevisionConflict as `capture`, with nothing written and the claim ended
   */
  beginSettling(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord): Promise<void>
  /** Gives the proof back, unconsumed. A row that was `settling` or `unknown` becomes `released`. */
  release(claim: Claim): void | Promise<void>
  /**
   * The money has come, and buys nothing any more: the row is kept as `released` with what was paid, the claim ends. It
   * may come again, and buy then.
   */
  keepAsOwed(claim: Claim): Promise<void>
  /** Nobody knows whether the money moved: the row becomes `unknown`, the claim ends. */
  leaveUnknown(claim: Claim): Promise<void>
  /** Rows `settling` or `unknown` that no claim of this process holds, untouched for `minimumAgeMs`; oldest first. */
  pendingPayments(minimumAgeMs: number, limit: number): Promise<PendingPayment[]>
  /**
   * Takes a pending payment up before it is settled again: it is as young as a new one, and others leave it alone.
   * @returns false where another process has taken it up, or it is no longer pending
   */
  resumeSettling(payment: PendingPayment): Promise<boolean>
  /** Ends a pending row as `captured`, with its record, once. @returns the purchase that counts */
  capturePending(proofKey: string, settlement: string): Promise<Purchase>
  /** Ends a pending row as `released`: the chain shows that no money moved and none can. */
  releasePending(proofKey: string): Promise<void>
  /** The answer has left completely: it is not given again for the bare proof. Lazy, and lost in a crash. */
  markDelivered(proofKey: string): void
  /**
   * Drops answers whose time is over, a bounded number at a time.
   * @param notAfterMs a time that is surely past, where the clock may have jumped ahead
   * @returns how many
   */
  dropExpiredAnswers(limit: number, notAfterMs?: number): number | Promise<number>
  /** Whether a proof has a row, written by whatever instance and whatever became of it. */
  isKnown(proofKey: string): boolean | Promise<boolean>
  /** True when a write would be taken now, as far as is known; load alone changes nothing here. */
  isWritable(): boolean
  /** @throws LedgerUnavailable where nothing new can be bought: nothing is to be offered either */
  assertTakesClaims(): void
  close(): Promise<void>
}

/** Nothing can be written down now, so nothing may be sold. */
export class LedgerUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LedgerUnavailable'
  }
}

/** Another process holds the proof, and may be taking its money at this moment. */
export class ProofHeldElsewhere extends LedgerUnavailable {
  constructor() {
    super('the proof is held by another process')
    this.name = 'ProofHeldElsewhere'
  }
}

/** Money that was taken, once it is written down. */
export interface TakenEvent {
  readonly rail: string
  readonly asset: string
  /** In the asset's smallest unit. */
  readonly amountAtomic: bigint
}

export const takenEvents = new EventChannel<TakenEvent>('taken')
