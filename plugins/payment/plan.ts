import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { paymentLink } from '../../lib/billing/offer.ts'
import type { Plan } from '../../lib/compute/plan.ts'
import { precheck, statusOf } from '../../lib/compute/precheck.ts'
import { observeStep } from '../../lib/observe/calls.ts'
import { partProblems } from '../../lib/problems/part-problems.ts'
import { problemDocument, problemEvents } from '../../lib/problems/problem.ts'
import { sendReady } from '../http/ready-answer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The parsed workout; null where the request has no body at all (a price probe). */
    plan: Plan | null
  }
  interface FastifyInstance {
    /** For free routes that check a workout; such a route sets `attachValidation`. */
    readWorkout: typeof readWorkout
  }
}

/**
 * The first step of the billing chain: parses the body into a plan, or reports every problem of the request at once. A
 * request without body and content type is a price probe, and passes without a plan.
 */
export function planWorkout(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const isProbe = request.body === undefined && request.headers['content-type'] === undefined
  if (!isProbe) observeStep('billing', 'plan', () => readWorkout(request, reply))
  done()
}

/** All of a free check: parses the body into a plan, or answers with every problem of the request. */
export function readWorkout(request: FastifyRequest, reply: FastifyReply): void {
  const { validationError } = request
  const schemaProblems = validationError === undefined ? [] : partProblems(request, validationError)
  const found = precheck(request.body, schemaProblems, Date.now())
  if (found.ok) {
    request.plan = found.plan
    return
  }
  const { problems, count, isWhole } = found
  // A pointer into the body begins with a slash; other parts are named.
  const what = schemaProblems.some(({ pointer }) => /^\w/.test(pointer)) ? 'request' : 'workout'
  const howMany = `${isWhole ? '' : 'at least '}${count} problem${count === 1 ? '' : 's'}`
  const detail = isWhole && count === 1 ? problems[0]!.detail : `The ${what} has ${howMany}; see errors.`
  const status = statusOf(problems)
  const code = status === 400 ? problems[0]!.code : what === 'request' ? 'validation_failed' : 'workout_invalid'
  // The most frequent response is not an error of this program: no Error object is created for it.
  const problem = { statusCode: status, code, detail, extras: { errors: problems } }
  if (problemEvents.isHeard) problemEvents.publish({ code, status })
  const { publicUrl } = request.server
  sendReady(reply, status, paymentLink(publicUrl), JSON.stringify(problemDocument(problem, publicUrl)))
}
