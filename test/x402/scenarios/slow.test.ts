/**
 * What has to wait for a time limit. These wait side by side, with their facilitators, in one process: on a busy machine
 * that alone is too long for some, and who bought nothing yet is told to ask again.
 */
import t from 'tap'
import { isOffer, isProblem, isSold } from '../../support/x402/checks.ts'
import { MODES, type Mode, SURE, until } from '../../support/x402/environment.ts'
import { FALSE_SUCCESS } from '../../support/x402/facilitator.ts'
import { hang } from '../../support/x402/rpc-proxy.ts'
import { scenario } from '../../support/x402/scenario.ts'

t.jobs = 8
const BY_FACILITATOR: readonly Mode[] = MODES.filter((mode) => mode !== 'self')
const FACILITATOR = { modes: ['facilitator'] } as const

scenario('before computing the facilitator hangs: 503 within its limit, not charged', FACILITATOR, async (t, shop) => {
  const { customer, facilitator } = shop
  const order = await customer.order()
  facilitator.fail('verify', { kind: 'hang', worked: false })
  isProblem(t, await customer.send(order), 503, 'payment_unavailable')
  facilitator.fail('verify')
  await isSold(t, await customer.sendPatiently(order), shop)
})

scenario('before computing the facilitator answers too late: 503, not charged', FACILITATOR, async (t, shop) => {
  const { customer } = shop
  const order = await customer.order()
  shop.hold('verify', 2500)
  isProblem(t, await customer.send(order), 503, 'payment_unavailable')
  await isSold(t, await customer.sendPatiently(order), shop)
})

scenario('the node hangs before computing: 503 within its limit, not charged', { modes: ['self'] }, async (t, shop) => {
  const { customer, rpc } = shop
  const order = await customer.order()
  rpc.on('*', hang)
  isProblem(t, await customer.send(order), 503, 'payment_unavailable')
  rpc.heal()
  await isSold(t, await customer.sendPatiently(order), shop)
})

scenario('after five failures nobody is asked, and one probe heals it', FACILITATOR, async (t, shop) => {
  const { customer, facilitator } = shop
  const order = await customer.order()
  facilitator.fail('verify', { kind: 'status', status: 500, worked: false })
  for (let time = 0; time < 8; time++) isProblem(t, await customer.send(order), 503, 'payment_unavailable')
  t.equal(facilitator.calls.verify, 5)
  const x402 = async () => JSON.parse((await customer.ask('/v1/health')).text).components.x402
  t.equal(await x402(), 'degraded')
  isOffer(t, await customer.post(customer.workout()))
  facilitator.fail('verify')
  isProblem(t, await customer.send(order), 503, 'payment_unavailable')
  await until('it may be asked again', async () => (await customer.send(order)).status === 200)
  t.equal(await x402(), 'ok')
})

for (const worked of [false, true])
  scenario(
    `asked to settle the facilitator freezes, and has ${worked ? '' : 'not '}settled: one answer in the end`,
    { modes: ['facilitator and chain'] },
    async (t, shop) => {
      const { customer, facilitator } = shop
      const order = await customer.order()
      facilitator.fail('settle', { kind: 'hang', worked, calls: 1 })
      const answer = await customer.sendPatiently(order)
      if (worked) return isSold(t, answer, shop)
      isProblem(t, answer, 503, 'settlement_pending')
      await isSold(t, await customer.send(order), shop, true)
      isOffer(t, await customer.send(order), 'proof_consumed')
    }
  )

scenario(
  'the facilitator settles after our limit: the same payment collects, once',
  { modes: ['facilitator and chain'] },
  async (t, shop) => {
    const { customer, chain, payTo } = shop
    const order = await customer.order()
    shop.hold('settle', 11_000)
    isProblem(t, await customer.sendPatiently(order), 503, 'settlement_pending')
    t.equal(await chain.balance(payTo), 0n)
    await until('it is settled', async () => (await chain.balance(payTo)) > 0n)
    await isSold(t, await customer.send(order), shop, true)
    isOffer(t, await customer.send(order), 'proof_consumed')
  }
)

scenario(
  'the facilitator settles after our limit, and there is its word alone: never a second payment',
  { modes: ['facilitator'], sold: 0, pending: 1, unearnedAtomic: 100_000n },
  async (t, shop) => {
    const { customer, chain, payTo } = shop
    const order = await customer.order()
    shop.hold('settle', 11_000)
    isProblem(t, await customer.sendPatiently(order), 503, 'settlement_pending')
    await until('it is settled', async () => (await chain.balance(payTo)) > 0n)
    isProblem(t, await customer.send(order), 503, 'settlement_pending')
  }
)

scenario('a copy waits no longer than its limit: 409 and Retry-After', { modes: BY_FACILITATOR }, async (t, shop) => {
  const { customer, facilitator } = shop
  const order = await customer.order()
  shop.hold('verify', 300)
  facilitator.fail('settle', { kind: 'hang', worked: false, calls: 1 })
  const first = customer.send(order)
  await until('it is verified', () => facilitator.calls.verify === 1)
  const copy = await customer.send(order)
  isProblem(t, copy, 409, 'request_running')
  t.ok(Number(copy.headers.get('retry-after')) >= 1)
  isProblem(t, await first, 503, 'settlement_pending')
  await isSold(t, await customer.send(order), shop, true)
})

scenario(
  'nobody comes back for a settlement that was left unknown: the reconciler ends it',
  { modes: SURE, collected: 0 },
  async (t, shop) => {
    const { customer, facilitator, rpc, chain, payTo } = shop
    const order = await customer.order()
    // The money moves, and the service is left to guess.
    facilitator.fail('settle', { kind: 'lie', answer: FALSE_SUCCESS, worked: true })
    rpc.on('eth_getLogs', () => [])
    rpc.on('eth_getTransactionReceipt', () => null)
    isProblem(t, await customer.sendPatiently(order), 503, 'settlement_pending')
    t.equal(await chain.balance(payTo), 100_000n)
    rpc.heal()
    await until('the books say so', () => shop.log().includes('payments that were left open are resolved'))
  }
)
