import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AnswerConnections, Connection } from '../../lib/billing/answer-connections.ts'
import { publishProof } from '../../lib/billing/billing-events.ts'
import {
  proofOfOtherRequest,
  settlementPending,
  stillRunning,
  twoProofs,
  unreadableProof
} from '../../lib/billing/billing-problems.ts'
import { type ChargeOutcome, chargeProof } from '../../lib/billing/charge.ts'
import { makeOffer, makeQuote, NoRailUp, type Offer } from '../../lib/billing/offer.ts'
import { PaidRequest, routePath } from '../../lib/billing/paid-request.ts'
import {
  type Authorisation,
  type QuoteRequest,
  type Rail,
  RailUnavailable,
  type Refusal
} from '../../lib/billing/rail.ts'
import type { Claim } from '../../lib/ledger/ledger.ts'
import { clientKey } from '../../lib/limits/client-network.ts'
import type { WorkoutRecord } from '../../lib/workouts/workout-record.ts'
import { sendReady } from '../http/ready-answer.ts'
import type { PaidRoute, PaidRouteOptions } from './paid-route.ts'
import { sendStored } from './stored-answer.ts'

/** A proof of payment, and the rail that it is for. */
interface Found {
  readonly rail: Rail
  readonly proof: string
}

/** What a paid request holds between its charge and its capture. */
export interface Charge {
  readonly claim: Claim
  readonly rail: Rail
  readonly authorisation: Authorisation
  readonly paidRequest: PaidRequest
  /** Set by the handler: stored in the transaction that captures the payment. */
  record?: WorkoutRecord
}

declare module 'fastify' {
  interface FastifyRequest {
    charge: Charge | null
  }
}

/**
 * The second step of the billing chain: without a proof of payment it sends a 402, with one it claims the proof, so that
 * the handler may compute.
 */
export function chargeHook(
  app: FastifyInstance,
  connections: AnswerConnections,
  { pattern, priceMicroUsd }: PaidRoute,
  precondition: PaidRouteOptions['precondition']
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { rails, ledger } = app
  return async (request, reply) => {
    const { headers } = request
    const path = routePath(pattern, request.params)
    const nowMs = Date.now()
    const found = proofsIn(request)
    if (found.length > 1) throw twoProofs(found.map(({ rail }) => rail.proofHeader))
    if (request.plan === null) return quote({ route: pattern, path, priceMicroUsd, headers, nowMs }, found[0], reply)
    const paidRequest = new PaidRequest({
      method: request.method,
      path,
      route: pattern,
      params: request.params,
      body: request.body,
      priceMicroUsd,
      clientAddress: clientKey(request.ip),
      headers,
      nowMs
    })
    if (found[0] === undefined) return offer(paidRequest, request, reply)
    const { rail, proof } = found[0]
    const outcome = await charged(rail, proof, paidRequest, request, reply)
    publishProof(rail.name, outcome)
    switch (outcome.kind) {
      case 'claimed':
        request.charge = { claim: outcome.claim, authorisation: outcome.authorisation, rail, paidRequest }
        return
      case 'stored':
        return sendStored(reply, ledger, rail, outcome, paidRequest)
      case 'refused':
        return offer(paidRequest, request, reply, outcome.refusal)
      case 'conflict':
        throw proofOfOtherRequest(outcome.refusal)
      case 'malformed':
        throw unreadableProof(outcome.refusal)
      case 'running':
        throw stillRunning()
      case 'settlement_pending':
        throw settlementPending()
    }
  }

  /** Sends only the price: without a body a proof buys nothing, but its problems are reported. */
  function quote(request: QuoteRequest, found: Found | undefined, reply: FastifyReply): void {
    const fault = found?.rail.findFault?.(found.proof, request)
    if (fault?.kind === 'malformed') throw unreadableProof(fault)
    ledger.assertTakesClaims()
    sendOffer(reply, makeQuote(rails, request, fault, app.publicUrl))
  }

  /** Sends a 402. Nothing is offered while nothing can be stored. */
  async function offer(paidRequest: PaidRequest, request: FastifyRequest, reply: FastifyReply, refusal?: Refusal) {
    if (precondition !== undefined) await precondition(request)
    ledger.assertTakesClaims()
    const made = makeOffer(rails, paidRequest, refusal, app.publicUrl)
    return sendOffer(reply, made instanceof Promise ? await made : made)
  }

  async function charged(
    rail: Rail,
    proof: string,
    paidRequest: PaidRequest,
    request: FastifyRequest,
    reply: FastifyReply
  ): Promise<ChargeOutcome> {
    try {
      return await chargeProof(ledger, rail, proof, paidRequest, {
        precondition: precondition && (() => precondition(request)),
        takeAnswer: takerFor(reply)
      })
    } catch (error) {
      throw error instanceof RailUnavailable ? new NoRailUp([error]) : error
    }
  }

  /** Lets this response deliver a payment's answer while no other open connection does. */
  function takerFor({ raw }: FastifyReply): (proof: string) => boolean {
    const connection = new ResponseConnection(raw)
    let isFollowed = false
    return (proof) => {
      const isTaken = connections.take(proof, connection)
      if (isTaken && !isFollowed)
        for (const event of ['finish', 'close']) raw.once(event, () => connections.leave(proof, connection))
      isFollowed ||= isTaken
      return isTaken
    }
  }

  function proofsIn(request: FastifyRequest): Found[] {
    const found: Found[] = []
    for (const rail of rails) {
      const proof = rail.findProof(request.headers)
      if (proof !== undefined) found.push({ rail, proof })
    }
    return found
  }
}

/** A class, since an object with a getter costs each paid request more than all else of the object. */
class ResponseConnection implements Connection {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get isOpen(): boolean {
    return !this.#response.destroyed
  }
}

function sendOffer(reply: FastifyReply, { headers, body }: Offer): void {
  sendReady(reply, 402, headers, body)
}
