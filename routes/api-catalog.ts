import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { commonResponses } from '../schemas/responses.ts'
import { ApiCatalog } from '../schemas/well-known.ts'

/** RFC 9727: links to everything else, for an agent that knows only the host. */
const apiCatalog: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/.well-known/api-catalog',
    {
      schema: {
        operationId: 'getApiCatalog',
        summary: 'Links to the description, health and prices of this API',
        tags: ['discover'],
        response: {
          200: { description: 'The link set.', content: { 'application/linkset+json': { schema: ApiCatalog } } },
          ...commonResponses
        }
      }
    },
    (_request, reply) => {
      const url = app.publicUrl
      // For HEAD, which has no link set (RFC 9727, section 2).
      const link = `<${url}/.well-known/api-catalog>; rel="api-catalog", <${url}/v1/compute-power>; rel="item"`
      const catalog: ApiCatalog = {
        linkset: [
          {
            anchor: url,
            'service-desc': [{ href: `${url}/openapi.json`, type: 'application/vnd.oai.openapi+json;version=3.1' }],
            'service-doc': [
              { href: `${url}/docs`, type: 'text/html' },
              { href: `${url}/llms.txt`, type: 'text/plain' }
            ],
            'service-meta': [{ href: `${url}/v1/payment-requirements`, type: 'application/json' }],
            status: [{ href: `${url}/v1/health`, type: 'application/json' }],
            item: [{ href: `${url}/v1/compute-power` }, { href: `${url}/v1/movements`, type: 'application/json' }]
          }
        ]
      }
      reply
        .header('content-type', 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"')
        .header('link', link)
        .header('cache-control', 'public, max-age=300')
        .send(catalog)
    }
  )
}
export default apiCatalog
