import { timingSafeEqual } from 'node:crypto'
import {
  type Claim,
  type ClaimOutcome,
  type ClaimRequest,
  type Ledger,
  LedgerUnavailable,
  type PendingPayment,
  type Purchase,
  type StoredAnswer
} from '../ledger/ledger.ts'
import { ProblemError } from '../problems/problem.ts'
import { withDeadline } from '../time/deadline.ts'
import { keptAsOwed } from './billing-problems.ts'
import type { Authorisation, ChargeRequest, DeferredPayment, Rail, Refusal } from './rail.ts'

/** What a proof of payment leads to. */
export type ChargeOutcome =
  /** Compute, then capture or release the claim. */
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly authorisation: Authorisation }
  /** Already computed: the same answer again. */
  | { readonly kind: 'stored'; readonly answer: StoredAnswer; readonly purchase: Receipted }
  /** The proof is rejected: a new offer, with the reason. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The proof is bound to another request; nothing was taken for this one. */
  | { readonly kind: 'conflict'; readonly refusal: Refusal }
  /** The proof is unreadable, and the specification of its rail requires 400. */
  | { readonly kind: 'malformed'; readonly refusal: Refusal }
  /** The same purchase is still running. */
  | { readonly kind: 'running' }
  /** The payment may be settling: never a new offer, because a client that pays again pays twice. */
  | { readonly kind: 'settlement_pending' }

/** The data of a receipt, and the proof whose delivery is recorded. */
export type Receipted = Pick<Purchase, 'proofKey' | 'settlement' | 'payer'>

/**
 * A condition beside the plan that needs the database; throws the client's problem. It runs after the ledger has looked
 * the proof up, so that a completed purchase keeps its answer whatever happened to its workout since.
 */
export type Precondition = () => Promise<void>

/** What a charge needs beside the request. */
export interface ChargeContext {
  readonly precondition?: Precondition | undefined
  /**
   * Claims delivery of the answer of a payment without a purchase name; false if another connection delivers it.
   * Undefined: every copy gets the answer.
   */
  readonly takeAnswer?: (proof: string) => boolean
}

/** How long a copy of a running request waits for its answer. */
const WAIT_FOR_COPY_MS = 10_000
/** A copy takes over when the one it waited for failed; more takeovers than this indicate another fault. */
const MAX_TAKEOVERS = 3
/** A younger settlement may still be running in another instance. */
const SETTLING_ELSEWHERE_MS = 12_000

const consumed = (hint: string): Refusal => ({
  code: 'proof_consumed',
  detail: `This payment has already bought its answer. ${hint}`
})
const DROPPED = consumed('The answer is no longer stored.')
const FETCH_BY_ANY_NAME = consumed(
  'To fetch it again, send the same payment and body with any Idempotency-Key; do not pay again.'
)
const FETCH_BY_ITS_NAME = consumed(
  'To fetch it again, send the same payment and body under the Idempotency-Key or payment-identifier of the purchase; do not pay again.'
)
const OTHER_REQUEST: Refusal = { code: 'proof_other_request', detail: 'This payment belongs to another request.' }
const NOT_THE_SAME: Refusal = { code: 'proof_forged', detail: 'This is not the payment that bought the answer.' }
const DEAD: Refusal = { code: 'payment_void', detail: 'This payment was never settled, and can no longer be settled.' }

/**
 * Turns a proof into a held claim, a stored answer or a rejection. The ledger is read before any outside call: a
 * completed purchase is not verified again, because a spent authorisation would fail.
 * @throws RailUnavailable, LedgerUnavailable, and the precondition's own error
 */
