/**
 * What has to wait for a time limit. These wait side by side, with their facilitators, in one process: on a busy machine
 * that alone is too long for some, and who bought nothing yet is told to ask again.
 */
import t from 'tap'
import { until } from '../../support/until.ts'
import { isOffer, isProblem, isSold } from '../../support/x402/checks.ts'
import { MODES, type Mode, SURE } from '../../support/x402/environment.ts'
import { FALSE_SUCCESS } from '../../support/x402/facilitator.ts'
import { hang } from '../../support/x402/rpc-proxy.ts'
import { scenario, type X402Service } from '../../support/x402/scenario.ts'

t.jobs = 8
const BY_FACILITATOR: readonly Mode[] = MODES.filter((mode) => mode !== 'self')
const FACILITATOR = { modes: ['facilitator'] } as const

/** Before anything is computed. */
const SLOW_VERIFIERS: [
  name: string,
  mode: Mode,
  slowDown: (service: X402Service) => void,
  heal: (service: X402Service) => void
][] = [
  [
    'the facilitator hangs',
    'facilitator',
    ({ facilitator }) => facilitator.fail('verify', { kind: 'hang', worked: false }),
    ({ facilitator }) => facilitator.fail('verify')
  ],
  ['the facilitator answers too late', 'facilitator', (service) => service.hold('verify', 2500), () => {}],
  ['the node hangs', 'self', ({ rpc }) => rpc.on('*', hang), ({ rpc }) => rpc.heal()]
]
for (const [name, mode, slowDown, heal] of SLOW_VERIFIERS)
  scenario(`before computing ${name}: 503 within its limit, not charged`, { modes: [mode] }, async (t, service) => {
    const { client } = service
    const order = await client.order()
    slowDown(service)
    isProblem(t, await client.send(order), 503, 'payment_unavailable')
    heal(service)
    await isSold(t, await client.sendPatiently(order), service)
  })

scenario('after five failures no call is made, and one probe closes the breaker', FACILITATOR, async (t, service) => {
  const { client, facilitator } = service
  const order = await client.order()
  facilitator.fail('verify', { kind: 'status', status: 500, worked: false })
  for (let time = 0; time < 8; time++) isProblem(t, await client.send(order), 503, 'payment_unavailable')
  t.equal(facilitator.calls.verify, 5)
  const x402 = async () => JSON.parse((await client.ask('/v1/health')).text).components.x402
  t.equal(await x402(), 'degraded')
  const offer = await client.post(client.workout())
  t.equal(offer.headers.get('payment-required'), null, 'no offer that nobody could verify')
  t.match(JSON.parse(offer.text), { unavailable: { x402: /the facilitator does not respond/ } })
  facilitator.fail('verify')
  isProblem(t, await client.send(order), 503, 'payment_unavailable')
  await until('it may be asked again', async () => (await client.send(order)).status === 200)
  t.equal(await x402(), 'ok')
})

for (const worked of [false, true])
  scenario(
    `asked to settle the facilitator freezes, and has ${worked ? '' : 'not '}settled: one answer in the end`,
    { modes: ['facilitator and chain'] },
    async (t, service) => {
      const { client, facilitator } = service
      const order = await client.order()
      facilitator.fail('settle', { kind: 'hang', worked, calls: 1 })
      const answer = await client.sendPatiently(order)
      if (worked) return isSold(t, answer, service)
      isProblem(t, answer, 503, 'settlement_pending')
      await isSold(t, await client.send(order), service, true)
      isOffer(t, await client.send(order), 'proof_consumed')
    }
  )

scenario(
  'the facilitator settles after our limit: the same payment collects, once',
  { modes: ['facilitator and chain'] },
  async (t, service) => {
    const { client, chain, payTo } = service
    const order = await client.order()
    service.hold('settle', 11_000)
    isProblem(t, await client.sendPatiently(order), 503, 'settlement_pending')
    t.equal(await chain.balance(payTo), 0n)
    await until('it is settled', async () => (await chain.balance(payTo)) > 0n)
    await isSold(t, await client.send(order), service, true)
    isOffer(t, await client.send(order), 'proof_consumed')
  }
)

scenario(
  'the facilitator settles after our limit, and there is its word alone: never a second payment',
  { modes: ['facilitator'], sold: 0, pending: 1, unearnedAtomic: 100_000n },
  async (t, service) => {
    const { client, chain, payTo } = service
    const order = await client.order()
    service.hold('settle', 11_000)
    isProblem(t, await client.sendPatiently(order), 503, 'settlement_pending')
    await until('it is settled', async () => (await chain.balance(payTo)) > 0n)
    isProblem(t, await client.send(order), 503, 'settlement_pending')
  }
)

scenario(
  'a copy waits no longer than its limit: 409 and Retry-After',
  { modes: BY_FACILITATOR },
  async (t, service) => {
    const { client, facilitator } = service
    const order = await client.order()
    service.hold('verify', 300)
    facilitator.fail('settle', { kind: 'hang', worked: false, calls: 1 })
    const first = client.send(order)
    await until('it is verified', () => facilitator.calls.verify === 1)
    const copy = await client.send(order)
    isProblem(t, copy, 409, 'request_running')
    t.ok(Number(copy.headers.get('retry-after')) >= 1)
    isProblem(t, await first, 503, 'settlement_pending')
    await isSold(t, await client.send(order), service, true)
  }
)

scenario(
  'nobody comes back for a settlement that was left unknown: the reconciler ends it',
  { modes: SURE, collected: 0 },
  async (t, service) => {
    const { client, facilitator, rpc, chain, payTo } = service
    const order = await client.order()
    // The money moves, and the service is left to guess.
    facilitator.fail('settle', { kind: 'lie', answer: FALSE_SUCCESS, worked: true })
    rpc.on('eth_getLogs', () => [])
    rpc.on('eth_getTransactionReceipt', () => null)
    isProblem(t, await client.sendPatiently(order), 503, 'settlement_pending')
    t.equal(await chain.balance(payTo), 100_000n)
    rpc.heal()
    await until('the books say so', () => service.log().includes('pending payments are resolved'))
  }
)

scenario(
  'the settler freezes, the client hangs up, and nobody comes back: the reconciler takes the money',
  { modes: MODES },
  async (t, service) => {
    const { client } = service
    const order = await client.order()
    const hangUp = new AbortController()
    service.freeze('settle')
    const lost = client.send(order, {}, hangUp.signal).catch(() => undefined)
    await until('the money is to be taken', () => service.asked('settle') > 0)
    hangUp.abort()
    await lost
    await until('the books say so', () => service.log().includes('pending payments are resolved'), 60_000)
    await isSold(t, await client.send(order), service, true)
    isOffer(t, await client.send(order), 'proof_consumed')
  }
)
