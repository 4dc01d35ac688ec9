import type { FastifyReply } from 'fastify'
import { PROBLEM_MEDIA_TYPE } from '../../lib/problems/problem.ts'

/**
 * Sends a refusal that is ready, past Fastify's own way of sending, which takes as long as all else that a refusal
 * needs. No `onSend` hook sees it: it is for what comes before a charge, and holds no claim.
 * @param headers names and values by turns, beside those that every refusal has
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
