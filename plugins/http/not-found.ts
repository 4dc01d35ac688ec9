import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { NO_REFERRER } from '../../lib/http/response-headers.ts'
import { ProblemError } from '../../lib/problems/problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** For encapsulated routes whose responses, including 404, have their own headers. */
    answerNotFound: typeof answerNotFound
  }
}

/** Answers unknown paths and methods, within the same rate limits as known ones. */
export default fp(
  async (app) => {
    app.decorate('answerNotFound', answerNotFound)
    app.setNotFoundHandler(answerNotFound)
  },
  { name: 'not-found', dependencies: ['errors', 'limits'] }
)

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function answerNotFound(request: FastifyRequest): never {
  throw notFound(request)
}

/** 405 if the path exists for another method, otherwise 404. */
export function notFound(request: FastifyRequest): ProblemError {
  const path = request.url.split('?')[0]!
  const allowed = METHODS.filter((method) => request.server.findRoute({ method, url: path }) !== null)
  if (allowed.length === 0)
    return new ProblemError(404, 'not_found', 'No resource exists at this path.', { headers: NO_REFERRER })
  const allow = allowed.includes('GET') ? ['GET', 'HEAD', ...allowed.filter((method) => method !== 'GET')] : allowed
  return new ProblemError(405, 'method_not_allowed', `This path accepts ${allow.join(', ')}.`, {
    headers: { allow: allow.join(', ') }
  })
}
