/** A facilitator, or a node, that fails, lies or dies, before and after computing. */

import { until } from '../../support/until.ts'
import { isOffer, isProblem, isSold } from '../../support/x402/checks.ts'
import { changed } from '../../support/x402/client.ts'
import { MODES, type Mode, SURE } from '../../support/x402/environment.ts'
import type { Fault } from '../../support/x402/facilitator.ts'
import { FALSE_FAILURE, FALSE_SUCCESS } from '../../support/x402/facilitator.ts'
import { cut, Refuse } from '../../support/x402/rpc-proxy.ts'
import { scenario } from '../../support/x402/scenario.ts'

type Way = { [K in Fault['kind']]: Omit<Extract<Fault, { kind: K }>, 'worked' | 'calls'> }[Fault['kind']]

const FAULTS: [name: string, fault: Way][] = [
  ['answers 500', { kind: 'status', status: 500 }],
  ['answers HTML', { kind: 'html' }],
  ['drops the line', { kind: 'drop' }],
  ['asks for less', { kind: 'status', status: 429 }],
  ['says nothing of use', { kind: 'lie', answer: { ok: true } }]
]
const BY_FACILITATOR: readonly Mode[] = MODES.filter((mode) => mode !== 'self')

for (const [name, fault] of FAULTS)
  scenario(
    `before computing the facilitator ${name}: 503, not charged`,
    { modes: ['facilitator'] },
    async (t, service) => {
      const { client, facilitator } = service
      const order = await client.order()
      facilitator.fail('verify', { ...fault, worked: false })
      const answer = await client.send(order)
      isProblem(t, answer, 503, 'payment_unavailable')
      t.match(JSON.parse(answer.text).detail, 'You were not charged.')
      facilitator.fail('verify')
      await isSold(t, await client.send(order), service)
    }
  )

scenario('the facilitator is down: quotes go on, payments wait', { modes: BY_FACILITATOR }, async (t, service) => {
  const { client, facilitator } = service
  await facilitator.close()
  await service.reopen()
  const order = await client.order()
  isProblem(t, await client.send(order), 503, 'payment_unavailable')
  t.equal((await client.ask('/v1/health')).status, 200)
  await facilitator.open()
  await isSold(t, await client.send(order), service)
})

for (const [name, fault] of FAULTS)
  scenario(
    `asked to settle the facilitator ${name}, and has done nothing: the same payment buys the answer later`,
    { modes: BY_FACILITATOR },
    async (t, service) => {
      const { client, facilitator } = service
      const order = await client.order()
      facilitator.fail('settle', { ...fault, worked: false })
      isProblem(t, await client.send(order), 503, 'settlement_pending')
      isProblem(t, await client.send(order), 503, 'settlement_pending')
      facilitator.fail('settle')
      await isSold(t, await client.send(order), service, true)
      isOffer(t, await client.send(order), 'proof_consumed')
    }
  )

for (const [name, fault] of FAULTS)
  scenario(
    `asked to settle the facilitator ${name}, but has settled: the chain tells`,
    { modes: ['facilitator and chain'] },
    async (t, service) => {
      const { client, facilitator } = service
      const order = await client.order()
      facilitator.fail('settle', { ...fault, worked: true })
      await isSold(t, await client.send(order), service)
      isOffer(t, await client.send(order), 'proof_consumed')
    }
  )

scenario(
  'the facilitator has settled and drops the line, and there is no chain to ask: never a second payment',
  { modes: ['facilitator'], sold: 0, pending: 1, unearnedAtomic: 100_000n },
  async (t, service) => {
    const { client, facilitator } = service
    const order = await client.order()
    facilitator.fail('settle', { kind: 'drop', worked: true, calls: 1 })
    for (let time = 0; time < 3; time++) isProblem(t, await client.send(order), 503, 'settlement_pending')
  }
)

scenario(
  'the facilitator has settled, neither it nor the node answers: the same payment collects later, once',
  { modes: ['facilitator and chain'] },
  async (t, service) => {
    const { client, facilitator, rpc } = service
    const order = await client.order()
    facilitator.fail('settle', { kind: 'drop', worked: true })
    rpc.on('*', cut)
    for (let time = 0; time < 2; time++) isProblem(t, await client.send(order), 503, 'settlement_pending')
    rpc.heal()
    await isSold(t, await client.send(order), service, true)
    isOffer(t, await client.send(order), 'proof_consumed')
  }
)

const CHAIN = { modes: ['facilitator and chain'] } as const
const NO_FUNDS = { ...FALSE_FAILURE, errorReason: 'insufficient_funds' }

scenario(
  'the facilitator reports a false success: no answer before the money has arrived',
  CHAIN,
  async (t, service) => {
    const { client, facilitator } = service
    const order = await client.order()
    facilitator.fail('settle', { kind: 'lie', answer: FALSE_SUCCESS, worked: false })
    isProblem(t, await client.send(order), 503, 'settlement_pending')
    isProblem(t, await client.send(order), 503, 'settlement_pending')
    facilitator.fail('settle')
    await isSold(t, await client.send(order), service, true)
  }
)

