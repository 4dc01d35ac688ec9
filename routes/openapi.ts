import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { commonResponses } from '../schemas/responses.ts'

/** The OpenAPI document, made when it is first asked for. */
const openapi: FastifyPluginAsyncTypebox = async (app) => {
  let document: string | undefined
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApi',
        summary: 'This API as OpenAPI 3.1',
        tags: ['discover'],
        response: {
          200: { type: 'object', description: 'OpenAPI 3.1', additionalProperties: true },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      document ??= JSON.stringify({ ...app.swagger(), servers: [{ url: app.publicUrl }] })
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'public, max-age=300')
        .send(document)
    }
  )
}
export default openapi
