import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { assetRoutes } from './assets.ts'
import { docsRoutes } from './docs.ts'
import { openPages } from './site.ts'
import { textRoutes } from './texts.ts'
import { tryRoutes } from './try.ts'

/** Pages for people, agents and crawlers; not part of the API. */
const pages: FastifyPluginAsyncTypebox = async (app) => {
  const shared = openPages(app)
  assetRoutes(app, shared)
  docsRoutes(app, shared)
  textRoutes(app, shared)
  tryRoutes(app, shared)
}
export default pages
