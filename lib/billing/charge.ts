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
  /** It was computed before: the same answer again. */
  | { readonly kind: 'stored'; readonly answer: StoredAnswer; readonly purchase: Receipted }
  /** The proof buys nothing here: a fresh offer, with the reason. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The proof is bound to another request, and nothing was taken for this one. */
  | { readonly kind: 'conflict'; readonly refusal: Refusal }
  /** The proof cannot be read, and its rail's specification wants 400. */
  | { readonly kind: 'malformed'; readonly refusal: Refusal }
  /** The same purchase still runs. */
  | { readonly kind: 'running' }
  /** The money may be under way: never a fresh offer, since a client that pays again pays twice. */
  | { readonly kind: 'settlement_pending' }

/** What a receipt is made from, and whose delivery is to be noted. */
export type Receipted = Pick<Purchase, 'proofKey' | 'settlement' | 'payer'>

/**
 * What must hold beside the plan, asked of the database; throws what the client is told. It stands after the ledger's
 * look at the proof: a purchase that was made keeps its answer, whatever has become of its workout.
 */
export type Precondition = () => Promise<void>

/** What a charge needs to know of the request's surroundings. */
export interface ChargeContext {
  readonly precondition?: Precondition | undefined
  /**
   * Asks for the answer of a payment that its payer has not named: false where it leaves on another connection.
   * Undefined: every copy gets it.
   */
  readonly takeAnswer?: (proof: string) => boolean
}

/** How long a copy of a running request waits for its answer. */
const WAIT_FOR_COPY_MS = 10_000
/** A copy takes over when the one it waited for failed; more often than this, something else is wrong. */
const MAX_TAKEOVERS = 3
/** A settlement younger than this may still be at work in another instance. */
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
 * A proof's way to a held claim, a stored answer or a refusal. The ledger is asked before anyone outside: what was
 * bought once is not verified again, since a spent authorisation would fail.
 * @throws RailUnavailable, LedgerUnavailable, and what the precondition throws
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
  // A purchase that was made elsewhere must be known before its precondition is asked.
  const isFirstUse = authorisation.isFirstUse === true && precondition === undefined
  const claimRequest = claimRequestOf(rail.name, authorisation, request, isFirstUse)
  const { deferred } = authorisation
  const isUnnamed = deferred !== undefined && deferred.purchaseKey === undefined
  const mayAnswer = () => !isUnnamed || takeAnswer === undefined || takeAnswer(deferred.proofDigest.toString('hex'))
  let isRefused = false
  for (let takeovers = 0; takeovers <= MAX_TAKEOVERS; takeovers++) {
    const outcome = await ledger.claim(claimRequest)
    switch (outcome.kind) {
      case 'claimed': {
        // Registers this response for the answer: at most a response that is about to end still holds it.
        mayAnswer()
        if (precondition === undefined && deferred === undefined)
          return { kind: 'claimed', claim: outcome.claim, authorisation }
        const confirmed = await confirm(ledger, outcome.claim, authorisation, precondition, isRefused)
        if (confirmed !== 'elsewhere') return confirmed
        isRefused = true
        break
      }
      case 'captured':
        return outcome.purchase.delivered || mayAnswer()
          ? collect(outcome.purchase, authorisation)
          : { kind: 'running' }
      case 'pending': {
        if (!mayAnswer()) return { kind: 'running' }
        // No money is taken that could not be written down.
        if (!ledger.isWritable()) return { kind: 'settlement_pending' }
        const settled = await settlePending(ledger, rail, outcome, authorisation, request.nowMs).catch(asPending)
        if (settled !== 'again') return settled
        break
      }
      case 'other_request':
        return { kind: rail.otherRequestStatus === 409 ? 'conflict' : 'refused', refusal: OTHER_REQUEST }
      case 'running': {
        if (isSameProof(deferred, outcome.claim.request.proofDigest) && !mayAnswer()) return { kind: 'running' }
        const answer = await withDeadline(outcome.finished, WAIT_FOR_COPY_MS, () => 'late' as const)
        if (answer === 'late') return { kind: 'running' }
        // Only now is it known which of two was the forged one: it bought nothing.
        if (answer !== undefined && !(await speaksFor(authorisation, outcome.claim.request)))
          return { kind: 'refused', refusal: NOT_THE_SAME }
        // Rails that are paid first have no receipt; the others' copies read it from the ledger, in the next turn.
        if (answer !== undefined && authorisation.deferred === undefined)
          return { kind: 'stored', answer, purchase: { ...NO_RECEIPT, proofKey: claimRequest.proofKey } }
        if (answer !== undefined) {
          const again = await ledger.claim(claimRequest)
          if (again.kind === 'captured') return { kind: 'stored', answer, purchase: again.purchase }
        }
      }
    }
  }
  return { kind: 'running' }
}

