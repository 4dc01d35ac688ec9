/** A purchase that its payer has named: a retry that was signed anew is the same purchase. */
import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { until } from '../../support/until.ts'
import { isOffer, isProblem, isSold } from '../../support/x402/checks.ts'
import { type Answer, changed, type Order, type OrderOptions, workoutId } from '../../support/x402/client.ts'
import { SURE } from '../../support/x402/environment.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { type ScenarioOptions, scenario, type X402Service } from '../../support/x402/scenario.ts'

/** The two ways to name a purchase: beside the signature, and in a header of its own. */
type Way = 'payment-identifier' | 'Idempotency-Key'

class Named {
  readonly #service: X402Service
  readonly #way: Way
  readonly #name = randomUUID()

  constructor(service: X402Service, way: Way) {
    this.#service = service
    this.#way = way
  }

  order(options: OrderOptions = {}): Promise<Order> {
    return this.#service.client.order({
      ...options,
      ...(this.#way === 'payment-identifier' && { identifier: this.#name })
    })
  }

  send(order: Order): Promise<Answer> {
    return this.#service.client.send(order, this.#way === 'Idempotency-Key' ? { 'idempotency-key': this.#name } : {})
  }
}

/** In each mode under an identifier; under a key, which is read beside it, in one. */
function named(name: string, options: ScenarioOptions, run: Run): void {
  const modes = [options.modes?.[0] ?? 'facilitator'] as const
  for (const [way, its] of [
    ['payment-identifier', options],
    ['Idempotency-Key', { ...options, modes }]
  ] as const)
    scenario(`${way}: ${name}`, its, (t, service) => run(t, service, new Named(service, way)))
}
type Run = (t: Test, service: X402Service, purchase: Named) => Promise<void>

named('a retry that was signed anew gets the first answer, and stays unspent', {}, async (t, service, purchase) => {
  const first = await purchase.order()
  const { body } = first
  const bought = await purchase.send(first)
  await isSold(t, bought, service)
  const asked = service.asked('settle')
  for (let time = 0; time < 2; time++) {
    const retry = await purchase.order({ body })
    const answer = await purchase.send(retry)
    await isSold(t, answer, service, true)
    t.equal(answer.text, bought.text)
    t.equal(answer.headers.get('payment-response'), bought.headers.get('payment-response'), "the first one's receipt")
  }
  t.equal(service.asked('settle'), asked)
  await service.reopen()
  t.equal((await purchase.send(await purchase.order({ body }))).text, bought.text, 'after a restart too')
})

named('signed anew while the first still runs: one purchase', {}, async (t, service, purchase) => {
  const first = await purchase.order()
  const retry = await purchase.order({ body: first.body })
  service.hold('settle', 300)
  const running = purchase.send(first)
  await until('it is settled', () => service.asked('settle') === 1)
  const answer = await purchase.send(retry)
  await isSold(t, await running, service)
  await isSold(t, answer, service, true)
})

named('another request under the same name: 409', { modes: ['facilitator'] }, async (t, service, purchase) => {
  await isSold(t, await purchase.send(await purchase.order()), service)
  isProblem(t, await purchase.send(await purchase.order()), 409, 'proof_other_request')
})

named('another payer under the same name buys an answer of its own', { sold: 2 }, async (t, service, purchase) => {
  const first = await purchase.order()
  const bought = await purchase.send(first)
  const other = await service.chain.newPayer(100_000n)
  const answer = await purchase.send(await purchase.order({ body: first.body, payer: other }))
  await isSold(t, answer, service)
  t.not(workoutId(answer), workoutId(bought))
  t.equal(await service.chain.balance(other.address), 0n)
})

named("the name and the payer's address alone get nothing", {}, async (t, service, purchase) => {
  const first = await purchase.order()
  await isSold(t, await purchase.send(first), service)
  const thief = await service.chain.newPayer(100_000n)
  const stolen = await signPayment(thief.key, first.payment.terms, { from: first.payment.from })
  const forged = changed(first, ({ payload }) => {
    const { nonce, validBefore, signature } = stolen
    Object.assign(payload.authorization, { nonce, validAfter: '0', validBefore: String(validBefore) })
    payload.signature = signature
  })
  isOffer(t, await purchase.send(forged), 'proof_forged')
  t.equal(await service.chain.balance(thief.address), 100_000n)
})

named(
  'signed anew after an unknown settlement: the first payment is found, the second stays unspent',
  { modes: ['facilitator and chain'] },
  async (t, service, purchase) => {
    const first = await purchase.order()
    service.facilitator.fail('settle', { kind: 'drop', worked: true })
    service.rpc.on('*', () => {
      throw new Error('cut')
    })
    isProblem(t, await purchase.send(first), 503, 'settlement_pending')
    service.rpc.heal()
    service.facilitator.fail('settle')
    await isSold(t, await purchase.send(await purchase.order({ body: first.body })), service, true)
    t.equal(service.asked('settle'), 1)
  }
)

named(
  'signed anew while the first was never sent: 503 while nobody can send it, then the first is taken',
  { modes: SURE },
  async (t, service, purchase) => {
    const first = await purchase.order()
    const { body } = first
    const again = async () => purchase.send(await purchase.order({ body }))
    service.rpc.on('eth_estimateGas', () => {
      throw new Error('cut')
    })
    service.facilitator.fail('settle', { kind: 'drop', worked: false })
    isProblem(t, await purchase.send(first), 503, 'settlement_pending')
    isProblem(t, await again(), 503, 'settlement_pending')
    service.rpc.heal()
    service.facilitator.fail('settle')
    await isSold(t, await again(), service, true)
    await isSold(t, await purchase.send(first), service, true)
  }
)

named('after a refusal the name is free again', {}, async (t, service, purchase) => {
  const payer = await service.chain.newPayer(99_999n)
  const poor = await purchase.order({ payer })
  isOffer(t, await purchase.send(poor), 'insufficient_funds')
  await service.chain.transfer(service.chain.payer.address, payer.address, 1n)
  await isSold(t, await purchase.send(await purchase.order({ payer, body: poor.body })), service)
})

scenario(
  'names that are none: 400, since whoever counts on one would pay twice',
  { modes: ['facilitator'] },
  async (t, service) => {
    const { client } = service
    const order = await client.order()
    const ids: unknown[] = [
      'short',
      'a'.repeat(129),
      'with space in it',
      'w\u00fcrfel-w\u00fcrfel-1',
      '',
      7,
      [],
      {},
      true
    ]
    for (const id of ids) {
      const payload = { ...order.payload, extensions: { 'payment-identifier': { info: { required: false, id } } } }
      isProblem(t, await client.send({ ...order, payload }), 400, 'invalid_payload')
    }
    for (const key of ['with space', '', 'a'.repeat(256)]) {
      const answer = await client.send(order, { 'idempotency-key': key })
      t.ok([400, 422].includes(answer.status), `${key.slice(0, 10)}: ${answer.status}`)
    }
    t.equal(service.asked('verify'), 0)
    await isSold(t, await client.send(order, { 'idempotency-key': 'a'.repeat(255) }), service)
  }
)
