import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { guidance, type PaymentInfo, paymentInfo } from '../lib/openapi/extensions.ts'
import { JsonObject } from '../schemas/naming.ts'
import { commonResponses } from '../schemas/responses.ts'

const CATEGORIES = ['fitness', 'sports', 'compute']

/** The OpenAPI document, created at the first request, and again when a rail's terms become known or change. */
const openapi: FastifyPluginAsyncTypebox = async (app) => {
  const { rails, paidRoutes } = app
  let described = ''
  let document = ''
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApi',
        summary: 'This API as an OpenAPI 3.1 document',
        tags: ['discover'],
        response: {
          200: { description: 'The OpenAPI 3.1 document.', content: { 'application/json': { schema: JsonObject } } },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const infos = paidRoutes.map(({ priceMicroUsd }) => paymentInfo(rails, priceMicroUsd))
      const terms = JSON.stringify(infos)
      if (document === '' || terms !== described) {
        document = documentText(infos)
        described = terms
      }
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'public, max-age=300')
        // Sent as text.
        .send(document as never)
    }
  )

  /** @param infos how each paid route is paid for */
  function documentText(infos: readonly (PaymentInfo | undefined)[]): string {
    const { publicUrl: url } = app
    const { paths, ...document } = app.swagger()
    const contact = { name: document.info.title, url: `${url}/docs` }
    return JSON.stringify({
      ...document,
      info: { ...document.info, contact, 'x-guidance': guidance(app.railDescriptions) },
      servers: [{ url }],
      'x-service-info': {
        categories: CATEGORIES,
        docs: { homepage: url, apiReference: `${url}/docs`, llms: `${url}/llms.txt` }
      },
      paths: Object.fromEntries(Object.entries(paths ?? {}).map(([path, item]) => [path, withInfo(path, item, infos)]))
    })
  }

  function withInfo(path: string, item: object, infos: readonly (PaymentInfo | undefined)[]): object {
    const operations = Object.entries(item).map(([method, operation]) => {
      const index = paidRoutes.findIndex((route) => route.path === path && route.method.toLowerCase() === method)
      const info = infos[index]
      return [method, info === undefined ? operation : { ...operation, 'x-payment-info': info }]
    })
    return Object.fromEntries(operations)
  }
}
export default openapi
