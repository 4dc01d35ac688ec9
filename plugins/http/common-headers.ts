import fp from 'fastify-plugin'

/** Every header of any response that a script in a browser could not read otherwise. */
const EXPOSED = [
  'PAYMENT-REQUIRED',
  'PAYMENT-RESPONSE',
  'WWW-Authenticate',
  'Retry-After',
  'Idempotent-Replayed',
  'ETag',
  'Allow',
  'Content-Disposition'
].join(', ')

/** What every response has, as names and values by turns. */
export const COMMON_HEADERS = [
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  EXPOSED,
  'x-content-type-options',
  'nosniff'
] as const

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
  // The last one is no request header, but x402 clients send it as one.
  'access-control-allow-headers': [
    'Content-Type',
    'Authorization',
    'PAYMENT-SIGNATURE',
    'Idempotency-Key',
    'X-PowerOracle-Agent',
    'If-None-Match',
    'Access-Control-Expose-Headers'
  ].join(', '),
  'access-control-max-age': '86400',
  // Safari waits for a body that never comes, unless told that there is none.
  'content-length': '0'
}

/**
 * Browsers may buy too: any origin, no cookies, and the headers that payment needs. Development routes are for no web
 * page. The headers are constant, so that no request waits for options to be resolved. Every OPTIONS is answered here,
 * whether a browser sent it or not.
 */
export default fp(
  async (app) => {
    const [allowOrigin, anyOrigin, exposeHeaders, exposed, contentTypeOptions, nosniff] = COMMON_HEADERS
    const development = new Set<string>()
    app.addHook('onRoute', ({ config, url }) => {
      if (config?.developmentPart !== undefined) development.add(url)
    })
    app.addHook('onRequest', (request, reply, done) => {
      reply.header(contentTypeOptions, nosniff)
      const isPreflight = request.method === 'OPTIONS'
      const isForPages = isPreflight
        ? !development.has(request.url.split('?')[0]!)
        : request.routeOptions.config.developmentPart === undefined
      if (isForPages) reply.header(allowOrigin, anyOrigin).header(exposeHeaders, exposed)
      if (!isPreflight) return done()
      if (isForPages) reply.headers(PREFLIGHT)
      reply.code(204).send()
    })
  },
  { name: 'common-headers' }
)
