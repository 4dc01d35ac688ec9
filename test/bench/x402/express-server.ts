import type { AddressInfo } from 'node:net'
import { paymentMiddleware } from '@x402/express'
import express from 'express'
import { answerQuestions } from '../questions.ts'
import { answer, resourceServer, routes } from './peer.ts'

/** `@x402/express`, with the body read as JSON once it is paid for. */
const app = express()
app.use(paymentMiddleware(routes, resourceServer))
app.post('/v1/compute-power', express.json(), (_request, response) => {
  response.json(answer)
})
const server = app.listen(0, '127.0.0.1', () =>
  answerQuestions(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => ({ invoices: 0 }))
)
// The bench's connections rest between their rounds.
server.keepAliveTimeout = 60_000
