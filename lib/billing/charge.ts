import type { Claim, Ledger, StoredAnswer } from '../ledger/ledger.ts'
import type { Refusal } from './offer.ts'
import type { Authorisation, ChargeRequest, Rail } from './rail.ts'

/** What a proof of payment leads to. */
export type ChargeOutcome =
  /** Compute, then capture or release the claim. */
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly authorisation: Authorisation }
  /** It was computed before: the same answer again. */
  | { readonly kind: 'stored'; readonly answer: StoredAnswer }
  /** The proof buys nothing here: a fresh offer, with the reason. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The proof cannot be read, and its rail's specification wants 400. */
  | { readonly kind: 'malformed'; readonly refusal: Refusal }
  /** The same purchase still runs. */
  | { readonly kind: 'running' }

/** How long a copy of a running request waits for its answer. */
const WAIT_FOR_COPY_MS = 10_000
/** A copy takes over when the one it waited for failed; more often than this, something else is wrong. */
const MAX_TAKEOVERS = 3

const CONSUMED: Refusal = { code: 'proof_consumed', detail: 'This payment has bought its answer already.' }
const OTHER_REQUEST: Refusal = { code: 'proof_other_request', detail: 'This payment belongs to another request.' }

/**
 * A proof's way to a held claim, a stored answer or a refusal.
 * @param route pattern, for the books
 * @throws RailUnavailable, LedgerUnavailable
 */
export async function chargeProof(
  ledger: Ledger,
  rail: Rail,
  proof: string,
  request: ChargeRequest,
  route: string
): Promise<ChargeOutcome> {
  const result = await rail.authorise(proof, request)
  if (result.kind !== 'authorised') return { kind: result.kind, refusal: { code: result.code, detail: result.detail } }
  const { authorisation } = result
  const claimRequest = {
    proofKey: authorisation.proofKey,
    rail: rail.name,
    fingerprint: request.fingerprint,
    route,
    amountAtomic: authorisation.amountAtomic,
    asset: authorisation.asset,
    answerKeptUntilMs: authorisation.answerKeptUntilMs
  }
  for (let takeovers = 0; takeovers <= MAX_TAKEOVERS; takeovers++) {
    const outcome = await ledger.claim(claimRequest)
    switch (outcome.kind) {
      case 'claimed':
        return { kind: 'claimed', claim: outcome.claim, authorisation }
      case 'captured':
        return rail.replays ? { kind: 'stored', answer: outcome.answer } : { kind: 'refused', refusal: CONSUMED }
      case 'answer_dropped':
        return { kind: 'refused', refusal: CONSUMED }
      case 'other_request':
        return { kind: 'refused', refusal: OTHER_REQUEST }
      case 'running': {
        const answer = await atMost(outcome.finished, WAIT_FOR_COPY_MS)
        if (answer === 'too_late') return { kind: 'running' }
        if (answer !== undefined) return { kind: 'stored', answer }
      }
    }
  }
  return { kind: 'running' }
}

async function atMost<T>(promise: Promise<T>, limitMs: number): Promise<T | 'too_late'> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<'too_late'>((resolve) => {
    timer = setTimeout(() => resolve('too_late'), limitMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
