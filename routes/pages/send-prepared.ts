import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Prepared } from '../../lib/docs/html/prepared.ts'
import { isKnown } from '../../lib/http/response-headers.ts'
import { ProblemError } from '../../lib/problems/problem.ts'
import type { Pages } from './site.ts'

/** For an unknown name under a known path. */
export function nothingHere(): ProblemError {
  return new ProblemError(404, 'not_found', 'No resource exists at this path.')
}

/** Only resources from this host, and no inline code. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** A page may change with a release; its assets have names that change with their content. */
const PAGE_CACHING = 'public, max-age=300'

/** Sends a prepared document, compressed if the client accepts it, or 304 to a client that has it. */
export async function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  document: Prepared,
  caching = PAGE_CACHING
): Promise<FastifyReply> {
  reply
    .header('content-type', document.mediaType)
    .header('cache-control', caching)
    .header('vary', 'Accept, Accept-Encoding')
    .header('etag', document.etag)
  if (document.mediaType.startsWith('text/html'))
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('referrer-policy', 'no-referrer')
  if (isKnown(request.headers['if-none-match'], document.etag)) return reply.code(304).send()
  const { encoding, bytes } = await document.bytesFor(request.headers['accept-encoding'])
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.send(bytes)
}

/** Serves a document at its path. It is no part of the API's description. */
export function serveDocument(
  app: FastifyInstance,
  pages: Pages,
  path: string,
  mediaType: string,
  make: Parameters<Pages['prepared']>[2]
): void {
  app.get(path, { schema: { hide: true } }, async (request, reply) =>
    sendPrepared(request, reply, await pages.prepared(path, mediaType, make))
  )
}
