import { isUtf8 } from 'node:buffer'
import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import fp from 'fastify-plugin'
import { type MemberSchema, removeAbsent } from '../../lib/json/absent-members.ts'
import { ProblemError } from '../../lib/problems/problem.ts'

/** For these methods Fastify reads a body if a content type announces one. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Accepts only JSON bodies in UTF-8, unchanged: a payment is bound to the body as read, so nothing is guessed. Fastify
 * would accept plain text as a string and replace bytes that are not UTF-8. The one exception: null for an optional
 * member is read as absent, before validation.
 */
export default fp(
  async (app) => {
    // Names such as `__proto__` are unknown fields like any other: every schema of a body is closed, or its map is checked
    // name by name. JSON.parse makes own members of them, which change no prototype.
    const parse = app.getDefaultJsonParser('ignore', 'ignore')
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
      // Without a resource the form of a body does not matter.
      if (request.is404) return done(null, undefined)
      const { 'content-encoding': encoding = 'identity' } = request.headers
      if (encoding.toLowerCase() !== 'identity')
        return done(new ProblemError(415, 'encoding_unsupported', 'Send the body without Content-Encoding.'))
      if (!isUtf8(bytes)) return done(new ProblemError(400, 'json_malformed', 'The body is not valid UTF-8.'))
      const text = bytes.toString()
      // A search of the text costs far less than a walk over every body, and less than a search of its bytes.
      if (!text.includes('null')) return parse(request, text, done)
      parse(request, text, (error, body) => {
        const schema = request.routeOptions.schema?.body as MemberSchema | undefined
        if (schema !== undefined) removeAbsent(body, schema)
        done(error, body)
      })
    })
    app.addHook('onRoute', (route) => {
      const hasBody = (route.schema as { body?: object } | undefined)?.body !== undefined
      if (!hasBody && [route.method].flat().some((method) => WITH_BODY.has(method)))
        route.preParsing = [passEmptyBody, ...[route.preParsing ?? []].flat()]
    })
  },
  { name: 'json-bodies', dependencies: ['errors'] }
)

/** Drops the content type of an empty body: many clients announce a body that they do not send. */
function passEmptyBody(
  { headers }: FastifyRequest,
  _reply: unknown,
  payload: NodeJS.ReadableStream,
  done: HookHandlerDoneFunction
): void {
  const isEmpty = () => {
    delete headers['content-type']
    delete headers['transfer-encoding']
    done()
  }
  if (headers['transfer-encoding'] === undefined) {
    const { 'content-length': length = '0' } = headers
    return length === '0' ? isEmpty() : done()
  }
  payload.once('readable', () => {
    const chunk = payload.read()
    if (chunk === null) return isEmpty()
    payload.unshift(chunk)
    done()
  })
}
