import { buildApp } from '../../../app.ts'
import { loadConfig } from '../../../config.ts'
import { BoundedFacilitatorClient } from '../../../lib/x402/facilitator/facilitator-client.ts'
import { answerQuestions } from '../questions.ts'
import { SETTLED, VALID } from './answers.ts'

/**
 * The real application as `server.ts` starts it. With `BENCH_FACILITATOR=inside` it asks nobody: the client says yes
 * by itself, so that what is left is our own cost.
 */
if (process.env.BENCH_FACILITATOR === 'inside') {
  BoundedFacilitatorClient.prototype.verify = async () => VALID
  BoundedFacilitatorClient.prototype.settle = async () => SETTLED
}
const config = loadConfig(process.env)
const app = await buildApp(config, { level: config.logLevel })
await app.listen({ host: '127.0.0.1', port: 0 })
answerQuestions(app.publicUrl, () => ({ invoices: 0 }))
