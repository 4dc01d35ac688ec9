import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { JsonObject } from '../schemas/naming.ts'
import { commonResponses } from '../schemas/responses.ts'

/** The OpenAPI document, created at the first request. */
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
          200: { description: 'The OpenAPI 3.1 document.', content: { 'application/json': { schema: JsonObject } } },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      document ??= documentText()
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'public, max-age=300')
        // Sent as the text that it is.
        .send(document as never)
    }
  )

  function documentText(): string {
    const document = app.swagger()
    const contact = { name: document.info.title, url: `${app.publicUrl}/docs` }
    return JSON.stringify({ ...document, info: { ...document.info, contact }, servers: [{ url: app.publicUrl }] })
  }
}
export default openapi
