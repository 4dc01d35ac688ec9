import type { FastifyReply } from 'fastify'
import { PROBLEM_MEDIA_TYPE } from '../../lib/problems/problem.ts'

/**
 * Sends a prepared response without Fastify's reply, whose own sending would double the cost of a refusal. No `onSend`
 * hook sees it: it is only for refusals before a charge and for stored answers, which hold no claim.
 * @param headers names and values alternate, beside those of every such response
 * @param body a problem document, unless another media type is given
 */
export function sendReady(
  reply: FastifyReply,
  status: number,
  headers: readonly string[],
  body: string,
  mediaType = PROBLEM_MEDIA_TYPE
): void {
  reply.raw.writeHead(status, [
    ...reply.server.commonHeaders,
    ...headers,
    'content-type',
    mediaType,
    'cache-control',
    'no-store',
    'content-length',
    String(Buffer.byteLength(body))
  ])
  reply.hijack()
  reply.raw.end(body)
}
