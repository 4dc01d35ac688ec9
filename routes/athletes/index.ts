import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { PRIVATE_HEADERS } from '../../lib/http/response-headers.ts'
import { partProblems } from '../../lib/problems/part-problems.ts'
import { ProblemError } from '../../lib/problems/problem.ts'
import type { ProblemItem } from '../../schemas/problem.ts'
import curve from './curve.ts'
import erasure from './erasure.ts'
import workouts from './workouts.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of the query beyond its schema, reported together with those of the schema. */
    // biome-ignore lint/suspicious/noExplicitAny: each route knows the type of its own query
    queryProblems?: (query: any) => ProblemItem[]
  }
}

/** The records of an athlete. The UUID in the path is their key: no intermediary may keep it or pass it on. */
const athletes: FastifyPluginAsyncTypebox = async (app) => {
  // On the way out, so that errors have them too.
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(PRIVATE_HEADERS)
    done(null, payload)
  })
  // Unknown paths and paths of other methods contain the UUID as well.
  const nothingThere: FastifyPluginAsyncTypebox = async (app) => {
    app.setNotFoundHandler(app.answerNotFound)
  }
  await app.register(nothingThere, { prefix: '/v1/athletes/:athlete_uuid' })

  app.addHook('onRoute', (route) => {
    route.attachValidation = true
  })
  app.addHook('preHandler', rejectUrlProblems)
  await app.register(workouts)
  await app.register(curve)
  await app.register(erasure)
}
export default athletes

/** A hook that rejects a request with all problems of its path and its query at once. */
function rejectUrlProblems(request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  const { validationError, query, routeOptions } = request
  const problems = validationError === undefined ? [] : partProblems(request, validationError)
  const reported = new Set(problems.map(({ pointer }) => pointer))
  for (const problem of routeOptions.config.queryProblems?.(query) ?? [])
    if (!reported.has(problem.pointer)) problems.push(problem)
  if (problems.length === 0) return done()
  done(new ProblemError(422, 'validation_failed', 'The parameters are invalid; see errors.', { errors: problems }))
}