export async function chargeProof(
  ledger: Ledger,
  rail: Rail,
  proof: string,
  request: ChargeRequest,
  { precondition, takeAnswer }: ChargeContext = {}
): Promise<ChargeOutcome> {
  const result = await rail.authorise(proof, request)
  if (result.kind !== 'authorised') return { kind: result.kind, refusal: { code: result.code, detail: result.detail } }
  const { authorisation } = result
  // A purchase made by another instance must be known before its precondition is checked.
  const isFirstUse = authorisation.isFirstUse === true && precondition === undefined
  const { deferred } = authorisation
  const isUnnamed = deferred !== undefined && deferred.purchaseKey === undefined
  const isDeliveredOnce = isUnnamed && takeAnswer !== undefined
  const mayAnswer = () => !isDeliveredOnce || takeAnswer(deferred.proofDigest.toString('hex'))
  /** Of the instances, too, one alone delivers the answer. */
  const delivery = async (outcome: ChargeOutcome): Promise<ChargeOutcome> => {
    if (!isDeliveredOnce || outcome.kind !== 'stored') return outcome
    if (!mayAnswer()) return RUNNING
    try {
      return (await ledger.holdDelivery(outcome.purchase.proofKey)) ? outcome : RUNNING
    } catch (error) {
      return asPending(error)
    }
  }
  const claimRequest = claimRequestOf(rail.name, authorisation, request, { isFirstUse, isDeliveredOnce })
  let isRefused = false
  for (let takeovers = 0; takeovers <= MAX_TAKEOVERS; takeovers++) {
    const outcome = await ledger.claim(claimRequest)
    switch (outcome.kind) {
      case 'claimed': {
        // Registers this response for delivery: at most a response that is about to end still holds it.
        mayAnswer()
        if (precondition === undefined && deferred === undefined)
          return { kind: 'claimed', claim: outcome.claim, authorisation }
        const confirmed = await confirm(ledger, outcome.claim, authorisation, precondition, isRefused)
        if (confirmed !== 'elsewhere') return confirmed
        isRefused = true
        break
      }
      case 'captured':
        return delivery(await collect(outcome.purchase, authorisation))
      case 'pending': {
        if (!mayAnswer()) return RUNNING
        // No payment is taken that could not be recorded.
        if (!ledger.isWritable()) return { kind: 'settlement_pending' }
        const settled = await settlePending(ledger, rail, outcome, authorisation, request.nowMs).catch(asPending)
        if (settled !== 'again') return delivery(settled)
        break
      }
      case 'other_request':
        return { kind: rail.otherRequestStatus === 409 ? 'conflict' : 'refused', refusal: OTHER_REQUEST }
      case 'running': {
        if (isSameProof(deferred, outcome.claim.request.proofDigest) && !mayAnswer()) return RUNNING
        const answer = await withDeadline(outcome.finished, WAIT_FOR_COPY_MS, () => 'late' as const)
        if (answer === 'late') return RUNNING
        // Only now is it known which of the two proofs was forged: it bought nothing.
        if (answer !== undefined && !(await speaksFor(authorisation, outcome.claim.request)))
          return { kind: 'refused', refusal: NOT_THE_SAME }
        // Prepaid rails have no receipt; on other rails copies read it from the ledger on their next attempt.
        if (answer !== undefined && authorisation.deferred === undefined)
          return { kind: 'stored', answer, purchase: { ...NO_RECEIPT, proofKey: claimRequest.proofKey } }
        if (answer !== undefined) {
          const again = await ledger.claim(claimRequest)
          if (again.kind === 'captured') return delivery({ kind: 'stored', answer, purchase: again.purchase })
        }
      }
    }
  }
  return RUNNING
}

const RUNNING: ChargeOutcome = { kind: 'running' }
const NO_RECEIPT = { settlement: undefined, payer: undefined }

/**
 * Nothing is computed for a payment that would fail; one that was settled earlier is recorded as owed.
 * @param isFinalRefusal true if the ledger need not be read again
 * @returns `elsewhere` if another instance may have taken the payment during this check: its row decides
 */
async function confirm(
  ledger: Ledger,
  claim: Claim,
  authorisation: Authorisation,
  precondition: Precondition | undefined,
  isFinalRefusal: boolean
): Promise<ChargeOutcome | 'elsewhere'> {
  try {
    await precondition?.()
    const verdict = (await authorisation.deferred?.confirm()) ?? { ok: true }
    if (verdict.ok) return { kind: 'claimed', claim, authorisation }
    // Read while the claim is held: a copy in this process waits for it and has written no row yet.
    const isElsewhere = !isFinalRefusal && (await ledger.isKnown(claim.request.proofKey))
    await ledger.release(claim)
    return isElsewhere ? 'elsewhere' : { kind: 'refused', refusal: verdict.refusal }
  } catch (error) {
    if (authorisation.deferred === undefined && isFinal(error)) {
      await ledger.keepAsOwed(claim)
      throw keptAsOwed(error)
    }
    await ledger.release(claim)
    throw error
  }
}

/** A final rejection: the client need not retry. */
function isFinal(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.extras.retryAfterSeconds === undefined
}

/**
 * What a completed purchase returns to the current proof. A prepaid rail returns the answer again; a deferred payment
 * collects it once, and repeatedly under a purchase name.
 */
async function collect(purchase: Purchase, authorisation: Authorisation): Promise<ChargeOutcome> {
  const { answer } = purchase
  const { deferred } = authorisation
  if (deferred !== undefined) {
    if (!(await speaksFor(authorisation, purchase))) return { kind: 'refused', refusal: NOT_THE_SAME }
    if (answer !== undefined && purchase.delivered && !mayFetch(deferred, purchase))
      return { kind: 'refused', refusal: purchase.purchaseKey === undefined ? FETCH_BY_ANY_NAME : FETCH_BY_ITS_NAME }
    if (purchase.isHeldElsewhere && !purchase.delivered && deferred.purchaseKey === undefined) return RUNNING
  }
  return answer === undefined ? { kind: 'refused', refusal: DROPPED } : { kind: 'stored', answer, purchase }
}

