import type { FastifyReply } from 'fastify'
import { PROBLEM_MEDIA_TYPE } from '../../lib/problems/problem.ts'

/**
 * Sends a prepared refusal without Fastify's reply, whose own sending would double the cost of a refusal. No `onSend`
 * hook sees it: it is only for refusals before a charge, which hold no claim.
 * @param headers names and values alternate, beside those of every refusal
 * @param body a problem document
 */
export function sendReady(reply: FastifyReply, status: number, headers: readonly string[], body: string): void {
  reply.raw.writeHead(status, [
    ...reply.server.commonHeaders,
    ...headers,
    'content-type',
    PROBLEM_MEDIA_TYPE,
    'cache-control',
    'no-store',
    'content-length',
    String(Buffer.byteLength(body))
  ])
  reply.hijack()
  reply.raw.end(body)
}
