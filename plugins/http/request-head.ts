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

const AMBIGUOUS = new ProblemError(400, 'host_ambiguous', 'The request has more than one Host header.')
const NO_TUNNEL = new ProblemError(405, 'method_not_allowed', 'This service is not a proxy.', {
  headers: { allow: '' }
})

const HOST_LENGTH = 'host'.length
/** Node silently drops the headers of a request beyond a limit: a proxy's own might be among them. */
const MAX_HEADERS = 200

/** Refuses request heads that Node accepts and this service must not, or that Node refuses without a document. */
export default fp(
  async (app) => {
    app.server.maxHeadersCount = MAX_HEADERS + 1
    app.addHook('onRequest', ({ raw: { rawHeaders, headers, httpVersionMajor, httpVersionMinor } }, _reply, done) => {
      if (rawHeaders.length > MAX_HEADERS * 2) return done(LARGE)
      // RFC 9112 3.2. Node would refuse it without a document.
      if (headers.host === undefined && (httpVersionMajor > 1 || httpVersionMinor > 0)) return done(MALFORMED)
      let hosts = 0
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index]!
        if (name.length === HOST_LENGTH && name.toLowerCase() === 'host') hosts++
      }
      // RFC 9112 3.2: a proxy on the way may have routed by the other one.
      if (hosts < 2) done()
      else done(AMBIGUOUS)
    })
    const refuseExpectation = (_request: IncomingMessage, response: ServerResponse) => {
      const body = JSON.stringify(problemDocument(EXPECTATION_FAILED, app.publicUrl))
      response.writeHead(EXPECTATION_FAILED.statusCode, refusalHeaders(body)).end(body)
    }
    app.server.on('checkExpectation', refuseExpectation)
    app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      // Node looks for the word anywhere in the header.
      if (request.headers.expect?.toLowerCase() !== '100-continue') return refuseExpectation(request, response)
      response.writeContinue()
      app.server.emit('request', request, response)
    })
    // Node would close the connection without a word.
    app.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => {})
      socket.end(response(NO_TUNNEL, app.publicUrl), () => socket.destroy())
    })
  },
  { name: 'request-head', dependencies: ['errors'] }
)

/** Node's response that a socket carries now; the next one of a pipeline takes its place when it has ended. */
interface AnsweringSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null
}

/** Node reports the bytes that follow malformed ones too. */
const refused = new WeakSet<Socket>()

/**
 * Answers bytes that are not a request, for which there is no reply object. The error is not logged: it contains the raw
 * bytes, and with them any proof of payment.
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, publicUrl: string): void {
  if (error.code === 'ECONNRESET') socket.destroy()
  else if (!refused.has(socket)) {
    refused.add(socket)
    refuseAfterOthers(problemOf(error.code), socket, publicUrl)
  }
}

/**
 * Requests before the malformed bytes get their responses first: the refusal would otherwise be read as the response to a
 * payment that was pipelined before it.
 */
function refuseAfterOthers(problem: ProblemError, socket: AnsweringSocket, publicUrl: string): void {
  const pending = socket._httpMessage
  // A request that is incomplete is the malformed one.
  if (pending?.req.complete && !socket.destroyed) {
    pending.once('close', () => setImmediate(refuseAfterOthers, problem, socket, publicUrl))
    return
  }
  if (problemEvents.isHeard) problemEvents.publish({ code: problem.code, status: problem.statusCode })
  if (socket.writable && !pending?.headersSent) socket.write(response(problem, publicUrl))
  socket.destroy()
}

function problemOf(code: string | undefined): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return LATE
  return code === 'HPE_HEADER_OVERFLOW' ? LARGE : MALFORMED
}

function response(problem: ProblemError, publicUrl: string): string {
  const document = problemDocument(problem, publicUrl)
  const body = JSON.stringify(document)
  const headers = { ...refusalHeaders(body), ...problem.extras.headers }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
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