const NO_RECEIPT = { settlement: undefined, payer: undefined }

/**
 * Nothing is computed for a payment that would not go through; one that went through before is owed from now on.
 * @param isFinalRefusal true where the ledger need not be asked again
 * @returns `elsewhere` where another instance may have taken the payment while it was checked here: its row decides
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
    // Asked while the claim is held: a copy in this process, which waits for it, has written no row yet.
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

/** The client is told no, and not to come back later. */
function isFinal(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.extras.retryAfterSeconds === undefined
}

/**
 * What a purchase that was made gives to the proof that comes now. A rail that is paid first gives its answer again; a
 * deferred payment collects it once, and again under a name.
 */
async function collect(purchase: Purchase, authorisation: Authorisation): Promise<ChargeOutcome> {
  const { answer } = purchase
  const { deferred } = authorisation
  if (deferred !== undefined) {
    if (!(await speaksFor(authorisation, purchase))) return { kind: 'refused', refusal: NOT_THE_SAME }
    if (answer !== undefined && purchase.delivered && !mayFetch(deferred, purchase))
      return { kind: 'refused', refusal: purchase.purchaseKey === undefined ? FETCH_BY_ANY_NAME : FETCH_BY_ITS_NAME }
  }
  return answer === undefined ? { kind: 'refused', refusal: DROPPED } : { kind: 'stored', answer, purchase }
}

/** A purchase without a name is fetched under any name, one with a name under that name alone. */
function mayFetch({ purchaseKey }: DeferredPayment, purchase: Purchase): boolean {
  return purchaseKey !== undefined && (purchase.purchaseKey ?? purchaseKey) === purchaseKey
}

/** A payment that was left settling or unknown comes back: it is found out about, and taken if it still can be. */
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
    // Under the purchase's name there may be another payment, which has bought the answer.
    const isAlone = purchase.proofKey === authorisation.proofKey && authorisation.deferred?.purchaseKey === undefined
    return isAlone ? { kind: 'refused', refusal: DEAD } : 'again'
  }
  const captured = await ledger.capturePending(payment.proofKey, reference.settled)
  return collect(captured, authorisation)
}

/** A client must not read that nothing was charged: the money may be under way, and only the row about it is missing. */
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
  // Nothing is taken for an answer that was erased meanwhile.
  if (isYoung || purchase.answer === undefined || !(await ledger.resumeSettling(payment))) return 'pending'
  const isOurs = purchase.proofKey === proofKey
  const settlement = isOurs ? await deferred?.settle() : await rail.settlePending?.(payment)
  // A refusal now may only mean that it was taken before: the chain will tell.
  return settlement?.kind === 'settled' ? { settled: settlement.reference } : 'pending'
}

/** True where this proof may speak for that purchase: it is the same proof, or the same payer made it. */
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

/**
 * The claim that the ledger is to hold for a proof.
 * @param isFirstUse true where the ledger has no row for the proof
 */
function claimRequestOf(
  rail: string,
  { proofKey, amountAtomic, asset, answerKeptUntilMs, deferred }: Authorisation,
  { fingerprint, route }: ChargeRequest,
  isFirstUse: boolean
): ClaimRequest {
  return {
    isFirstUse,
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
