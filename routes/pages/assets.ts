import type { FastifyInstance } from 'fastify'
import { FAVICON } from '../../lib/docs/html/favicon.ts'
import { Prepared } from '../../lib/docs/html/prepared.ts'
import { nothingHere, sendPrepared } from './send-prepared.ts'
import type { Pages } from './site.ts'

/** A file with this name never changes: its name holds a digest of its content. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const DAY = 'public, max-age=86400'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8'
}

/** Scripts, the stylesheet and the icon. */
export function assetRoutes(app: FastifyInstance, pages: Pages): void {
  const prepared = new Map<string, Prepared>()
  const icon = new Prepared(FAVICON, 'image/svg+xml')

  app.get<{ Params: { name: string } }>('/assets/:name', { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params
    const { files } = await pages.bundle()
    const file = files.get(name)
    const mediaType = MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)]
    if (file === undefined || mediaType === undefined) throw nothingHere()
    let asset = prepared.get(name)
    if (asset === undefined) {
      asset = new Prepared(file, mediaType)
      prepared.set(name, asset)
    }
    return sendPrepared(request, reply, asset, FOR_EVER)
  })

  app.get('/favicon.svg', { schema: { hide: true } }, (request, reply) => sendPrepared(request, reply, icon, DAY))
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.redirect('favicon.svg', 301))
}
