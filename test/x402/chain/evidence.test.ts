import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { encodeFunctionData, parseAbi } from 'viem'
import { quantity, TOPICS, word } from '../../../lib/x402/chain/abi.ts'
import { ChainEvidence } from '../../../lib/x402/chain/evidence.ts'
import { JsonRpc } from '../../../lib/x402/chain/json-rpc.ts'
import { judge, type Receipt } from '../../../lib/x402/chain/receipt.ts'
import type { Hex } from '../../../lib/x402/settler.ts'
import { noAnvil, refOf, startTestChain, type TestChain, transferCall } from '../../support/x402/chain.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { cut, hang, Refuse, startRpcProxy } from '../../support/x402/rpc-proxy.ts'

const MULTICALL3 = '0xca11bde05977b3631167028862be2a173976ca11'
const NO_SUCH_TRANSACTION: Hex = `0x${'ab'.repeat(32)}`
const UNKNOWN = { kind: 'unknown' }

function evidenceOf(t: Test, rpcUrl: string, limitMs?: number): ChainEvidence {
  const rpc = new JsonRpc(rpcUrl)
  t.teardown(() => rpc.close())
  return new ChainEvidence(rpc, limitMs)
}

/** Several calls of the token in one transaction. */
function sendTogether(chain: TestChain, calls: readonly Hex[]): Promise<Hex> {
  const abi = parseAbi(['function tryAggregate(bool requireSuccess, (address target, bytes callData)[] calls)'])
  const target = chain.embedded.asset
  const args = [true, calls.map((callData) => ({ target, callData }))] as const
  return chain.send({ from: chain.payer.address, to: MULTICALL3, data: encodeFunctionData({ abi, args }) })
}

async function latestBlock(chain: TestChain): Promise<{ number: Hex; timestamp: Hex }> {
  return (await chain.rpc('eth_getBlockByNumber', 'latest', false)) as { number: Hex; timestamp: Hex }
}

t.test('what the chain says of an authorisation', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const evidence = evidenceOf(t, chain.rpcUrl)
  const sign = (override = {}) => signPayment(chain.payer.key, chain.terms(), override)

  await t.test('unused, with the time of the chain', async (t) => {
    const ref = refOf(await sign())
    const before = await latestBlock(chain)
    t.strictSame(await evidence.find(ref), { kind: 'unused', chainTimeSeconds: BigInt(before.timestamp) })
    await chain.travel(3600)
    const after = await latestBlock(chain)
    t.strictSame(await evidence.find(ref), { kind: 'unused', chainTimeSeconds: BigInt(after.timestamp) })
    t.ok(BigInt(after.timestamp) >= BigInt(before.timestamp) + 3600n)
  })

  const sinceTravel = { validBefore: BigInt(Math.floor(Date.now() / 1000) + 36_000) }

  await t.test('submitted by a stranger: settled, once it is mined', async (t) => {
    const payment = await sign(sinceTravel)
    await chain.mining(false)
    const transaction = await chain.submitAsStranger(payment)
    t.match(await evidence.find(refOf(payment)), { kind: 'unused' }, 'a waiting transaction is nothing yet')
    await chain.mining(true)
    t.strictSame(await evidence.find(refOf(payment)), { kind: 'settled', transaction })
  })

  await t.test('cancelled by the payer', async (t) => {
    const payment = await sign()
    await chain.cancel(chain.payer, payment.nonce)
    t.strictSame(await evidence.find(refOf(payment)), { kind: 'cancelled' })
  })

  await t.test('one nonce signed twice: what went elsewhere has not paid us', async (t) => {
    for (const other of [{ to: chain.payer.address }, { value: 99_999n }]) {
      const payment = await sign(sinceTravel)
      await chain.submitAsStranger(await sign({ ...sinceTravel, nonce: payment.nonce, ...other }))
      t.strictSame(await evidence.find(refOf(payment)), { kind: 'cancelled' })
    }
  })

  await t.test('two authorisations in one transaction: one transfer counts for one of them', async (t) => {
    const [paying, other] = [await sign(sinceTravel), await sign(sinceTravel)]
    const toSelf = await sign({ ...sinceTravel, nonce: other.nonce, to: chain.payer.address })
    const restore = await chain.snapshot()
    const inOrder = [transferCall(paying), transferCall(toSelf)]
    const transaction = await sendTogether(chain, inOrder)
    t.strictSame(await evidence.find(refOf(paying)), { kind: 'settled', transaction })
    t.strictSame(await evidence.find(refOf(other)), { kind: 'cancelled' })
    await restore()
    const reversed = await sendTogether(chain, inOrder.toReversed())
    t.strictSame(await evidence.find(refOf(paying)), { kind: 'settled', transaction: reversed })
    t.strictSame(await evidence.find(refOf(other)), { kind: 'cancelled' })
  })

  await t.test('a hint is believed only with its receipt', async (t) => {
    const proxy = await startRpcProxy(t, chain.rpcUrl)
    const asked = evidenceOf(t, proxy.url)
    const payment = await sign(sinceTravel)
    t.match(await asked.find(refOf(payment), NO_SUCH_TRANSACTION), { kind: 'unused' }, 'a success that never was')
    const stray = await chain.submitAsStranger(await sign(sinceTravel))
    t.match(await asked.find(refOf(payment), stray), { kind: 'unused' }, "another payment's transaction")
    const transaction = await chain.submitAsStranger(payment)
    t.strictSame(await asked.find(refOf(payment), stray), { kind: 'settled', transaction })
    const searches = proxy.asked.get('eth_getLogs')
    t.strictSame(await asked.find(refOf(payment), transaction), { kind: 'settled', transaction })
    t.equal(proxy.asked.get('eth_getLogs'), searches, 'a good hint spares the search')
  })

  await t.test('after a reorganisation the payment is unused again', async (t) => {
    const payment = await sign(sinceTravel)
    const restore = await chain.snapshot()
    const transaction = await chain.submitAsStranger(payment)
    t.match(await evidence.find(refOf(payment)), { kind: 'settled' })
    await restore()
    t.match(await evidence.find(refOf(payment), transaction), { kind: 'unused' })
  })

  await t.test('state and time are of one block', async (t) => {
    const proxy = await startRpcProxy(t, chain.rpcUrl)
    const payment = await sign(sinceTravel)
    const before = await latestBlock(chain)
    proxy.on('eth_getBlockByNumber', async (_, forward) => {
      const block = await forward()
      await chain.submitAsStranger(payment)
      return block
    })
    const expected = { kind: 'unused', chainTimeSeconds: BigInt(before.timestamp) }
    t.strictSame(await evidenceOf(t, proxy.url).find(refOf(payment)), expected, 'what came later is not mixed in')
    t.match(await evidence.find(refOf(payment)), { kind: 'settled' })
  })

  await t.test('another network than the node is on', async (t) => {
    t.strictSame(await evidence.find({ ...refOf(await sign()), network: 'eip155:8453' }), UNKNOWN)
  })

  await t.test('no contract at the address', async (t) => {
    t.strictSame(await evidence.find({ ...refOf(await sign()), asset: chain.payer.address }), UNKNOWN)
  })
})

