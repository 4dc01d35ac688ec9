import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { NAMING_KEYWORDS } from '../../schemas/naming.ts'
import { answerQuestions } from './questions.ts'

/**
 * What everything is compared with: a bare Fastify server with `GET /v1/health`, and, where `BENCH_ANSWER` names a
 * file, one route of the same request, answer and schemas as ours, without any of our work.
 */
const app = Fastify({ ajv: { customOptions: { keywords: [...NAMING_KEYWORDS] } } })
app.get('/v1/health', () => ({ status: 'ok' }))
if (process.env.BENCH_ANSWER !== undefined) {
  const { ComputePowerAnswer, ComputePowerRequest } = await import('../../schemas/compute-power.ts')
  const answer = JSON.parse(readFileSync(process.env.BENCH_ANSWER, 'utf8'))
  app.post(
    '/v1/compute-power',
    { schema: { body: ComputePowerRequest, response: { 200: ComputePowerAnswer } } },
    (_request, reply) => {
      reply.send(answer)
    }
  )
}
const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`listens on ${url}\n`)
answerQuestions(url, () => ({ invoices: 0 }))
