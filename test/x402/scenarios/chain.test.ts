/** A chain that stands still, is reorganised, or has another clock. These have the chain to themselves, one by one. */

import { until } from '../../support/until.ts'
import type { TestChain } from '../../support/x402/chain.ts'
import { isOffer, isProblem, isSold } from '../../support/x402/checks.ts'
import { SURE } from '../../support/x402/environment.ts'
import { cut } from '../../support/x402/rpc-proxy.ts'
import { scenario } from '../../support/x402/scenario.ts'

/** Account 5 of the development mnemonic: the test facilitator's. */
const FACILITATOR = '0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc'

scenario(
  'the chain stalls after the transaction was sent: the same payment collects when it is mined',
  { modes: SURE },
  async (t, service) => {
    const { client, chain } = service
    const order = await client.order()
    await chain.mining(false)
    try {
      isProblem(t, await client.send(order), 503, 'settlement_pending')
      t.equal(await chain.balance(service.payTo), 0n)
    } finally {
      await chain.mining(true)
    }
    await isSold(t, await client.send(order), service, true)
    isOffer(t, await client.send(order), 'proof_consumed')
  }
)

scenario(
  'a reorganisation takes the transaction away before anybody saw it: settled anew, once',
  { modes: ['facilitator and chain'] },
  async (t, service) => {
    const { client, chain, facilitator, rpc } = service
    const order = await client.order()
    const nonce = await chain.sentBy(FACILITATOR)
    const reorganise = await chain.snapshot()
    facilitator.fail('settle', { kind: 'drop', worked: true, calls: 1 })
    rpc.on('*', cut)
    isProblem(t, await client.send(order), 503, 'settlement_pending')
    t.equal(await chain.balance(service.payTo), 100_000n)
    await reorganise()
    t.equal(await chain.balance(service.payTo), 0n)
    await skipNonces(chain, nonce)
    rpc.heal()
    await isSold(t, await client.send(order), service, true)
  }
)

scenario(
  'the authorisation expires on chain between verify and settle: nothing sold, nothing owed',
  { modes: SURE, sold: 0 },
  async (t, service) => {
    const { client, chain } = service
    const order = await client.order({ sign: await validFor(300, chain) })
    service.hold('settle', 300)
    const answer = client.send(order)
    await until('it is settled', () => service.asked('settle') === 1)
    await chain.travel(400)
    const answers = [await answer, await client.send(order), await client.send(order)]
    t.comment(answers.map((a) => [a.status, JSON.parse(a.text).code, JSON.parse(a.text).reason?.code].join(' ')))
    t.strictSame(
      answers.filter(({ status }) => status === 200),
      []
    )
  }
)

scenario(
  "the chain's clock is past the authorisation's end and ours is not: refused before anything is computed",
  { modes: SURE, sold: 0 },
  async (t, service) => {
    const { client, chain } = service
    const order = await client.order({ sign: await validFor(300, chain) })
    await chain.travel(400)
    const answer = await client.send(order)
    t.comment([answer.status, JSON.parse(answer.text).code, JSON.parse(answer.text).reason?.code].join(' '))
    t.equal(service.asked('settle'), 0)
  }
)

/** The chain's clock runs ahead once it has travelled. */
async function validFor(seconds: number, chain: TestChain) {
  const { timestamp } = (await chain.rpc('eth_getBlockByNumber', 'latest', false)) as { timestamp: string }
  return { validBefore: BigInt(timestamp) + BigInt(seconds) }
}

/** The facilitator counts its transactions itself, and a chain that goes back leaves it ahead. */
async function skipNonces(chain: TestChain, used: number): Promise<void> {
  await chain.rpc('anvil_setNonce', FACILITATOR, `0x${(used + 10).toString(16)}`)
}
