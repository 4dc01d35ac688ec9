import { isUtf8 } from 'node:buffer'
import fp from 'fastify-plugin'
import { ProblemError } from '../../lib/problems/problem-error.ts'

/**
 * Bodies are JSON alone, in UTF-8, as they are: what was read is what a payment is bound to, so nothing is guessed at.
 * Fastify would take plain text as a string, and put another letter where bytes are no UTF-8.
 */
export default fp(
  async (app) => {
    const parse = app.getDefaultJsonParser('error', 'error')
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
      const { 'content-encoding': encoding = 'identity' } = request.headers
      if (encoding.toLowerCase() !== 'identity')
        return done(new ProblemError(415, 'encoding_unsupported', 'Send the body without Content-Encoding.'))
      if (!isUtf8(bytes)) return done(new ProblemError(400, 'json_malformed', 'The body is not valid UTF-8.'))
      parse(request, bytes.toString(), done)
    })
  },
  { name: 'json-bodies', dependencies: ['errors'] }
)
