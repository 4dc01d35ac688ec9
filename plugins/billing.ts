import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fp from 'fastify-plugin'
import { type ChargeOutcome, chargeProof } from '../lib/billing/charge.ts'
import { requestFingerprint } from '../lib/billing/fingerprint.ts'
import { makeOffer, makeQuote, NoRailUp, type Offer, type Refusal } from '../lib/billing/offer.ts'
import { type Authorisation, type ChargeRequest, type Rail, RailUnavailable } from '../lib/billing/rail.ts'
import { routePath } from '../lib/billing/route-path.ts'
import type { PricedRoute } from '../lib/config/config.ts'
import { canonicalJson } from '../lib/json/canonical-json.ts'
import { type Claim, LedgerUnavailable, type StoredAnswer, type WorkoutRecord } from '../lib/ledger/ledger.ts'
import { clientKey } from '../lib/limits/client-key.ts'
import { PROBLEM_MEDIA_TYPE } from '../lib/problems/problem-document.ts'
import { ProblemError } from '../lib/problems/problem-error.ts'

/** What a paid request holds between its charge and its capture. */
export interface Charge {
  readonly claim: Claim
  readonly rail: Rail
  readonly authorisation: Authorisation
  /** The parsed body in RFC 8785 form. */
  readonly canonicalBody: string
  /** Set by the handler: stored in the transaction that captures the payment. */
  record?: WorkoutRecord
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is paid, at the price that goes under this name. */
    price?: PricedRoute
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

const RETRY_AFTER_SECONDS = 2
const JSON_MEDIA_TYPE = 'application/json; charset=utf-8'

/**
 * Charges paid routes. The hooks hang on the route, never on a path: an absolute-form request target or a strange
 * spelling of a path reaches a paid handler through them or not at all.
 */
export default fp(
  async (app) => {
    const { config, ledger } = app
    const rails: Rail[] = []
    app.decorate('rails', rails)
    app.decorate('pricedRoutes', [])
    app.decorateRequest('charge', null)

    app.addHook('onRoute', (route) => {
      const price = route.config?.price
      if (price === undefined) return
      const priceMicroUsd = config.priceMicroUsd[price]
      const pattern = route.url
      app.pricedRoutes.push({ method: [route.method].flat().join(), path: pattern, price })

      const charge = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => {
        if (request.plan === null) return sendOffer(reply, makeQuote(rails, priceMicroUsd))
        const canonicalBody = canonicalJson(request.body)
        const chargeRequest: ChargeRequest = {
          method: request.method,
          path: routePath(pattern, request.params),
          fingerprint: requestFingerprint(request.method, pattern, request.params, canonicalBody),
          priceMicroUsd,
          clientAddress: clientKey(request.ip),
          nowMs: Date.now()
        }
        const found = findProofs(rails, request)
        if (found.length > 1) return done(twoProofs())
        if (found[0] === undefined) return offer(chargeRequest, reply, done)
        const { rail, proof } = found[0]
        chargeProof(ledger, rail, proof, chargeRequest, pattern).then(
          (outcome) => follow(outcome, rail, chargeRequest, canonicalBody, request, reply, done),
          (error) => done(error instanceof RailUnavailable ? new NoRailUp([error]) : error)
        )
      }
      route.preHandler = [...[route.preHandler ?? []].flat(), charge]
      route.onSend = [...[route.onSend ?? []].flat(), capture]
    })

    function follow(
      outcome: ChargeOutcome,
      rail: Rail,
      chargeRequest: ChargeRequest,
      canonicalBody: string,
      request: FastifyRequest,
      reply: FastifyReply,
      done: HookHandlerDoneFunction
    ): void {
      switch (outcome.kind) {
        case 'claimed':
          request.charge = { claim: outcome.claim, rail, authorisation: outcome.authorisation, canonicalBody }
          return done()
        case 'stored':
          return sendStored(reply, outcome.answer)
        case 'refused':
          return offer(chargeRequest, reply, done, outcome.refusal)
        case 'malformed':
          return done(new ProblemError(400, outcome.refusal.code, outcome.refusal.detail))
        case 'running':
          return done(stillRunning())
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
      if (reply.statusCode < 200 || reply.statusCode > 299 || typeof payload !== 'string') {
        ledger.release(charge.claim)
        return done(null, payload)
      }
      takeAndKeep(charge, { status: reply.statusCode, body: payload }).then(
        (delivered) => done(null, delivered.body),
        (error: Error) => done(error)
      )
    }

    /** Takes the money where the rail has not yet, then writes the answer down; both before the answer leaves. */
    async function takeAndKeep(charge: Charge, answer: StoredAnswer): Promise<StoredAnswer> {
      try {
        await charge.rail.capture?.(charge.authorisation)
      } catch (error) {
        ledger.release(charge.claim)
        throw error
      }
      return ledger.capture(charge.claim, answer, charge.record)
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

function sendOffer(reply: FastifyReply, { headers, body }: Offer): void {
  reply.code(402)
  for (const [name, value] of headers) reply.header(name, value)
  reply.header('content-type', PROBLEM_MEDIA_TYPE).header('cache-control', 'no-store').send(body)
}

function sendStored(reply: FastifyReply, { status, body }: StoredAnswer): void {
  reply
    .code(status)
    .header('content-type', JSON_MEDIA_TYPE)
    .header('cache-control', 'no-store')
    .header('idempotent-replayed', 'true')
    .send(body)
}

function twoProofs(): ProblemError {
  return new ProblemError(400, 'two_proofs', 'Send one proof of payment: Authorization or PAYMENT-SIGNATURE, not both.')
}

function stillRunning(): ProblemError {
  return new ProblemError(409, 'request_running', 'The same paid request still runs. Ask again shortly.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS
  })
}
