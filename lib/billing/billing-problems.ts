import { ProblemError } from '../problems/problem.ts'
import type { Refusal } from './rail.ts'

const RETRY_AFTER_SECONDS = 2
const SETTLEMENT_RETRY_SECONDS = 5

/** @param headers those that carry a proof, two or more */
export function twoProofs(headers: readonly string[]): ProblemError {
  const choice = `${headers.join(' or ')}, not ${headers.length === 2 ? 'both' : 'several'}`
  return new ProblemError(400, 'two_proofs', `Send one proof of payment: ${choice}.`)
}

export function unreadableProof({ code, detail }: Refusal): ProblemError {
  return new ProblemError(400, code, detail)
}

export function proofOfOtherRequest({ code, detail }: Refusal): ProblemError {
  return new ProblemError(409, code, `${detail} You were not charged for this request. Send it with a new payment.`)
}

export function stillRunning(): ProblemError {
  return new ProblemError(409, 'request_running', 'The same paid request is still running. Send it again shortly.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS
  })
}

/** Never a 402: a client signs again on a 402, and would pay twice. */
export function settlementPending(): ProblemError {
  return new ProblemError(
    503,
    'settlement_pending',
    'The payment was submitted; its outcome is still unknown. Send the same payment again; do not sign a new one.',
    { retryAfterSeconds: SETTLEMENT_RETRY_SECONDS }
  )
}

/** A conflict for a client that has already paid: the payment bought no answer and cannot buy one here. */
export function keptAsOwed({ statusCode, code, detail, extras }: ProblemError): ProblemError {
  const kept = 'Your payment bought no answer and is recorded as owed to you.'
  return new ProblemError(statusCode, code, `${detail} ${kept}`, extras)
}
