import type { IncomingMessage, ServerResponse } from 'node:http'
import fp from 'fastify-plugin'
import { problemDocument } from '../../lib/problems/problem-document.ts'
import { ProblemError } from '../../lib/problems/problem-error.ts'
import { EXPECTATION_FAILED, refusalHeaders } from '../../lib/problems/refuse-malformed.ts'

const HOST_LENGTH = 'host'.length

/** Refuses request heads that Node takes and this service must not, or that Node refuses without a document. */
export default fp(
  async (app) => {
    app.addHook('onRequest', ({ raw: { rawHeaders } }, _reply, done) => {
      let hosts = 0
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index]!
        if (name.length === HOST_LENGTH && name.toLowerCase() === 'host') hosts++
      }
      // RFC 9112 3.2: a proxy on the way may have gone by the other one.
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
