import fp from 'fastify-plugin'
import { isFromThisMachine } from '../../lib/http/loopback.ts'
import { ProblemError } from '../../lib/problems/problem-error.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route is a part of, in development: only this machine may use it, and no web page. */
    developmentPart?: string
  }
}

/** Keeps development routes, which hand out keys of play money, for this machine. */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      const { developmentPart: part } = request.routeOptions.config
      if (part === undefined || isFromThisMachine(request.socket.remoteAddress, request.headers)) done()
      else done(new ProblemError(403, 'loopback_only', `Only this machine may use the ${part}, under a loopback name.`))
    })
  },
  { name: 'development-only', dependencies: ['errors'] }
)
