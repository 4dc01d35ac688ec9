import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { movementsDocument } from '../lib/compute/document.ts'
import { isKnown } from '../lib/http/response-headers.ts'
import { MovementsDocument } from '../schemas/movements.ts'
import { commonResponses, ETag, IfNoneMatch } from '../schemas/responses.ts'

/** The movement registry: the measured movements and their coefficients. */
const movements: FastifyPluginAsyncTypebox = async (app) => {
  let prepared: { body: string; etag: string } | undefined
  const prepare = () => {
    const body = JSON.stringify(movementsDocument())
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
  }
  app.get(
    '/v1/movements',
    {
      schema: {
        operationId: 'listMovements',
        summary: 'Every movement, its inputs, coefficients and sources',
        tags: ['discover'],
        headers: Type.Object({ 'if-none-match': IfNoneMatch }),
        response: {
          200: {
            description: MovementsDocument.description,
            headers: { ETag },
            content: { 'application/json': { schema: MovementsDocument } }
          },
          304: { type: 'null', description: 'Not modified.', headers: { ETag } },
          ...commonResponses
        }
      }
    },
    (request, reply) => {
      prepared ??= prepare()
      const { body, etag } = prepared
      reply.header('etag', etag).header('cache-control', 'public, max-age=300')
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
      return reply.header('content-type', 'application/json; charset=utf-8').send(body)
    }
  )
}
export default movements