scenario("the facilitator names another payment's transaction", { ...CHAIN, sold: 2 }, async (t, service) => {
  const { client, facilitator, chain } = service
  const [first, second] = [await client.order(), await client.order()]
  const answer = await client.send(first)
  const { transaction } = JSON.parse(atob(answer.headers.get('payment-response') ?? ''))
  facilitator.fail('settle', { kind: 'lie', answer: { ...FALSE_SUCCESS, transaction }, worked: false, calls: 1 })
  isProblem(t, await client.send(second), 503, 'settlement_pending')
  t.equal(await chain.balance(service.payTo), 100_000n)
  await isSold(t, await client.send(second), service, true)
})

for (const [name, lie] of [
  ['of a failed transaction', FALSE_FAILURE],
  ['of a payer without money', NO_FUNDS]
] as const)
  scenario(`the facilitator lies ${name}, and has settled: the client gets the answer`, CHAIN, async (t, service) => {
    const order = await service.client.order()
    service.facilitator.fail('settle', { kind: 'lie', answer: lie, worked: true })
    await isSold(t, await service.client.send(order), service)
  })

scenario(
  'the facilitator calls a bad payment good: nothing is sold',
  { modes: BY_FACILITATOR, sold: 0 },
  async (t, service) => {
    const { client, facilitator } = service
    facilitator.fail('verify', { kind: 'lie', answer: { isValid: true }, worked: false })
    const poor = await client.order({ payer: await service.chain.newPayer(0n) })
    isOffer(t, await client.send(poor), 'insufficient_funds')
    const forged = changed(await client.order(), ({ payload }) => {
      payload.signature = `0x${'1b'.repeat(65)}`
    })
    isOffer(t, await client.send(forged), 'invalid_exact_evm_payload_signature')
  }
)

scenario(
  'the facilitator calls a good payment bad: nothing is taken',
  { modes: BY_FACILITATOR },
  async (t, service) => {
    const { client, facilitator } = service
    const order = await client.order()
    const answer = { isValid: false, invalidReason: 'moon_phase', invalidMessage: 'SAID-TO-NOBODY' }
    facilitator.fail('verify', { kind: 'lie', answer, worked: false })
    const refused = await client.send(order)
    isOffer(t, refused, 'invalid_payload')
    t.notMatch(refused.text + atob(refused.headers.get('payment-required') ?? ''), /moon_phase|SAID-TO-NOBODY/)
    facilitator.fail('verify')
    await isSold(t, await client.send(order), service)
  }
)

scenario('the node is down before computing: 503, not charged', { modes: ['self'] }, async (t, service) => {
  const { client, rpc } = service
  const order = await client.order()
  rpc.on('*', cut)
  isProblem(t, await client.send(order), 503, 'payment_unavailable')
  rpc.heal()
  await isSold(t, await client.send(order), service)
})

scenario(
  'the node stays down: the offer over Lightning alone, until it is back',
  { modes: ['self'] },
  async (t, service) => {
    const { client, rpc } = service
    const order = await client.order()
    rpc.on('*', cut)
    const ask = async () => JSON.parse((await client.post(client.workout())).text)
    for (let time = 0; time < 5; time++) isProblem(t, await client.send(order), 503, 'payment_unavailable')
    t.match(await ask(), { invoice: /^lnbcrt/, unavailable: { x402: /the chain does not respond/ } })
    rpc.heal()
    await until('both are offered', async () => (await ask()).unavailable === undefined)
    await isSold(t, await client.sendPatiently(order), service)
  }
)

scenario(
  'the node takes the transaction and drops the line: the answer, and one transaction',
  { modes: ['self'] },
  async (t, service) => {
    const { client, rpc } = service
    const order = await client.order()
    let sent = 0
    rpc.on('eth_sendRawTransaction', async (_, forward) => {
      sent += 1
      await forward()
      if (sent === 1) throw new Error('cut')
      throw new Refuse(-32000, 'already known')
    })
    await isSold(t, await client.send(order), service)
    isOffer(t, await client.send(order), 'proof_consumed')
  }
)

scenario(
  'a node that knows nothing of the payment: no answer before the chain has it',
  { modes: SURE, sold: 0, pending: 1 },
  async (t, service) => {
    const { client, rpc } = service
    const order = await client.order()
    rpc.on('eth_getLogs', () => [])
    rpc.on('eth_getTransactionReceipt', () => null)
    service.facilitator.fail('settle', { kind: 'lie', answer: FALSE_SUCCESS, worked: false })
    rpc.on('eth_sendRawTransaction', () => FALSE_SUCCESS.transaction)
    isProblem(t, await client.send(order), 503, 'settlement_pending')
  }
)
