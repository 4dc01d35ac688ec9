import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { assetRoutes } from './assets.ts'
import { docsRoutes } from './docs.ts'
import { nothingHere } from './send-prepared.ts'
import { openPages } from './site.ts'
import { textRoutes } from './texts.ts'

/** What people, agents and crawlers read; nothing here is part of the API. */
const pages: FastifyPluginAsyncTypebox = async (app) => {
  const shared = openPages(app)
  assetRoutes(app, shared)
  docsRoutes(app, shared)
  textRoutes(app, shared)
  app.get('/', { schema: { hide: true } }, (request, reply) => {
    // A program that asks for the root has mistaken the host for an API.
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) throw nothingHere()
    return reply.redirect('/docs')
  })
}
export default pages
