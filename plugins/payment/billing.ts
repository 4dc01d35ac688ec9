import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fp from 'fastify-plugin'
import { AnswerConnections } from '../../lib/billing/answer-connections.ts'
import {
  keptAsOwed,
  proofOfOtherRequest,
  settlementPending,
  stillRunning,
  twoProofs,
  unreadableProof
} from '../../lib/billing/billing-problems.ts'
import { type ChargeOutcome, chargeProof, type Receipted } from '../../lib/billing/charge.ts'
import { makeOffer, makeQuote, NoRailUp, type Offer } from '../../lib/billing/offer.ts'
import { PricedRequest } from '../../lib/billing/priced-request.ts'
import {
  type Authorisation,
  type ChargeRequest,
  type Rail,
  RailUnavailable,
  type Refusal
} from '../../lib/billing/rail.ts'
import { routePath } from '../../lib/billing/route-path.ts'
import { type TakeOutcome, takePayment } from '../../lib/billing/take-payment.ts'
import { type Claim, LedgerUnavailable } from '../../lib/ledger/ledger.ts'
import { clientKey } from '../../lib/limits/client-network.ts'
import { PROBLEM_MEDIA_TYPE } from '../../lib/problems/problem-document.ts'
import type { ProblemError } from '../../lib/problems/problem-error.ts'
import type { PricedRoute } from '../../lib/server/server-settings.ts'
import { RevisionConflict, revisionConflict } from '../../lib/workouts/revision-conflict.ts'
import type { WorkoutRecord } from '../../lib/workouts/workout-record.ts'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import { sendReady } from '../http/ready-answer.ts'

/** What a paid request holds between its charge and its capture. */
export interface Charge {
  readonly claim: Claim
  readonly rail: Rail
  readonly authorisation: Authorisation
  readonly chargeRequest: PricedRequest
  /** Set by the handler: stored in the transaction that captures the payment. */
  record?: WorkoutRecord
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is paid, at the price that goes under this name. */
    price?: PricedRoute
    /** What must hold beside the plan; a rejection is answered before anything is charged. */
    precondition?: (request: FastifyRequest) => Promise<void>
  }
  interface FastifyInstance {
    /** The ways to pay, in the order offered; each rail's plugin adds its own. */
    rails: Rail[]
    /** Every paid route there is. */
    pricedRoutes: { readonly method: string; readonly path: string; readonly price: PricedRoute }[]
  }
  interface FastifyRequest {
    charge: Charge | null
  }
}

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8'
const REPLAYED = 'idempotent-replayed'

/**
 * Charges paid routes. The hooks hang on the route, never on a path: an absolute-form request target or a strange
 * spelling of a path reaches a paid handler through them or not at all.
 */
