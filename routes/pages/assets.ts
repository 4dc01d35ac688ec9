import type { FastifyInstance } from 'fastify'
import { Prepared } from '../../lib/docs/html/prepared.ts'
import { nothingHere, sendPrepared } from './send-prepared.ts'
import type { Pages } from './site.ts'

/** A file with this name never changes, because the name contains a digest of its content. */
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

/** A power-duration curve and its best effort. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>path{stroke:#b3400f}circle{fill:#1f5fa8}@media(prefers-color-scheme:dark){path{stroke:#ff9a5c}circle{fill:#7db4f0}}</style><path d="M3 25C9 25 10 7 16 7s5 11 13 11" fill="none" stroke-width="3.5" stroke-linecap="round"/><circle cx="16" cy="7" r="4"/></svg>
`
