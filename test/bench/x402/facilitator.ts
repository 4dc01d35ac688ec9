import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from '../questions.ts'
import { SETTLED, SUPPORTED, VALID } from './answers.ts'

/** A facilitator that reads what it is asked and says yes: what it costs falls on its own process. */
const answers: Readonly<Record<string, string>> = {
  '/supported': JSON.stringify(SUPPORTED),
  '/verify': JSON.stringify(VALID),
  '/settle': JSON.stringify(SETTLED)
}
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const answer = answers[request.url ?? '']!
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
  })
})
// Shorter, and a client may write into a connection that is being closed.
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () =>
  answerQuestions(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => ({ invoices: 0 }))
)
