import type { FastifyReply, FastifyRequest } from 'fastify'
import { paymentLink } from '../../lib/billing/offer.ts'
import type { Plan } from '../../lib/compute/plan.ts'
import { precheck, statusOf } from '../../lib/compute/precheck.ts'
import { problemDocument } from '../../lib/problems/problem.ts'
import { problemEvents } from '../../lib/problems/problem-events.ts'
import { schemaProblems } from '../../lib/problems/schema-problems.ts'
import { sendReady } from '../http/ready-answer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The parsed workout; null where the request has no body at all (a price probe). */
    plan: Plan | null
  }
}

/**
 * The first step of the billing chain, and all of a free check: parses the body into a plan, or reports every problem of
 * the workout at once. A request without body and content type is a price probe, and passes without a plan.
 */
export async function planWorkout(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { validationError } = request
  if (request.body === undefined && request.headers['content-type'] === undefined) return
  if (validationError !== undefined && validationError.validationContext !== 'body') throw validationError
  const found = precheck(
    request.body,
    // biome-ignore lint/suspicious/noExplicitAny: Fastify's type of these is narrower than what Ajv gives
    validationError === undefined ? [] : schemaProblems(validationError.validation as any),
    Date.now()
  )
  if (found.ok) {
    request.plan = found.plan
    return
  }
  const { problems, count, isWhole } = found
  const howMany = `${isWhole ? '' : 'at least '}${count} problem${count === 1 ? '' : 's'}`
  const detail = isWhole && count === 1 ? problems[0]!.detail : `The workout has ${howMany}; see errors.`
  const status = statusOf(problems)
  const code = status === 400 ? problems[0]!.code : 'workout_invalid'
  // The most frequent answer to a client is no error of this program: no Error object is made for it.
  const problem = { statusCode: status, code, detail, extras: { errors: problems } }
  if (problemEvents.isHeard) problemEvents.publish({ code, status })
  const { publicUrl } = request.server
  sendReady(reply, status, paymentLink(publicUrl), JSON.stringify(problemDocument(problem, publicUrl)))
}
