/** A purchase that its payer has named: a retry that was signed anew is the same purchase. */
import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { isOffer, isProblem, isSold } from '../../support/x402/checks.ts'
import { type Answer, changed, type Order, type OrderOptions, workoutId } from '../../support/x402/client.ts'
import { SURE, until } from '../../support/x402/environment.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { type ScenarioOptions, type Shop, scenario } from '../../support/x402/scenario.ts'

/** The two ways to name a purchase: beside the signature, and in a header of its own. */
type Way = 'payment-identifier' | 'Idempotency-Key'

class Named {
  readonly #shop: Shop
  readonly #way: Way
  readonly #name = randomUUID()

  constructor(shop: Shop, way: Way) {
    this.#shop = shop
    this.#way = way
  }

  order(options: OrderOptions = {}): Promise<Order> {
    return this.#shop.customer.order({
      ...options,
      ...(this.#way === 'payment-identifier' && { identifier: this.#name })
    })
  }

  send(order: Order): Promise<Answer> {
    return this.#shop.customer.send(order, this.#way === 'Idempotency-Key' ? { 'idempotency-key': this.#name } : {})
  }
}

/** In each mode under an identifier; under a key, which is read beside it, in one. */
function named(name: string, options: ScenarioOptions, run: Run): void {
  const modes = [options.modes?.[0] ?? 'facilitator'] as const
  for (const [way, its] of [
    ['payment-identifier', options],
    ['Idempotency-Key', { ...options, modes }]
  ] as const)
    scenario(`${way}: ${name}`, its, (t, shop) => run(t, shop, new Named(shop, way)))
}
type Run = (t: Test, shop: Shop, purchase: Named) => Promise<void>

named('a retry that was signed anew gets the first answer, and stays unspent', {}, async (t, shop, purchase) => {
  const first = await purchase.order()
  const { body } = first
  const bought = await purchase.send(first)
  await isSold(t, bought, shop)
  const asked = shop.asked('settle')
  for (let time = 0; time < 2; time++) {
    const retry = await purchase.order({ body })
    const answer = await purchase.send(retry)
    await isSold(t, answer, shop, true)
    t.equal(answer.text, bought.text)
    t.equal(answer.headers.get('payment-response'), bought.headers.get('payment-response'), "the first one's receipt")
  }
  t.equal(shop.asked('settle'), asked)
  await shop.reopen()
  t.equal((await purchase.send(await purchase.order({ body }))).text, bought.text, 'after a restart too')
})

named('signed anew while the first still runs: one purchase', {}, async (t, shop, purchase) => {
  const first = await purchase.order()
  const retry = await purchase.order({ body: first.body })
  shop.hold('settle', 300)
  const running = purchase.send(first)
  await until('it is settled', () => shop.asked('settle') === 1)
  const answer = await purchase.send(retry)
  await isSold(t, await running, shop)
  await isSold(t, answer, shop, true)
})

named('another request under the same name: 409', { modes: ['facilitator'] }, async (t, shop, purchase) => {
  await isSold(t, await purchase.send(await purchase.order()), shop)
  isProblem(t, await purchase.send(await purchase.order()), 409, 'proof_other_request')
})

named('another payer under the same name buys an answer of its own', { sold: 2 }, async (t, shop, purchase) => {
  const first = await purchase.order()
  const bought = await purchase.send(first)
  const other = await shop.chain.newPayer(100_000n)
  const answer = await purchase.send(await purchase.order({ body: first.body, payer: other }))
  await isSold(t, answer, shop)
  t.not(workoutId(answer), workoutId(bought))
  t.equal(await shop.chain.balance(other.address), 0n)
})

named("the name and the payer's address alone get nothing", {}, async (t, shop, purchase) => {
  const first = await purchase.order()
  await isSold(t, await purchase.send(first), shop)
  const thief = await shop.chain.newPayer(100_000n)
  const stolen = await signPayment(thief.key, first.payment.terms, { from: first.payment.from })
  const forged = changed(first, ({ payload }) => {
    const { nonce, validBefore, signature } = stolen
    Object.assign(payload.authorization, { nonce, validAfter: '0', validBefore: String(validBefore) })
    payload.signature = signature
  })
  isOffer(t, await purchase.send(forged), 'proof_forged')
  t.equal(await shop.chain.balance(thief.address), 100_000n)
})

named(
  'signed anew after an unknown settlement: the first payment is found, the second stays unspent',
  { modes: ['facilitator and chain'] },
  async (t, shop, purchase) => {
    const first = await purchase.order()
    shop.facilitator.fail('settle', { kind: 'drop', worked: true })
    shop.rpc.on('*', () => {
      throw new Error('cut')
    })
    isProblem(t, await purchase.send(first), 503, 'settlement_pending')
    shop.rpc.heal()
    shop.facilitator.fail('settle')
    await isSold(t, await purchase.send(await purchase.order({ body: first.body })), shop, true)
    t.equal(shop.asked('settle'), 1)
  }
)

named(
  'signed anew while nobody can tell of the first: 503, never a second payment',
  { modes: SURE, sold: 0, pending: 1 },
  async (t, shop, purchase) => {
    const first = await purchase.order()
    shop.rpc.on('eth_sendRawTransaction', () => {
      throw new Error('cut')
    })
    shop.facilitator.fail('settle', { kind: 'drop', worked: false })
    isProblem(t, await purchase.send(first), 503, 'settlement_pending')
    shop.facilitator.fail('settle')
    isProblem(t, await purchase.send(await purchase.order({ body: first.body })), 503, 'settlement_pending')
  }
)

named('after a refusal the name is free again', {}, async (t, shop, purchase) => {
  const payer = await shop.chain.newPayer(99_999n)
  const poor = await purchase.order({ payer })
  isOffer(t, await purchase.send(poor), 'insufficient_funds')
  await shop.chain.transfer(shop.chain.payer.address, payer.address, 1n)
  await isSold(t, await purchase.send(await purchase.order({ payer, body: poor.body })), shop)
})

scenario(
  'names that are none: 400, since whoever counts on one would pay twice',
  { modes: ['facilitator'] },
  async (t, shop) => {
    const { customer } = shop
    const order = await customer.order()
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
      isProblem(t, await customer.send({ ...order, payload }), 400, 'invalid_payload')
    }
    for (const key of ['with space', '', 'a'.repeat(256)]) {
      const answer = await customer.send(order, { 'idempotency-key': key })
      t.ok([400, 422].includes(answer.status), `${key.slice(0, 10)}: ${answer.status}`)
    }
    t.equal(shop.asked('verify'), 0)
    await isSold(t, await customer.send(order, { 'idempotency-key': 'a'.repeat(255) }), shop)
  }
)
