import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { paymentMiddleware } from '@x402/hono'
import { Hono } from 'hono'
import { answerQuestions } from '../questions.ts'
import { answer, resourceServer, routes } from './peer.ts'

/** `@x402/hono` on Node, with the body read as JSON once it is paid for. */
const app = new Hono()
app.use(paymentMiddleware(routes, resourceServer))
app.post('/v1/compute-power', async (context) => {
  await context.req.json()
  return context.json(answer)
})
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  answerQuestions(`http://127.0.0.1:${port}`, () => ({ invoices: 0 }))
)
// The bench's connections rest between their rounds.
;(server as Server).keepAliveTimeout = 60_000
