import type { ClaimRequest } from '../ledger/ledger.ts'
import type { Authorisation, ChargeRequest } from './rail.ts'

/**
 * What the ledger is asked to hold for a proof.
 * @param isFirstUse no row is to be expected
 */
export function claimRequestOf(
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
    settleBeforeSeconds: deferred?.settleBeforeSeconds
  }
}
