import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { docsPage } from '../lib/docs/docs-page.ts'
import { llmsText } from '../lib/docs/llms-text.ts'
import { formatUsd } from '../lib/price/usd.ts'
import { computePowerExample } from '../schemas/compute-power.ts'
import { commonResponses } from '../schemas/responses.ts'

const page = (description: string, mediaType: string) => ({
  200: { description, content: { [mediaType]: { schema: Type.String() } } },
  ...commonResponses
})

/** This API for people and for agents, made when it is first asked for. */
const docs: FastifyPluginAsyncTypebox = async (app) => {
  const priceUsd = formatUsd(app.config.priceMicroUsd.compute_power)
  let html: string | undefined
  let text: string | undefined

  app.get(
    '/docs',
    {
      schema: {
        operationId: 'getDocs',
        summary: 'This API for people',
        tags: ['discover'],
        response: page('One page.', 'text/html')
      }
    },
    (_request, reply) => {
      html ??= docsPage(app.swagger(), app.publicUrl, priceUsd, JSON.stringify(computePowerExample, null, 2))
      reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
        .header('cache-control', 'public, max-age=300')
        .send(html)
    }
  )

  app.get(
    '/llms.txt',
    {
      schema: {
        operationId: 'getLlmsText',
        summary: 'This API for agents',
        tags: ['discover'],
        response: page('llms.txt', 'text/plain')
      }
    },
    (_request, reply) => {
      text ??= llmsText(app.publicUrl, priceUsd, JSON.stringify(computePowerExample))
      reply
        .header('content-type', 'text/plain; charset=utf-8')
        .header('cache-control', 'public, max-age=300')
        .send(text)
    }
  )
}
export default docs
