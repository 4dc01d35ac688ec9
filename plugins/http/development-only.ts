import type { IncomingHttpHeaders } from 'node:http'
import type { onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../../lib/problems/problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The development part to which the route belongs: only this machine may use it, and no web page. */
    developmentPart?: string
  }
}

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/

/** Restricts development routes, which return keys of play money, to this machine. */
export default fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      const part = route.config?.developmentPart
      if (part !== undefined) route.onRequest = [onlyFromThisMachine(part), ...[route.onRequest ?? []].flat()]
    })
  },
  { name: 'development-only', dependencies: ['errors'] }
)

function onlyFromThisMachine(part: string): onRequestHookHandler {
  const detail = `The ${part} is available only on this machine, under a loopback name.`
  return (request, _reply, done) => {
    if (isFromThisMachine(request.socket.remoteAddress, request.headers)) done()
    else done(new ProblemError(403, 'loopback_only', detail))
  }
}

/**
 * Whether a request comes from this machine and was meant for it. A web page in a browser here reaches loopback too, under
 * a name of its own that resolves to it, and a proxy here forwards requests of strangers.
 * @param remoteAddress of the connection; undefined once it was reset
 */
function isFromThisMachine(remoteAddress: string | undefined, headers: IncomingHttpHeaders): boolean {
  if (!LOOPBACK_ADDRESS.test(remoteAddress ?? '') || !LOOPBACK_HOST.test(headers.host ?? '')) return false
  for (const name in headers) if (FORWARDED.test(name)) return false
  return true
}
