import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Rail } from '../../lib/billing/rail.ts'
import { RailUnavailable } from '../../lib/billing/rail.ts'
import { promiseRail } from '../lib/billing/promise-rail.ts'
import { type Signed, SimulatedChain, sign } from '../lib/billing/simulated-chain.ts'
import { type Answer, ask, PATH, purchase, startApp, workout } from '../support/purchase.ts'

// A rail of our own interface that takes its money after computing: what HTTP tells of it is the same for any such rail.

let nonces = 0
const signed = (): Signed => sign('ann', String(++nonces), { validBefore: Math.floor(Date.now() / 1000) + 60 })

interface Counter {
  readonly app: FastifyInstance
  readonly chain: SimulatedChain
  /** Asks with a promise. */
  readonly pay: (body: unknown, proof: Signed, headers?: Record<string, string>) => Promise<Answer>
}

async function open(t: Test, change: Partial<Rail> = {}, settings: Record<string, string> = {}): Promise<Counter> {
  const app = await startApp(t, { LIGHTNING: 'off', ...settings })
  const chain = new SimulatedChain()
  chain.nowSeconds = Math.floor(Date.now() / 1000)
  app.rails.push({ ...promiseRail(chain), ...change })
  const pay: Counter['pay'] = (body, proof, headers) =>
    ask(app, body, undefined, { headers: { 'x-promise': JSON.stringify(proof), ...headers } })
  return { app, chain, pay }
}

/** An answer that was paid, with its receipt. */
function isAnswer(t: Test, answer: Answer, receipt: string, isReplay: boolean): void {
  t.equal(answer.statusCode, 200, answer.body.slice(0, 200))
  t.equal(answer.headers['x-promise-response'], receipt)
  t.equal(answer.headers['idempotent-replayed'], isReplay ? 'true' : undefined)
  t.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal(answer.headers['x-promise-required'], undefined)
}

/** A problem document, and nothing of an answer in it. */
function isRefusal(t: Test, answer: Answer, status: number, code: string): void {
  t.equal(answer.statusCode, status, answer.body.slice(0, 200))
  t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal(answer.headers['x-promise-response'], undefined, 'no receipt')
  t.equal(answer.headers['x-promise-required'], status === 402 ? '7' : undefined, 'an offer in a 402 alone')
  const body = answer.json()
  t.strictSame([body.status, body.reason?.code ?? body.code], [status, code])
  t.notMatch(answer.body, 'total_work')
}

t.test('paid, replayed bare, replayed under its name', async (t) => {
  const { app, chain, pay } = await open(t)
  isRefusalWithOffer(t, await ask(app, workout()))
  const [body, proof] = [workout(), signed()]
  const first = await pay(body, proof, { 'idempotency-key': 'n' })
  isAnswer(t, first, 'transfer 1', false)
  isRefusal(t, await pay(body, proof), 402, 'proof_consumed')
  const named = await pay(body, signed(), { 'idempotency-key': 'n' })
  isAnswer(t, named, 'transfer 1', true)
  t.equal(named.body, first.body)
  t.equal(chain.moved.size, 1)
})

function isRefusalWithOffer(t: Test, answer: Answer): void {
  t.strictSame([answer.statusCode, answer.headers['x-promise-required']], [402, '7'])
}

t.test('twenty copies at once: one execution, one settlement, one connection gets the answer', async (t) => {
  const { chain, pay } = await open(t)
  const [body, proof] = [workout(), signed()]
  const answers = await Promise.all(Array.from({ length: 20 }, () => pay(body, proof)))
  const sold = answers.filter(({ statusCode }) => statusCode === 200)
  t.equal(sold.length, 1)
  isAnswer(t, sold[0]!, 'transfer 1', false)
  for (const answer of answers) if (answer !== sold[0]) isRefusal(t, answer, 409, 'request_running')
  t.equal(chain.count('settle'), 1)
})

t.test('twenty copies under one name at once: one settlement, the same bytes for each', async (t) => {
  const { chain, pay } = await open(t)
  const [body, proof] = [workout(), signed()]
  const copies = Array.from({ length: 20 }, () => pay(body, proof, { 'idempotency-key': 'n' }))
  const answers = await Promise.all(copies)
  t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))], [200])
  t.equal(new Set(answers.map(({ body }) => body)).size, 1)
  for (const { headers } of answers) t.equal(headers['x-promise-response'], 'transfer 1', 'each has the receipt')
  t.equal(chain.count('settle'), 1)
})

