import cors from '@fastify/cors'
import fp from 'fastify-plugin'

/** Browsers may buy too: any origin, no cookies, and the headers that payment needs. */
export default fp(
  async (app) => {
    await app.register(cors, {
      origin: '*',
      // OPTIONS without a browser's headers is answered too, not refused in plain text.
      strictPreflight: false,
      methods: ['GET', 'HEAD', 'POST', 'DELETE'],
      // The last one is no request header, but x402 clients send it as one.
      allowedHeaders: [
        'Content-Type',
        'Authorization',
        'PAYMENT-SIGNATURE',
        'Idempotency-Key',
        'X-PowerOracle-Agent',
        'Access-Control-Expose-Headers'
      ],
      exposedHeaders: [
        'PAYMENT-REQUIRED',
        'PAYMENT-RESPONSE',
        'WWW-Authenticate',
        'Retry-After',
        'Idempotent-Replayed',
        'ETag'
      ],
      maxAge: 86_400
    })
  },
  { name: 'cors' }
)
