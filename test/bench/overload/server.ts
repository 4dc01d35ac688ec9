import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buildApp } from '../../../app.ts'
import { loadConfig } from '../../../config.ts'
import { answerQuestions } from '../questions.ts'

/**
 * The service as `server.ts` starts it, which also measures how long it has each request that it refuses: from the parsed
 * head to the last byte of the answer. How long a request waits before that, only a client sees.
 */
const config = loadConfig(process.env)
const app = await buildApp(config, { level: config.logLevel })
const began = new WeakMap<IncomingMessage, number>()
let refusedMs: number[] = []
subscribe('http.server.request.start', (message) => {
  began.set((message as { request: IncomingMessage }).request, performance.now())
})
subscribe('http.server.response.finish', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
  if (response.statusCode === 503) refusedMs.push(performance.now() - began.get(request)!)
})
await app.listen({ host: '127.0.0.1', port: 0 })
answerQuestions(app.publicUrl, () => {
  const reported = refusedMs
  refusedMs = []
  return { invoices: 0, refusedMs: reported }
})