/** A purchase without a name is fetched under any name, a named one only under its own. */
function mayFetch({ purchaseKey }: DeferredPayment, purchase: Purchase): boolean {
  return purchaseKey !== undefined && (purchase.purchaseKey ?? purchaseKey) === purchaseKey
}

/**
 * A payment left settling or unknown comes back: its outcome is looked up, and it is settled if that is still possible.
 */
async function settlePending(
  ledger: Ledger,
  rail: Rail,
  { payment, purchase }: Extract<ClaimOutcome, { kind: 'pending' }>,
  authorisation: Authorisation,
  nowMs: number
): Promise<ChargeOutcome | 'again'> {
  if (!(await speaksFor(authorisation, purchase))) return { kind: 'refused', refusal: NOT_THE_SAME }
  const reference = await referenceOf(ledger, rail, payment, purchase, authorisation, nowMs)
  if (reference === 'pending') return { kind: 'settlement_pending' }
  if (reference === 'dead') {
    await ledger.releasePending(payment.proofKey)
    // Another payment under the same purchase name may have bought the answer.
    const isAlone = purchase.proofKey === authorisation.proofKey && authorisation.deferred?.purchaseKey === undefined
    return isAlone ? { kind: 'refused', refusal: DEAD } : 'again'
  }
  const captured = await ledger.capturePending(payment.proofKey, reference.settled)
  return collect(captured, authorisation)
}

/** The response must not say that nothing was charged: the payment may be settling, and only its row is missing. */
function asPending(error: unknown): ChargeOutcome {
  if (error instanceof LedgerUnavailable) return { kind: 'settlement_pending' }
  throw error
}

async function referenceOf(
  ledger: Ledger,
  rail: Rail,
  payment: PendingPayment,
  purchase: Purchase,
  { proofKey, deferred }: Authorisation,
  nowMs: number
): Promise<{ settled: string } | 'dead' | 'pending'> {
  const found = (await rail.resolve?.(payment)) ?? { kind: 'unknown' }
  if (found.kind === 'settled') return { settled: found.reference }
  if (found.kind === 'dead') return 'dead'
  const isYoung = payment.state === 'settling' && nowMs - payment.settlingSinceMs < SETTLING_ELSEWHERE_MS
  // No payment is taken for an answer that was erased meanwhile.
  if (isYoung || purchase.answer === undefined || !(await ledger.resumeSettling(payment))) return 'pending'
  const isOurs = purchase.proofKey === proofKey
  const settlement = isOurs ? await deferred?.settle() : await rail.settlePending?.(payment)
  // A refusal may only mean that the payment was taken before: the chain decides.
  return settlement?.kind === 'settled' ? { settled: settlement.reference } : 'pending'
}

/** True if this proof may collect that purchase: it is the same proof, or one by the same payer. */
async function speaksFor(
  { proofKey, deferred }: Authorisation,
  purchase: { readonly proofKey: string; readonly proofDigest?: Buffer | undefined }
): Promise<boolean> {
  if (deferred === undefined) return true
  return purchase.proofKey === proofKey ? isSameProof(deferred, purchase.proofDigest) : deferred.isByPayer()
}

function isSameProof(deferred: DeferredPayment | undefined, stored: Buffer | undefined): boolean {
  const digest = deferred?.proofDigest
  if (digest === undefined || stored?.length !== digest.length) return false
  return timingSafeEqual(stored, digest)
}

/** The claim for a proof. */
function claimRequestOf(
  rail: string,
  { proofKey, amountAtomic, asset, answerKeptUntilMs, deferred }: Authorisation,
  { fingerprint, route }: ChargeRequest,
  { isFirstUse, isDeliveredOnce }: Pick<ClaimRequest, 'isFirstUse' | 'isDeliveredOnce'>
): ClaimRequest {
  return {
    isFirstUse,
    isDeliveredOnce,
    proofKey,
    rail,
    fingerprint,
    route,
    amountAtomic,
    asset,
    answerKeptUntilMs,
    proofDigest: deferred?.proofDigest,
    purchaseKey: deferred?.purchaseKey,
    payer: deferred?.payer,
    payee: deferred?.payee,
    settleBeforeSeconds: deferred?.settleBeforeSeconds,
    proof: deferred?.proof
  }
}
