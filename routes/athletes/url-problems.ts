import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { partProblems } from '../../lib/problems/part-problems.ts'
import { ProblemError } from '../../lib/problems/problem.ts'
import type { ProblemItem } from '../../schemas/problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of the query beyond its schema, reported together with those of the schema. */
    // biome-ignore lint/suspicious/noExplicitAny: each route knows the type of its own query
    queryProblems?: (query: any) => ProblemItem[]
  }
}

/** A hook that rejects a request with all problems of its path and its query at once. */
export function tellUrlProblems(request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  const { validationError, query, routeOptions } = request
  const problems = validationError === undefined ? [] : partProblems(request, validationError)
  const told = new Set(problems.map(({ pointer }) => pointer))
  for (const problem of routeOptions.config.queryProblems?.(query) ?? [])
    if (!told.has(problem.pointer)) problems.push(problem)
  if (problems.length === 0) return done()
  done(new ProblemError(422, 'validation_failed', 'The parameters are invalid; see errors.', { errors: problems }))
}
