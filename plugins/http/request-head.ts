import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { PROBLEM_MEDIA_TYPE, ProblemError, problemDocument, problemEvents } from '../../lib/problems/problem.ts'

/** Of an `Expect` that is not `100-continue` (RFC 9110 10.1.1). */
const EXPECTATION_FAILED = new ProblemError(
  417,
  'expectation_failed',
  'The only supported expectation is 100-continue.'
)
const LATE = new ProblemError(408, 'request_too_slow', 'The request did not arrive in time.')
const LARGE = new ProblemError(431, 'headers_too_large', 'The request headers are larger than this service accepts.')
const MALFORMED = new ProblemError(400, 'http_malformed', 'The request is not valid HTTP/1.1 (RFC 9112).')

const HOST_LENGTH = 'host'.length

/** Refuses request heads that Node accepts and this service must not, or that Node refuses without a document. */
export default fp(
  async (app) => {
    app.addHook('onRequest', ({ raw: { rawHeaders } }, _reply, done) => {
      let hosts = 0
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index]!
        if (name.length === HOST_LENGTH && name.toLowerCase() === 'host') hosts++
      }
      // RFC 9112 3.2: a proxy on the way may have routed by the other one.
      if (hosts < 2) done()
      else done(new ProblemError(400, 'host_ambiguous', 'The request has more than one Host header.'))
    })
    app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
      const body = JSON.stringify(problemDocument(EXPECTATION_FAILED, app.publicUrl))
      response.writeHead(EXPECTATION_FAILED.statusCode, refusalHeaders(body)).end(body)
    })
  },
  { name: 'request-head', dependencies: ['errors'] }
)

/**
 * Answers bytes that are not a request, for which there is no reply object. The error is not logged: it contains the raw
 * bytes, and with them any proof of payment.
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, publicUrl: string): void {
  if (error.code !== 'ECONNRESET') {
    const problem = problemOf(error.code)
    if (problemEvents.isHeard) problemEvents.publish({ code: problem.code, status: problem.statusCode })
    if (socket.writable) socket.write(response(problem, publicUrl))
  }
  socket.destroy()
}

function problemOf(code: string | undefined): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return LATE
  return code === 'HPE_HEADER_OVERFLOW' ? LARGE : MALFORMED
}

function response(problem: ProblemError, publicUrl: string): string {
  const document = problemDocument(problem, publicUrl)
  const body = JSON.stringify(document)
  const lines = Object.entries(refusalHeaders(body)).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${document.status} ${document.title}`, ...lines, '', body].join('\r\n')
}

/** Headers of a refusal that leaves without a reply object; its connection is closed. */
function refusalHeaders(body: string): Record<string, string> {
  return {
    'Content-Type': PROBLEM_MEDIA_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close'
  }
}
