import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { publishProof } from '../../lib/billing/billing-events.ts'
import { keptAsOwed, settlementPending, stillRunning } from '../../lib/billing/billing-problems.ts'
import { makeOffer } from '../../lib/billing/offer.ts'
import type { Authorisation } from '../../lib/billing/rail.ts'
import { type TakeOutcome, takePayment } from '../../lib/billing/take-payment.ts'
import { PROBLEM_MEDIA_TYPE, type ProblemError } from '../../lib/problems/problem.ts'
import { RevisionConflict, revisionConflict } from '../../lib/workouts/revision-conflict.ts'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import type { Charge } from './charge.ts'
import { REPLAYED, receiptFor } from './stored-answer.ts'

/**
 * The last step of the billing chain: takes the payment for a computed answer and stores both before the answer leaves.
 * Any other response releases the claim.
 */
export function captureHook(
  app: FastifyInstance
): (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Promise<unknown> {
  const { rails, ledger } = app
  return async (request, reply, payload) => {
    const { charge } = request
    if (charge === null) return payload
    request.charge = null
    const isAnswer = reply.statusCode >= 200 && reply.statusCode <= 299
    if (!isAnswer || typeof payload !== 'string') {
      ledger.release(charge.claim)
      // An answer that is not stored would be given away for free.
      if (isAnswer) throw new TypeError('a paid answer must be text')
      return payload
    }
    const { plan } = request
    const answer = {
      status: reply.statusCode,
      body: payload,
      ...(charge.record === undefined && plan && { athleteKey: athleteKey(plan.athleteUuid) })
    }
    return deliver(await taken(charge, answer), charge, reply)
  }

  async function taken(charge: Charge, answer: Parameters<typeof takePayment>[3]): Promise<TakeOutcome> {
    const { claim, authorisation, record } = charge
    try {
      return await takePayment(ledger, claim, authorisation, answer, record)
    } catch (error) {
      throw error instanceof RevisionConflict ? lostRace(error, authorisation) : error
    }
  }

  /** @returns the body that leaves, once the outcome of the payment is known */
  async function deliver(
    outcome: TakeOutcome,
    { authorisation, rail, paidRequest }: Charge,
    reply: FastifyReply
  ): Promise<string> {
    publishProof(rail.name, outcome)
    switch (outcome.kind) {
      case 'captured': {
        const { proofKey, deferred } = authorisation
        const purchase = { proofKey, settlement: outcome.settlement, payer: deferred?.payer }
        if (outcome.isReplay) reply.header(REPLAYED, 'true')
        for (const [name, value] of await receiptFor(reply, ledger, rail, purchase, paidRequest))
          reply.header(name, value)
        return outcome.answer.body
      }
      case 'refused': {
        const { headers, body } = await makeOffer(rails, paidRequest, outcome.refusal, app.publicUrl)
        reply.code(402).header('content-type', PROBLEM_MEDIA_TYPE)
        for (let index = 0; index < headers.length; index += 2) reply.header(headers[index]!, headers[index + 1]!)
        for (const [name, value] of outcome.headers ?? []) reply.header(name, value)
        return body
      }
      case 'running':
        throw stillRunning()
      case 'settlement_pending':
        throw settlementPending()
    }
  }
}

/** A payment that was captured before its answer is recorded as owed. */
function lostRace(conflict: RevisionConflict, { deferred }: Authorisation): ProblemError {
  const problem = revisionConflict(conflict)
  return deferred === undefined && !conflict.undecided ? keptAsOwed(problem) : problem
}
