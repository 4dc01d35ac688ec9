import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** Headers of every response that a web page may read: names and values alternate. */
    readonly commonHeaders: readonly string[]
  }
}

/** Response headers that a script in a browser could not read otherwise, beside those of the rails. */
const EXPOSED = [
  ...['Retry-After', 'Idempotent-Replayed', 'ETag', 'Allow', 'Content-Disposition', 'Link'],
  ...['Content-Encoding', 'Vary']
]
/** Request headers, beside those of the rails. The last one is a response header, but paying clients send it. */
const ALLOWED = ['X-PowerOracle-Agent', 'If-None-Match', 'Access-Control-Expose-Headers']

const ALLOW_ORIGIN = 'access-control-allow-origin'
const EXPOSE_HEADERS = 'access-control-expose-headers'
const CONTENT_TYPE_OPTIONS = 'x-content-type-options'

/**
 * Browsers may buy too: any origin, no cookies, and the headers that payment needs. Web pages have no access to
 * development routes. The headers are constant, so that no request waits for options to be resolved. Every OPTIONS is
 * answered here, whether a browser sent it or not.
 */
export default fp(
  async (app) => {
    let exposed = ''
    let common: readonly string[] = []
    let preflight: Readonly<Record<string, string>> = {}
    app.decorate('commonHeaders', { getter: () => common })
    app.addHook('onReady', async () => {
      const descriptions = app.railDescriptions
      const offersAndReceipts = descriptions.flatMap(({ offerHeaders, receiptHeaders }) =>
        Object.keys({ ...offerHeaders, ...receiptHeaders })
      )
      exposed = [...new Set([...offersAndReceipts.sort(), ...EXPOSED])].join(', ')
      common = [ALLOW_ORIGIN, '*', EXPOSE_HEADERS, exposed, CONTENT_TYPE_OPTIONS, 'nosniff']
      const proofs = descriptions.flatMap(({ requestHeaders, securityScheme }) => [
        ...(securityScheme === undefined ? [] : [securityScheme.name]),
        ...Object.keys(requestHeaders)
      ])
      preflight = {
        'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
        'access-control-allow-headers': [...new Set(['Content-Type', ...proofs, ...ALLOWED])].join(', '),
        'access-control-max-age': '86400',
        // Without it Safari waits for a body that never comes.
        'content-length': '0'
      }
    })
    const development = new Set<string>()
    app.addHook('onRoute', ({ config, url }) => {
      if (config?.developmentPart !== undefined) development.add(url)
    })
    app.addHook('onRequest', (request, reply, done) => {
      reply.header(CONTENT_TYPE_OPTIONS, 'nosniff')
      const isPreflight = request.method === 'OPTIONS'
      const isForPages = isPreflight
        ? !development.has(request.url.split('?')[0]!)
        : request.routeOptions.config.developmentPart === undefined
      if (isForPages) reply.header(ALLOW_ORIGIN, '*').header(EXPOSE_HEADERS, exposed)
      if (!isPreflight) return done()
      if (isForPages) reply.headers(preflight)
      reply.code(204).send()
    })
  },
  { name: 'common-headers', dependencies: ['rails'] }
)