t.test('the search for the log', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const proxy = await startRpcProxy(t, chain.rpcUrl)
  const payment = await signPayment(chain.payer.key, chain.terms())
  const transaction = await chain.submitAsStranger(payment)
  const evidence = evidenceOf(t, proxy.url)
  await chain.rpc('anvil_mine', quantity(3_000n))

  await t.test('goes back further than its first span', async (t) => {
    t.strictSame(await evidence.find(refOf(payment)), { kind: 'settled', transaction })
    t.equal(proxy.asked.get('eth_getLogs'), 2)
  })

  await t.test('takes smaller spans from a node that allows no more', async (t) => {
    proxy.on('eth_getLogs', ([filter], forward) => {
      const { fromBlock, toBlock } = filter as Record<string, Hex>
      if (BigInt(toBlock!) - BigInt(fromBlock!) + 1n > 150n) throw new Refuse(-32005, 'block range is too wide')
      return forward()
    })
    proxy.asked.clear()
    t.strictSame(await evidence.find(refOf(payment)), { kind: 'settled', transaction })
    t.equal(proxy.asked.get('eth_getLogs'), 27, 'too wide at 2,000 and 500; 3,000 blocks are 25 times 125')
  })

  await t.test('gives up on a node that allows none', async (t) => {
    proxy.on('eth_getLogs', () => {
      throw new Refuse(-32601, 'the method does not exist')
    })
    t.strictSame(await evidence.find(refOf(payment)), UNKNOWN)
  })

  await t.test('has an end', async (t) => {
    proxy.heal()
    proxy.asked.clear()
    proxy.on('eth_getBlockByNumber', () => ({ number: '0xf4240', timestamp: '0x1', hash: NO_SUCH_TRANSACTION }))
    proxy.on('eth_call', () => word(1n))
    proxy.on('eth_getLogs', () => [])
    t.strictSame(await evidence.find(refOf(payment)), UNKNOWN)
    t.equal(proxy.asked.get('eth_getLogs'), 12, '100,000 blocks in spans of 2,000 to 10,000')
  })
})