export default fp(
  async (app) => {
    const { config, ledger } = app
    const rails: Rail[] = []
    const connections = new AnswerConnections()
    app.decorate('rails', rails)
    app.decorate('pricedRoutes', [])
    app.decorateRequest('charge', null)

    app.addHook('onRoute', (route) => {
      const { price, precondition } = route.config ?? {}
      if (price === undefined) return
      const priceMicroUsd = config.priceMicroUsd[price]
      const pattern = route.url
      app.pricedRoutes.push({ method: [route.method].flat().join(), path: pattern, price })

      const charge = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => {
        const { headers } = request
        const path = routePath(pattern, request.params)
        if (request.plan === null) {
          if (!ledger.isWritable()) throw new LedgerUnavailable('the ledger takes no writes')
          return sendOffer(reply, makeQuote(rails, { route: pattern, path, priceMicroUsd, headers }))
        }
        const chargeRequest = new PricedRequest({
          method: request.method,
          path,
          route: pattern,
          params: request.params,
          body: request.body,
          priceMicroUsd,
          clientAddress: clientKey(request.ip),
          headers,
          nowMs: Date.now()
        })
        const found = findProofs(rails, request)
        if (found.length > 1) return done(twoProofs())
        const ask = (refusal?: Refusal) => {
          if (precondition === undefined) offer(chargeRequest, reply, done, refusal)
          else precondition(request).then(() => offer(chargeRequest, reply, done, refusal), done)
        }
        if (found[0] === undefined) return ask()
        const { rail, proof } = found[0]
        const context = {
          precondition: precondition && (() => precondition(request)),
          takeAnswer: takerFor(reply)
        }
        chargeProof(ledger, rail, proof, chargeRequest, context).then(
          (outcome) => {
            if (outcome.kind === 'refused') ask(outcome.refusal)
            else follow(outcome, rail, chargeRequest, request, reply, done)
          },
          (error) => done(error instanceof RailUnavailable ? new NoRailUp([error]) : error)
        )
      }
      route.preHandler = [...[route.preHandler ?? []].flat(), charge]
      route.onSend = [...[route.onSend ?? []].flat(), capture]
    })

    function follow(
      outcome: Exclude<ChargeOutcome, { kind: 'refused' }>,
      rail: Rail,
      chargeRequest: PricedRequest,
      request: FastifyRequest,
      reply: FastifyReply,
      done: HookHandlerDoneFunction
    ): void {
      switch (outcome.kind) {
        case 'claimed':
          request.charge = { ...outcome, rail, chargeRequest }
          return done()
        case 'stored':
          reply.code(outcome.answer.status).header('content-type', JSON_MEDIA_TYPE).header('cache-control', 'no-store')
          reply.header(REPLAYED, 'true')
          addReceipt(rail, outcome.purchase, chargeRequest, reply).then(() => reply.send(outcome.answer.body), done)
          return
        case 'conflict':
          return done(proofOfOtherRequest(outcome.refusal))
        case 'malformed':
          return done(unreadableProof(outcome.refusal))
        case 'running':
          return done(stillRunning())
        case 'settlement_pending':
          return done(settlementPending())
      }
    }

    /** Lets this response deliver a payment's answer while no other open connection does. */
    function takerFor(reply: FastifyReply): (proof: string) => boolean {
      const { raw } = reply
      const connection = {
        get isOpen() {
          return !raw.destroyed
        }
      }
      return (proof) => {
        const isTaken = connections.take(proof, connection)
        if (isTaken)
          for (const event of ['finish', 'close']) raw.once(event, () => connections.leave(proof, connection))
        return isTaken
      }
    }

    /** Asks for payment. Nothing is sold that can't be written down. */
    function offer(
      chargeRequest: ChargeRequest,
      reply: FastifyReply,
      done: HookHandlerDoneFunction,
      refusal?: Refusal
    ): void {
      if (!ledger.isWritable()) return done(new LedgerUnavailable('the ledger takes no writes'))
      try {
        const made = makeOffer(rails, chargeRequest, refusal)
        if (made instanceof Promise) made.then((late) => sendOffer(reply, late), done)
        else sendOffer(reply, made)
      } catch (error) {
        done(error as Error)
      }
    }

    function capture(
      request: FastifyRequest,
      reply: FastifyReply,
      payload: unknown,
      done: (error?: Error | null, payload?: unknown) => void
    ): void {
      const { charge } = request
      if (charge === null) return done(null, payload)
      request.charge = null
      // Only an answer consumes a payment.
      const isAnswer = reply.statusCode >= 200 && reply.statusCode <= 299
      if (!isAnswer || typeof payload !== 'string') {
        ledger.release(charge.claim)
        // What cannot be kept cannot be sold: it would be given away.
        return isAnswer ? done(new TypeError('a paid answer is no text')) : done(null, payload)
      }
      takePayment(
        ledger,
        charge.claim,
        charge.authorisation,
        {
          status: reply.statusCode,
          body: payload,
          ...(charge.record === undefined && request.plan && { athleteKey: athleteKey(request.plan.athleteUuid) })
        },
        charge.record
      )
        .then((outcome) => deliver(outcome, charge, reply))
        .then(
          (body) => done(null, body),
          (error: Error) => done(error instanceof RevisionConflict ? lostRace(error, charge.authorisation) : error)
        )
    }

    /** What leaves, once it is known how the money was taken. */
    async function deliver(outcome: TakeOutcome, charge: Charge, reply: FastifyReply): Promise<string> {
      const { authorisation, rail, chargeRequest } = charge
      switch (outcome.kind) {
        case 'captured': {
          const { proofKey, deferred } = authorisation
          const purchase = { proofKey, settlement: outcome.settlement, payer: deferred?.payer }
          if (outcome.isReplay) reply.header(REPLAYED, 'true')
          await addReceipt(rail, purchase, chargeRequest, reply)
          return outcome.answer.body
        }
        case 'refused': {
          const { headers, body } = await makeOffer(rails, chargeRequest, outcome.refusal)
          reply.code(402).header('content-type', PROBLEM_MEDIA_TYPE)
          for (let index = 0; index < headers.length; index += 2) reply.header(headers[index]!, headers[index + 1]!)
          for (const [name, value] of outcome.headers ?? []) reply.header(name, value)
          return body
        }
        case 'settlement_pending':
          throw settlementPending()
      }
    }

    /**
     * The rail's receipt; and where an answer is given once, a note that it has left. It is paid by now: an answer
     * whose receipt cannot be made leaves without.
     */
    async function addReceipt(
      rail: Rail,
      purchase: Receipted,
      request: ChargeRequest,
      reply: FastifyReply
    ): Promise<void> {
      if (rail.receipt === undefined) return
      reply.raw.once('finish', () => ledger.markDelivered(purchase.proofKey))
      try {
        for (const [name, value] of await rail.receipt(purchase, request)) reply.header(name, value)
      } catch (error) {
        reply.log.error({ err: error, rail: rail.name }, 'an answer left without its receipt')
      }
    }
  },
  { name: 'billing', dependencies: ['config', 'errors', 'ledger', 'prechecks'] }
)

function findProofs(rails: readonly Rail[], request: FastifyRequest): { rail: Rail; proof: string }[] {
  const found: { rail: Rail; proof: string }[] = []
  for (const rail of rails) {
    const proof = rail.findProof(request.headers)
    if (proof !== undefined) found.push({ rail, proof })
  }
  return found
}

/** The ledger has kept what was paid before. */
function lostRace(conflict: RevisionConflict, { deferred }: Authorisation): ProblemError {
  const problem = revisionConflict(conflict)
  return deferred === undefined && !conflict.undecided ? keptAsOwed(problem) : problem
}

function sendOffer(reply: FastifyReply, { headers, body }: Offer): void {
  sendReady(reply, 402, headers, body)
}
