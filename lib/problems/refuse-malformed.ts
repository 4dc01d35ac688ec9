import type { Socket } from 'node:net'
import { PROBLEM_MEDIA_TYPE, problemDocument } from './problem-document.ts'
import { ProblemError } from './problem-error.ts'

const LATE = new ProblemError(408, 'request_too_slow', 'The request did not arrive in time.')
const LARGE = new ProblemError(431, 'headers_too_large', 'The headers are larger than this service takes.')
const MALFORMED = new ProblemError(400, 'http_malformed', 'This is not HTTP as RFC 9112 has it.')

/**
 * Answers bytes that are no request at all, for which there is no reply object. The error is not logged: it holds the
 * raw bytes, and with them whatever proof of payment was among them.
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) socket.write(response(problemOf(error.code)))
  socket.destroy()
}

function problemOf(code: string | undefined): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return LATE
  return code === 'HPE_HEADER_OVERFLOW' ? LARGE : MALFORMED
}

function response(problem: ProblemError): string {
  const document = problemDocument(problem)
  const body = JSON.stringify(document)
  const head = [
    `HTTP/1.1 ${document.status} ${document.title}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Referrer-Policy: no-referrer',
    'Connection: close'
  ]
  return [...head, '', body].join('\r\n')
}