t.test('a node that fails or returns wrong data', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const proxy = await startRpcProxy(t, chain.rpcUrl)
  const payment = await signPayment(chain.payer.key, chain.terms())
  const transaction = await chain.submitAsStranger(payment)
  const evidence = evidenceOf(t, proxy.url)
  const find = () => evidence.find(refOf(payment), transaction)
  const settled = { kind: 'settled', transaction }
  t.strictSame(await find(), settled)

  for (const method of ['eth_getTransactionReceipt', 'eth_getBlockByNumber', '*']) {
    await t.test(method, async (t) => {
      for (const [what, behaviour] of Object.entries({
        'the line is cut': cut,
        nothing: () => null,
        'an error': () => {
          throw new Refuse(-32000, 'no')
        },
        'asked too often': () => {
          throw new Refuse(-32005, 'slow down', 429)
        }
      })) {
        proxy.on(method, behaviour)
        t.strictSame(await find(), UNKNOWN, what)
        proxy.heal()
      }
    })
  }

  t.test('a receipt from a block that is no longer part of the chain', async (t) => {
    proxy.on('eth_getTransactionReceipt', async (_, forward) => ({
      ...((await forward()) as object),
      blockHash: NO_SUCH_TRANSACTION
    }))
    t.strictSame(await find(), UNKNOWN)
    proxy.heal()
  })

  t.test('a receipt of failure', async (t) => {
    proxy.on('eth_getTransactionReceipt', async (_, forward) => ({ ...((await forward()) as object), status: '0x0' }))
    t.strictSame(await find(), UNKNOWN)
    proxy.heal()
  })

  t.test('silence ends with the limit', async (t) => {
    proxy.on('eth_getLogs', hang)
    t.strictSame(await evidenceOf(t, proxy.url, 200).find(refOf(payment)), UNKNOWN)
    proxy.heal()
  })

  t.test('a closed port, and the same port open again', async (t) => {
    await proxy.close()
    t.strictSame(await find(), UNKNOWN)
    await proxy.open()
    t.strictSame(await find(), settled)
  })

  t.test('any answers at all: never an error, never a payment', async () => {
    const answers = fc.array(fc.oneof(fc.jsonValue(), fc.constantFrom('0x', '0x7a69', '0x1', word(1n), [{}], {})), {
      minLength: 8,
      maxLength: 8
    })
    await fc.assert(
      fc.asyncProperty(answers, async (values) => {
        let next = 0
        const rpc = { call: async () => values[next++ % values.length] }
        const { kind } = await new ChainEvidence(rpc).find(refOf(payment), transaction)
        return kind === 'unknown' || kind === 'unused'
      })
    )
  })
})

t.test("errors name neither the node's address nor what was sent", { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const proxy = await startRpcProxy(t, chain.rpcUrl)
  const rpc = new JsonRpc(`${proxy.url}/v3/access-key`)
  t.teardown(() => rpc.close())
  const call = () => rpc.call('eth_call', ['0x-what-was-sent'], AbortSignal.timeout(1_000))
  const echo = () => {
    throw new Refuse(-32000, 'cannot read 0x-what-was-sent at /v3/access-key')
  }
  for (const [behaviour, name] of [
    [cut, 'NodeUnreachable'],
    [echo, 'NodeRefusal']
  ] as const) {
    proxy.on('eth_call', behaviour)
    const error: Error = await call().then(
      () => t.fail('it was answered'),
      (thrown) => thrown
    )
    t.equal(error.name, name)
    t.notMatch(inspect(error, { depth: 12, showHidden: true }) + JSON.stringify(error), /access-key|what-was-sent/)
  }
})

t.test('judge', async (t) => {
  const from = `0x${'11'.repeat(20)}` as const
  const payTo = `0x${'22'.repeat(20)}` as const
  const asset = `0x${'33'.repeat(20)}` as const
  const nonce: Hex = `0x${randomBytes(32).toString('hex')}`
  const ref = { network: 'eip155:1', asset, from, nonce, payTo, amountAtomic: 100_000n } as const
  const transfer = (amount = 100_000n, to: Hex = payTo) => ({
    address: asset,
    topics: [TOPICS['Transfer(address,address,uint256)'], word(from), word(to)],
    data: word(amount)
  })
  const used = (of: Hex = nonce) => ({
    address: asset,
    topics: [TOPICS['AuthorizationUsed(address,bytes32)'], word(from), of],
    data: '0x'
  })
  const receipt = (logs: Receipt['logs'], succeeded = true): Receipt => ({
    succeeded,
    transaction: NO_SUCH_TRANSACTION,
    blockHash: NO_SUCH_TRANSACTION,
    blockNumber: 1n,
    logs
  })
  const other: Hex = `0x${'44'.repeat(32)}`
  const cases: Array<[string, ReturnType<typeof judge>, Receipt]> = [
    ['used, then moved', 'paid', receipt([used(), transfer()])],
    ['moved, then used, alone', 'paid', receipt([transfer(), used()])],
    ['failed', 'unrelated', receipt([used(), transfer()], false)],
    ['moved without it', 'unrelated', receipt([transfer()])],
    ['one unit too many', 'spent', receipt([used(), transfer(100_001n)])],
    ['to somebody else', 'spent', receipt([used(), transfer(100_000n, from)])],
    ["another token's transfer", 'spent', receipt([used(), { ...transfer(), address: payTo }])],
    ["another token's use", 'unrelated', receipt([{ ...used(), address: payTo }, transfer()])],
    ['the transfer belongs to the other one', 'spent', receipt([used(other), transfer(), used(), transfer(1n)])],
    ['and so it does behind', 'spent', receipt([used(), transfer(1n), used(other), transfer()])],
    ['both paid', 'paid', receipt([used(other), transfer(), used(), transfer()])]
  ]
  for (const [what, verdict, of] of cases) t.equal(judge(of, ref), verdict, what)
})
