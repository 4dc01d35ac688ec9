import type { FastifyRequest, onRequestHookHandler } from 'fastify'
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
/** What proxies and tunnels add: of the sender or of themselves. */
const FORWARDED = /^((x-)?forwarded(-.*)?|via|cdn-loop|.*-ip|x-original-.*|x-envoy-.*|cf-.*)$/

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
    if (isFromThisMachine(request)) done()
    else done(new ProblemError(403, 'loopback_only', detail))
  }
}

/**
 * Whether a request comes from this machine and was meant for it. A web page in a browser here reaches loopback too, under
 * a name of its own that resolves to it, and a proxy here forwards requests of strangers: it names itself or them in a
 * header, sends the whole URL, or speaks HTTP/1.0, as nginx does unless told otherwise.
 */
function isFromThisMachine({ raw: { url, headers, httpVersion, socket } }: FastifyRequest): boolean {
  if (!url?.startsWith('/') || httpVersion !== '1.1') return false
  // Undefined once the connection was reset.
  if (!LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') || !LOOPBACK_HOST.test(headers.host ?? '')) return false
  for (const name in headers) if (FORWARDED.test(name)) return false
  return true
}
