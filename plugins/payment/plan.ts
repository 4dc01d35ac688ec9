import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fp from 'fastify-plugin'
import type { Plan } from '../../lib/compute/plan.ts'
import { precheck, statusOf } from '../../lib/compute/precheck.ts'
import { problemDocument } from '../../lib/problems/problem-document.ts'
import { schemaProblems } from '../../lib/problems/schema-problems.ts'
import { sendReady } from '../http/ready-answer.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a workout: it is parsed into a plan before anything is charged. */
    workout?: boolean
  }
  interface FastifyRequest {
    /** The understood workout; null where the request has no body at all (a price probe). */
    plan: Plan | null
  }
}

/** Parses workouts into plans. Whatever is wrong with one is said here, all at once and free. */
export default fp(
  async (app) => {
    app.decorateRequest('plan', null)
    app.addHook('onRoute', (route) => {
      if (!route.config?.workout) return
      // Schema errors come along, so that they are told together with what the precheck finds.
      route.attachValidation = true
      route.preHandler = [planWorkout, ...[route.preHandler ?? []].flat()]
    })
  },
  { name: 'prechecks', dependencies: ['errors'] }
)

function planWorkout(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { validationError } = request
  if (request.body === undefined && request.headers['content-type'] === undefined) return done()
  if (validationError !== undefined && validationError.validationContext !== 'body') return done(validationError)
  const found = precheck(
    request.body,
    // biome-ignore lint/suspicious/noExplicitAny: Fastify's type of these is narrower than what Ajv gives
    validationError === undefined ? [] : schemaProblems(validationError.validation as any)
  )
  if (found.ok) {
    request.plan = found.plan
    return done()
  }
  const { problems, count, isWhole } = found
  const howMany = `${isWhole ? '' : 'at least '}${count} problem${count === 1 ? '' : 's'}`
  const detail = isWhole && count === 1 ? problems[0]!.detail : `The workout has ${howMany}; see errors.`
  const status = statusOf(problems)
  const code = status === 400 ? problems[0]!.code : 'workout_invalid'
  // What a client gets most often is no error of this program, and needs none.
  const problem = { statusCode: status, code, detail, extras: { errors: problems } }
  sendReady(reply, status, [], JSON.stringify(problemDocument(problem)))
}
