import type { FastifyInstance } from 'fastify'
import { everyVariable } from '../../config.ts'
import { movementsDocument } from '../../lib/compute/document.ts'
import { curveSvg } from '../../lib/curve/picture/curve-svg.ts'
import { curvePage } from '../../lib/docs/guides/curve-page.ts'
import { guidePage } from '../../lib/docs/guides/guide-page.ts'
import { movementsPage } from '../../lib/docs/guides/movements-page.ts'
import { problemPage, problemsPage } from '../../lib/docs/problems/problem-pages.ts'
import type { OpenApi } from '../../lib/docs/reference/openapi-parts.ts'
import { referencePage } from '../../lib/docs/reference/reference-page.ts'
import { searchIndex } from '../../lib/docs/search-index.ts'
import type { CurveAnswer } from '../../schemas/curve.ts'
import { curveAnswerExample } from '../../schemas/curve-example.ts'
import { nothingHere, sendPrepared, serveDocument } from './send-prepared.ts'
import type { Pages } from './site.ts'

const HTML = 'text/html; charset=utf-8'

/** The documentation: static pages, rendered on first request. */
export function docsRoutes(app: FastifyInstance, pages: Pages): void {
  const document = () => app.swagger() as unknown as OpenApi

  const fixed = {
    '/docs': (site: Parameters<typeof problemsPage>[0]) => referencePage(document(), site, pages.priceUsd),
    '/docs/errors': problemsPage,
    '/docs/movements': (site: Parameters<typeof problemsPage>[0]) => movementsPage(site, movementsDocument()),
    '/docs/curve': curvePage
  }
  for (const [path, make] of Object.entries(fixed)) serveDocument(app, pages, path, HTML, make)

  const named = {
    '/docs/errors': problemPage,
    '/docs/guides': (site: Parameters<typeof problemPage>[0], name: string) => guidePage(site, everyVariable(), name)
  }
  for (const [folder, make] of Object.entries(named))
    app.get<{ Params: { name: string } }>(`${folder}/:name`, { schema: { hide: true } }, async (request, reply) => {
      const { name } = request.params
      const text = make(await pages.site(), name)
      if (text === undefined) throw nothingHere()
      return sendPrepared(request, reply, await pages.prepared(`${folder}/${name}`, HTML, () => text))
    })

  app.get('/docs/guides', { schema: { hide: true } }, (_request, reply) => reply.redirect('guides/curl'))

  serveDocument(app, pages, '/docs/curve-example.svg', 'image/svg+xml', () =>
    curveSvg(curveAnswerExample as unknown as CurveAnswer)
  )

  serveDocument(app, pages, '/docs/search.json', 'application/json; charset=utf-8', () =>
    JSON.stringify(searchIndex(document(), movementsDocument(), app.railDescriptions))
  )
}
