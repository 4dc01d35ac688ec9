import type { ClaimRequest } from '../ledger/ledger.ts'
import type { Authorisation, ChargeRequest } from './rail.ts'

/** What the ledger is asked to hold for a proof. */
export function claimRequestOf(
  rail: string,
  { proofKey, amountAtomic, asset, answerKeptUntilMs, deferred }: Authorisation,
  { fingerprint, route }: ChargeRequest
): ClaimRequest {
  const request = { proofKey, rail, fingerprint, route, amountAtomic, asset, answerKeptUntilMs }
  if (deferred === undefined) return request
  const { proofDigest, purchaseKey, payer, payee, settleBeforeSeconds } = deferred
  return {
    ...request,
    proofDigest,
    payer,
    payee,
    settleBeforeSeconds,
    ...(purchaseKey !== undefined && { purchaseKey })
  }
}
