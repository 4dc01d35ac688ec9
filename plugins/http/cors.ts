import fp from 'fastify-plugin'

const EXPOSED = [
  'PAYMENT-REQUIRED',
  'PAYMENT-RESPONSE',
  'WWW-Authenticate',
  'Retry-After',
  'Idempotent-Replayed',
  'ETag'
].join(', ')

/** What every answer has, as names and values by turns. */
export const CROSS_ORIGIN_HEADERS = [
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  EXPOSED
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
 * Browsers may buy too: any origin, no cookies, and the headers that payment needs. Constant headers, so that no
 * request waits for options to be resolved. Every OPTIONS is answered here, a browser's or not.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      const [allowOrigin, anyOrigin, exposeHeaders, exposed] = CROSS_ORIGIN_HEADERS
      reply.header(allowOrigin, anyOrigin).header(exposeHeaders, exposed)
      if (request.method === 'OPTIONS') reply.code(204).headers(PREFLIGHT).send()
      else done()
    })
  },
  { name: 'cors' }
)
