import type { FastifyInstance } from 'fastify'
import { movementsDocument } from '../../lib/compute/document.ts'
import { CATALOGUE_PATH, tryCatalogue, tryPage } from '../../lib/docs/try-page.ts'
import { nothingHere, sendPrepared } from './send-prepared.ts'
import type { Pages } from './site.ts'

/** The try page, and the movements of its form. */
export function tryRoutes(app: FastifyInstance, pages: Pages): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    // A program that requests the root takes the host for an API.
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) throw nothingHere()
    const document = await pages.prepared('/', 'text/html; charset=utf-8', (site) =>
      tryPage(site, pages.priceUsd, pages.soldRails())
    )
    return sendPrepared(request, reply, document)
  })

  app.get(CATALOGUE_PATH, { schema: { hide: true } }, async (request, reply) =>
    sendPrepared(
      request,
      reply,
      await pages.prepared(CATALOGUE_PATH, 'application/json; charset=utf-8', () => tryCatalogue(movementsDocument()))
    )
  )
}