t.test('used for another request: 409, nothing taken', async (t) => {
  const { chain, pay } = await open(t)
  const [body, proof] = [workout(), signed()]
  await pay(body, proof)
  isRefusal(t, await pay(workout(), proof), 409, 'proof_other_request')
  await pay(body, signed(), { 'idempotency-key': 'n' })
  const fresh = signed()
  isRefusal(t, await pay(workout(), fresh, { 'idempotency-key': 'n' }), 409, 'proof_other_request')
  t.equal(chain.count('settle', fresh), 0)
})

t.test('two proofs at once: 400', async (t) => {
  const { app, chain } = await open(t, {}, { LIGHTNING: 'embedded' })
  const body = workout()
  const { authorization } = await purchase(app, body)
  const headers = { 'x-promise': JSON.stringify(signed()) }
  const refused = await ask(app, body, authorization, { headers })
  isRefusal(t, refused, 400, 'two_proofs')
  t.equal(refused.json().detail, 'Send one proof of payment: Authorization or X-Promise, not both.')
  t.equal(chain.calls.length, 0)
})

t.test('verification is unavailable: 503, not charged, and it works later', async (t) => {
  const { chain, pay } = await open(t)
  const [body, proof] = [workout(), signed()]
  chain.confirming = 'unavailable'
  const answer = await pay(body, proof)
  isRefusal(t, answer, 503, 'payment_unavailable')
  t.match(answer.json().detail, /You were not charged\.$/)
  t.equal(answer.headers['retry-after'], '3')
  chain.confirming = 'truth'
  isAnswer(t, await pay(body, proof), 'transfer 1', false)
})

t.test('refused once it was computed: 402 with a fresh offer, and no answer', async (t) => {
  const { chain, pay } = await open(t)
  const proof = signed()
  chain.settling = 'refuses'
  isRefusal(t, await pay(workout(), proof), 402, 'cancelled')
  t.equal(chain.moved.size, 0)
})

t.test('refused once it was computed, and no rail can make an offer: 503', async (t) => {
  const challenge = () => {
    throw new RailUnavailable(503, 'The chain is unreachable.', 4)
  }
  const { chain, pay } = await open(t, { challenge })
  chain.settling = 'refuses'
  isRefusal(t, await pay(workout(), signed()), 503, 'payment_unavailable')
})

t.test('not known whether it was taken: 503 and never 402, then the answer', async (t) => {
  for (const settling of ['hides', 'loses'] as const) {
    const { chain, pay } = await open(t)
    const [body, proof] = [workout(), signed()]
    Object.assign(chain, { settling, resolving: 'blind' })
    for (let time = 0; time < 3; time++) {
      const answer = await pay(body, proof)
      isRefusal(t, answer, 503, 'settlement_pending')
      t.equal(answer.headers['retry-after'], '5')
      t.equal(answer.json().retryable, true)
    }
    Object.assign(chain, { settling: 'truth', resolving: 'truth' })
    isAnswer(t, await pay(body, proof), 'transfer 1', true)
    isRefusal(t, await pay(body, proof), 402, 'proof_consumed')
  }
})

t.test('a receipt that fails holds no answer back', async (t) => {
  const receipt = () => {
    throw new RailUnavailable(503, 'No receipts today.', 1)
  }
  const { chain, pay } = await open(t, { receipt })
  const [body, proof] = [workout(), signed()]
  const answer = await pay(body, proof)
  t.strictSame([answer.statusCode, typeof answer.json().results], [200, 'object'], answer.body.slice(0, 200))
  t.equal(chain.moved.size, 1)
  isRefusal(t, await pay(body, proof), 402, 'proof_consumed')
})

t.test('a rail without receipts: the answer leaves once all the same', async (t) => {
  const { pay } = await open(t, { receipt: undefined } as unknown as Partial<Rail>)
  const [body, proof] = [workout(), signed()]
  t.equal((await pay(body, proof)).statusCode, 200)
  isRefusal(t, await pay(body, proof), 402, 'proof_consumed')
})

t.test('the client hangs up before the answer has left: the same payment collects it, once', async (t) => {
  const { app, chain, pay } = await open(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const [body, proof] = [workout(), signed()]
  const lineIsDown = new Promise<void>((resolve) => {
    app.server.once('connection', (socket) => socket.once('close', () => resolve()))
  })
  const client = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: PATH,
    headers: { 'content-type': 'application/json', 'x-promise': JSON.stringify(proof) }
  })
  client.on('error', () => {})
  chain.at = (moment) => {
    if (moment !== 'settle') return
    client.destroy()
    return lineIsDown
  }
  client.end(JSON.stringify(body))
  await lineIsDown
  chain.at = () => {}
  // The first one may still be at its last step: this one waits for it.
  isAnswer(t, await pay(body, proof), 'transfer 1', true)
  isRefusal(t, await pay(body, proof), 402, 'proof_consumed')
  t.equal(chain.count('settle'), 1)
})
