import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import { answerQuestions } from './questions.ts'

/**
 * The real application as `server.ts` starts it, with two things that the bench needs: it counts the invoices that the
 * development wallet made, and holds the wallet on demand. A held wallet is one that works elsewhere, as LND does: its
 * signing, 1 ms in JavaScript, is no cost of a request.
 */
const config = loadConfig(process.env)
const app = await buildApp(config, { level: config.logLevel })
let invoices = 0
let held: Promise<void> | undefined
let release = () => {}

const node = app.lightning!
const createInvoice = node.createInvoice.bind(node)
node.createInvoice = async (request) => {
  await held
  const invoice = await createInvoice(request)
  invoices += 1
  return invoice
}

await app.listen({ host: '127.0.0.1', port: 0 })
answerQuestions(app.publicUrl, (question) => {
  if (question === 'hold')
    held = new Promise((resolve) => {
      release = resolve
    })
  if (question === 'release') {
    held = undefined
    release()
  }
  return { invoices }
})
