/** The finished answer to a paid request, byte for byte as it left. */
export interface StoredAnswer {
  readonly status: number
  readonly body: string
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
}

/** A completed workout, to be stored in the transaction that captures its payment. */
export interface WorkoutRecord {
  readonly workoutId: string
  readonly revisionId: string
  /** sha256 of the athlete's UUID in lower case: found by who knows the UUID, told to nobody. */
  readonly athleteKey: Buffer
  readonly performedDate: string
  /** The request without the athlete's UUID, as JSON. */
  readonly requestJson: string
}

/** A held claim: captured or released exactly once. */
export interface Claim {
  readonly request: ClaimRequest
  readonly claimedAtMs: number
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** Delivered before: the same answer again. */
  | { readonly kind: 'captured'; readonly answer: StoredAnswer }
  /** Delivered before, but the answer's time is over and it was dropped. */
  | { readonly kind: 'answer_dropped' }
  /** The same purchase runs now; `finished` resolves with its answer, or undefined when it was released. */
  | { readonly kind: 'running'; readonly finished: Promise<StoredAnswer | undefined> }
  /** The proof belongs to another request. */
  | { readonly kind: 'other_request' }

/**
 * One row per proof, so that one payment buys exactly one answer.
 * Every member throws `LedgerUnavailable` when nothing can be written down.
 */
export interface Ledger {
  claim(request: ClaimRequest): ClaimOutcome | Promise<ClaimOutcome>
  /**
   * Makes the answer durable and the payment consumed, together with the workout's record, in one transaction.
   * Resolves after the bytes are on disk, with the answer that counts: another instance's, where it was faster.
   */
  capture(claim: Claim, answer: StoredAnswer, record?: WorkoutRecord): Promise<StoredAnswer>
  /** Gives the proof back, unconsumed. */
  release(claim: Claim): void
  /** Drops answers whose time is over, a bounded number at a time. @returns how many */
  dropExpiredAnswers(limit: number): number | Promise<number>
  /** True when a write would be taken now. */
  isWritable(): boolean
  close(): Promise<void>
}

/** Nothing can be written down now, so nothing may be sold. */
export class LedgerUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LedgerUnavailable'
  }
}
