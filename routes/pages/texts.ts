import type { FastifyInstance } from 'fastify'
import { movementsDocument } from '../../lib/compute/document.ts'
import { guideNames } from '../../lib/docs/guides/guide-page.ts'
import type { Site } from '../../lib/docs/html/page.ts'
import { llmsFullText, llmsText } from '../../lib/docs/llms-text.ts'
import { problemGuides } from '../../lib/docs/problems/problem-pages.ts'
import { robotsText, securityText, sitemap } from '../../lib/docs/site-files.ts'
import { serveDocument } from './send-prepared.ts'
import type { Pages } from './site.ts'

const TEXT = 'text/plain; charset=utf-8'
const PAGES = ['/', '/docs', '/docs/errors', '/docs/movements', '/docs/curve']

/** Texts for programs: llms.txt, robots.txt, the sitemap and security.txt. */
export function textRoutes(app: FastifyInstance, pages: Pages): void {
  const year = new Date().getUTCFullYear()

  serve('/llms.txt', TEXT, (site) => llmsText(site, pages.priceUsd, pages.soldRails()))
  serve('/llms-full.txt', TEXT, (site) => llmsFullText(site, pages.priceUsd, pages.soldRails(), movementsDocument()))
  serve('/robots.txt', TEXT, ({ publicUrl }) => robotsText(publicUrl))
  serve('/sitemap.xml', 'application/xml; charset=utf-8', ({ publicUrl, rails }) => sitemap(publicUrl, pathsOf(rails)))
  serve('/.well-known/security.txt', TEXT, ({ publicUrl }) => securityText(publicUrl, year))

  function serve(path: string, mediaType: string, make: (site: Site) => string): void {
    serveDocument(app, pages, path, mediaType, make)
  }
}

/** Every page. */
function pathsOf(rails: Site['rails']): string[] {
  return [
    ...PAGES,
    ...guideNames(rails).map((name) => `/docs/guides/${name}`),
    ...problemGuides(rails).map(({ code }) => `/docs/errors/${code}`)
  ]
}
