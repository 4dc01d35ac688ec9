import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { RailUnavailable } from '../../../lib/billing/rail.ts'
import { SETTLER } from '../../../lib/x402/embedded/embedded-chain.ts'
import type { Evidence, Finding, Payment, SettleOutcome, Settler } from '../../../lib/x402/settler.ts'
import { noAnvil, refOf, startTestChain, type TestChain } from '../../support/x402/chain.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { cut, hang, Refuse, startRpcProxy } from '../../support/x402/rpc-proxy.ts'
import { SHORT, startSelf } from '../../support/x402/self-settler.ts'

const UNKNOWN: SettleOutcome = { kind: 'unknown' }
const HIGH_FEE = '0x12a05f200'
/** Far longer than any of these takes; a wait ends as soon as what it waits for is there. */
const PATIENCE_MS = 60_000

/** To be asked again and again; throws once what is waited for takes too long. */
function patience(what: string): () => void {
  const end = Date.now() + PATIENCE_MS
  return () => {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
  }
}

/** Asks until the chain knows more than that it is unused, mining as it goes. */
async function found(chain: TestChain, evidence: Evidence, payment: Payment): Promise<Finding> {
  for (const wait = patience('the payment is found'); ; wait()) {
    const finding = await evidence.find(refOf(payment))
    if (finding.kind !== 'unused') return finding
    await chain.mine()
    await sleep(20)
  }
}

/** Settles until its transaction waits in the pool, as far as it gets within the limit. */
async function untilSent(chain: TestChain, settler: Settler, payments: readonly Payment[]): Promise<SettleOutcome[]> {
  const goal = (await pendingOf(chain)) + payments.length
  for (const wait = patience('all are sent'); ; wait()) {
    const outcomes = await Promise.all(payments.map((payment) => settler.settle(payment)))
    if ((await pendingOf(chain)) >= goal) return outcomes
  }
}

/** Begins to settle, and again where that gave up before anything was sent, until its transaction waits in the pool. */
async function sent(chain: TestChain, settler: Settler, payment: Payment) {
  const before = await pendingOf(chain)
  let settling: Promise<SettleOutcome> | undefined
  for (const wait = patience('it is sent'); ; wait()) {
    settling ??= settler.settle(payment)
    if ((await pendingOf(chain)) > before) return { settling }
    if (await Promise.race([settling, sleep(5)])) settling = undefined
  }
}

/** Settles again until the outcome is known, as a client does that collects later. */
async function untilKnown(settler: Settler, payment: Payment): Promise<SettleOutcome> {
  for (const wait = patience('the outcome is known'); ; wait()) {
    const outcome = await settler.settle(payment)
    if (outcome.kind !== 'unknown') return outcome
  }
}

function sign(chain: TestChain): Promise<Payment> {
  return signPayment(chain.payer.key, chain.terms({ maxTimeoutSeconds: 3600 }))
}

/** What a node may say in place of an answer. */
const NONSENSE: readonly unknown[] = [null, '', 7, true, {}, [], 'pending', '0xzz']

t.test('a node that answers nonsense: no verdict', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const good = await sign(chain)
  const forged = { ...(await sign(chain)), signature: `0x${'1b'.repeat(65)}` as const }
  for (const method of ['*', 'eth_call', 'eth_getCode'])
    for (const nonsense of NONSENSE) {
      const rpc = await startRpcProxy(t, chain.rpcUrl)
      const { settler } = startSelf(t, chain, { rpcUrl: rpc.url })
      rpc.on(method, () => nonsense)
      for (const payment of [good, forged]) {
        // Nothing is called for a signature that is wrong already.
        if (payment === forged && method === 'eth_call') continue
        const verdict = await settler.verify(payment).catch((error) => error)
        t.match(verdict, { name: 'RailUnavailable', statusCode: 503 }, `${method}: ${JSON.stringify(nonsense)}`)
      }
      rpc.heal()
      t.strictSame(await settler.verify(good), { kind: 'good' }, 'and well again')
    }
})

t.test('a node that takes a transaction with nonsense has perhaps not read it', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  for (const nonsense of NONSENSE) {
    const rpc = await startRpcProxy(t, chain.rpcUrl)
    const { settler } = startSelf(t, chain, { rpcUrl: rpc.url, limits: { ...SHORT, stuckAfterMs: 60_000 } })
    let isFirst = true
    rpc.on('eth_sendRawTransaction', (_, forward) => {
      if (!isFirst) return forward()
      isFirst = false
      return nonsense
    })
    t.match(await untilKnown(settler, await sign(chain)), { kind: 'settled' }, JSON.stringify(nonsense))
  }
})

t.test('one look at who is a contract serves for a while', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const rpc = await startRpcProxy(t, chain.rpcUrl)
  const { settler } = startSelf(t, chain, { rpcUrl: rpc.url })
  for (let time = 0; time < 5; time++) {
    t.strictSame(await settler.verify(await sign(chain)), { kind: 'good' })
    const forged = { ...(await sign(chain)), signature: `0x${'1b'.repeat(65)}` as const }
    t.match(await settler.verify(forged), { kind: 'bad' })
  }
  t.equal(rpc.asked.get('eth_getCode'), 1)
})

t.test('blocks that do not come', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const { payTo } = chain.embedded

  await t.test('unknown within the limit, found when they come', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { limits: { ...SHORT, stuckAfterMs: 60_000 } })
    const before = await chain.balance(payTo)
    const sentBefore = await chain.sentBy(SETTLER.address)
    const payment = await sign(chain)
    await chain.mining(false)
    t.strictSame(await settler.settle(payment), UNKNOWN)
    t.match(await evidence.find(refOf(payment)), { kind: 'unused' })
    const again = untilKnown(settler, payment)
    await chain.mining(true)
    t.match(await again, { kind: 'settled' }, 'settling again joins the transaction that waits')
    t.strictSame(await evidence.find(refOf(payment)), await again)
    t.equal((await chain.sentBy(SETTLER.address)) - sentBefore, 1)
    t.equal((await chain.balance(payTo)) - before, 100_000n)
  })

  await t.test('a transaction that is paid too little is replaced, not doubled', async (t) => {
    const { settler, evidence, logged } = startSelf(t, chain, { limits: SHORT })
    const before = { paid: await chain.balance(payTo), sent: await chain.sentBy(SETTLER.address) }
    const payments = [await sign(chain), await sign(chain)]
    await chain.mining(false)
    t.strictSame(await untilSent(chain, settler, payments), [UNKNOWN, UNKNOWN])
    for (const wait = patience('it is told'); settler.state().status === 'ok'; wait()) await sleep(20)
    t.match(settler.state(), { status: 'degraded', reason: 'transactions are not mined in time' })
    // More than they offered; each empty block lowers it by an eighth, each replacement offers a quarter more.
    await chain.rpc('anvil_setNextBlockBaseFeePerGas', HIGH_FEE)
    await chain.mine()
    for (const payment of payments) t.match(await found(chain, evidence, payment), { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before.paid, 200_000n)
    t.equal((await chain.sentBy(SETTLER.address)) - before.sent, 2)
    t.ok(logged.length > 0, 'and it was told')
    await chain.mining(true)
  })

  await t.test('a stranger pays more and is mined first: settled by the stranger, ours reverts', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { limits: { ...SHORT, settleMs: 10_000, stuckAfterMs: 60_000 } })
    const before = { paid: await chain.balance(payTo), sent: await chain.sentBy(SETTLER.address) }
    const payment = await sign(chain)
    await chain.mining(false)
    const { settling } = await sent(chain, settler, payment)
    const transaction = await chain.submitAsStranger(payment, {
      maxPriorityFeePerGas: HIGH_FEE,
      maxFeePerGas: HIGH_FEE
    })
    await chain.mining(true)
    t.strictSame(await settling, { kind: 'settled', transaction })
    t.strictSame(await evidence.find(refOf(payment)), { kind: 'settled', transaction })
    t.equal((await chain.balance(payTo)) - before.paid, 100_000n)
    t.equal((await chain.sentBy(SETTLER.address)) - before.sent, 1, 'ours was mined, and moved nothing')
  })

  await t.test('drained after it was sent: unknown, since only its expiry ends it', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { limits: { ...SHORT, settleMs: 10_000, stuckAfterMs: 60_000 } })
    const payer = await chain.newPayer(100_000n)
    const before = await chain.sentBy(SETTLER.address)
    const payment = await signPayment(payer.key, chain.terms({ maxTimeoutSeconds: 3600 }))
    await chain.mining(false)
    const { settling } = await sent(chain, settler, payment)
    await chain.drain(payer.address, { maxPriorityFeePerGas: HIGH_FEE, maxFeePerGas: HIGH_FEE })
    await chain.mining(true)
    t.strictSame(await settling, UNKNOWN)
    t.match(await evidence.find(refOf(payment)), { kind: 'unused' })
    t.equal((await chain.sentBy(SETTLER.address)) - before, 1)
  })

  await t.test("what another process left in the account's way is pushed aside", async (t) => {
    const mineAt = async (baseFee: string) => {
      await chain.rpc('anvil_setNextBlockBaseFeePerGas', baseFee)
      await chain.mine()
    }
    await chain.mining(false)
    await mineAt('0x5f5e100')
    const fee = { maxFeePerGas: '0x3b9aca00', maxPriorityFeePerGas: '0x1' }
    const left = await chain.send({ from: SETTLER.address, to: payTo, value: '0x1', ...fee })
    await mineAt('0x77359400')
    const { settler, evidence } = startSelf(t, chain, { limits: SHORT })
    const payment = await sign(chain)
    t.strictSame(await untilSent(chain, settler, [payment]), [UNKNOWN])
    for (const wait = patience('ours is mined'); (await evidence.find(refOf(payment))).kind === 'unused'; wait()) {
      // Always more than was left there offers, so that it cannot go by itself.
      await mineAt('0x77359400')
      await sleep(20)
    }
    t.match(await evidence.find(refOf(payment)), { kind: 'settled' })
    t.equal(await chain.rpc('eth_getTransactionReceipt', left), null)
    await chain.mining(true)
  })

  await t.test('no refusal while a transaction of a previous process may still move the money', async (t) => {
    const payer = await chain.newPayer(100_000n)
    const payment = await signPayment(payer.key, chain.terms({ maxTimeoutSeconds: 3600 }))
    await chain.drain(payer.address)
    await chain.mining(false)
    await chain.send({ from: SETTLER.address, to: payTo, value: '0x1' })
    const { settler } = startSelf(t, chain)
    t.strictSame(await settler.settle(payment), UNKNOWN)
    await chain.mining(true)
    t.strictSame(await settler.settle(payment), { kind: 'refused', reason: 'insufficient_funds' })
  })

  await t.test("its nonce went to another process's transaction: sent again with the next", async (t) => {
    const { settler, evidence } = startSelf(t, chain, { limits: { ...SHORT, settleMs: 10_000, stuckAfterMs: 300 } })
    const before = { paid: await chain.balance(payTo), sent: await chain.sentBy(SETTLER.address) }
    const payment = await sign(chain)
    await chain.mining(false)
    const { settling } = await sent(chain, settler, payment)
    const rival = { from: SETTLER.address, to: payTo, value: '0x1', nonce: `0x${before.sent.toString(16)}` }
    await chain.send({ ...rival, maxFeePerGas: HIGH_FEE, maxPriorityFeePerGas: HIGH_FEE })
    await chain.mining(true)
    t.match(await settling, { kind: 'settled' })
    t.strictSame(await evidence.find(refOf(payment)), await settling)
    t.equal((await chain.balance(payTo)) - before.paid, 100_000n)
    t.equal((await chain.sentBy(SETTLER.address)) - before.sent, 2)
  })

  await t.test('the node forgets all that waits: it is sent again, at once', async (t) => {
    const limits = { ...SHORT, settleMs: 30_000, stuckAfterMs: 1_000 }
    const { settler, logged } = startSelf(t, chain, { limits })
    const before = await chain.balance(payTo)
    const payments = await Promise.all(Array.from({ length: 20 }, () => sign(chain)))
    await chain.mining(false)
    const settling = payments.map((payment) => settler.settle(payment))
    for (const wait = patience('all are sent'); (await pendingOf(chain)) < payments.length; wait()) await sleep(20)
    await chain.rpc('anvil_dropAllTransactions')
    await chain.mining(true)
    for (const outcome of await Promise.all(settling)) t.match(outcome, { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before, 2_000_000n)
    t.ok(logged.length < 5, `${logged.length} of 20 had to wait until they were stuck themselves`)
  })

  await t.test('the chain goes back: what is settled from then on is mined', async (t) => {
    const { settler } = startSelf(t, chain, { limits: { ...SHORT, settleMs: 30_000 } })
    const goBack = await chain.snapshot()
    for (let count = 0; count < 3; count++)
      t.match(await settler.settle(await sign(chain)), { kind: 'settled' }, 'on the chain that is given up')
    await goBack()
    const before = await chain.balance(payTo)
    t.match(await untilKnown(settler, await sign(chain)), { kind: 'settled' })
    t.match(await settler.settle(await sign(chain)), { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before, 200_000n)
  })

  await t.test('no more under way than it can follow', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { limits: { ...SHORT, settleMs: 30_000, stuckAfterMs: 60_000 } })
    const before = await chain.sentBy(SETTLER.address)
    const payments = await Promise.all(Array.from({ length: 64 }, () => sign(chain)))
    const extra = await sign(chain)
    await chain.mining(false)
    const settling = payments.map((payment) => settler.settle(payment))
    t.strictSame(await settler.settle(extra), UNKNOWN)
    await t.rejects(settler.verify(extra), RailUnavailable, 'nothing more is sold')
    await chain.mining(true)
    for (const outcome of await Promise.all(settling)) t.match(outcome, { kind: 'settled' })
    t.match(await evidence.find(refOf(extra)), { kind: 'unused' })
    t.equal((await chain.sentBy(SETTLER.address)) - before, 64)
  })
})

t.test('a node that fails', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const { payTo } = chain.embedded
  const proxy = await startRpcProxy(t, chain.rpcUrl)
  const rpcUrl = proxy.url
  t.afterEach(() => proxy.heal())

  await t.test('dead, hanging or refusing: not charged, not bad, and healed', async (t) => {
    const { settler } = startSelf(t, chain, { rpcUrl, limits: { ...SHORT, verifyMs: 1_000 } })
    const payment = await sign(chain)
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    const throttled = () => {
      throw new Refuse(-32005, 'too many requests', 429)
    }
    const confused = () => {
      throw new Refuse(-32000, 'header not found')
    }
    for (const behaviour of [cut, hang, throttled, confused]) {
      for (const method of ['eth_call', 'eth_getCode', '*']) {
        // Who is known as no contract is not looked up again.
        const fresh = await signPayment((await chain.newPayer(100_000n)).key, chain.terms())
        proxy.on(method, behaviour)
        await t.rejects(settler.verify(fresh), RailUnavailable, method)
        proxy.heal()
        t.strictSame(await settler.verify(fresh), { kind: 'good' }, 'and healed')
      }
    }
    proxy.on('*', cut)
    for (let failure = 0; failure < 5; failure += 1) await t.rejects(settler.verify(payment), RailUnavailable)
    t.match(settler.state(), { status: 'degraded', reason: 'the chain does not respond' })
    proxy.heal()
    proxy.asked.clear()
    await t.rejects(settler.verify(payment), RailUnavailable, 'it is left in peace for a while')
    t.equal(proxy.asked.size, 0)
    for (const behaviour of [cut, hang]) {
      proxy.on('*', behaviour)
      t.strictSame(await settler.settle(await sign(chain)), UNKNOWN)
    }
    t.equal(await chain.balance(payTo), 0n)
  })

  await t.test('without purchases the state still reports that the node is down, and that it is back', async (t) => {
    for (const behaviour of [cut, hang]) {
      const { settler } = startSelf(t, chain, { rpcUrl })
      proxy.on('*', behaviour)
      for (const wait = patience('it is told'); settler.state().status === 'ok'; wait()) await sleep(20)
      t.match(settler.state(), { status: 'degraded', reason: 'the chain does not respond' })
      proxy.heal()
      for (const wait = patience('it is told'); settler.state().status !== 'ok'; wait()) await sleep(20)
    }
  })

  for (const worked of [true, false]) {
    await t.test(`the line is cut ${worked ? 'after' : 'before'} a transaction was taken`, async (t) => {
      const { settler, evidence } = startSelf(t, chain, {
        rpcUrl,
        limits: { ...SHORT, settleMs: 10_000, stuckAfterMs: 60_000 }
      })
      const before = { paid: await chain.balance(payTo), sent: await chain.sentBy(SETTLER.address) }
      let cuts = 3
      proxy.on('eth_sendRawTransaction', async (_, forward) => {
        if (worked || cuts === 0) await forward()
        if (cuts === 0) return `0x${'00'.repeat(32)}`
        cuts -= 1
        throw new Error('cut')
      })
      const payment = await sign(chain)
      t.match(await settler.settle(payment), { kind: 'settled' })
      t.match(await evidence.find(refOf(payment)), { kind: 'settled' })
      t.equal((await chain.balance(payTo)) - before.paid, 100_000n)
      t.equal((await chain.sentBy(SETTLER.address)) - before.sent, 1)
    })
  }

  await t.test('refused by the node: nothing was sent, and the next one goes through', async (t) => {
    const { settler } = startSelf(t, chain, { rpcUrl })
    const before = await chain.balance(payTo)
    proxy.on('eth_sendRawTransaction', () => {
      throw new Refuse(-32000, 'txpool is full')
    })
    const payment = await sign(chain)
    t.strictSame(await settler.settle(payment), UNKNOWN)
    proxy.heal()
    t.match(await untilKnown(settler, payment), { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before, 100_000n)
  })

  await t.test('gone while a transaction waits, and back', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { rpcUrl, limits: SHORT })
    const before = await chain.balance(payTo)
    const payment = await sign(chain)
    await chain.mining(false)
    t.strictSame(await untilSent(chain, settler, [payment]), [UNKNOWN])
    await proxy.close()
    t.strictSame(await settler.settle(payment), UNKNOWN)
    t.strictSame(await evidence.find(refOf(payment)), UNKNOWN)
    await chain.mining(true)
    await proxy.open()
    t.match(await untilKnown(settler, payment), { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before, 100_000n)
  })

  await t.test('closed with one under way: unknown, and the chain decides', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { limits: { ...SHORT, settleMs: 10_000 } })
    const payment = await sign(chain)
    await chain.mining(false)
    const { settling } = await sent(chain, settler, payment)
    await settler.close()
    t.strictSame(await settling, UNKNOWN)
    await chain.mining(true)
    t.match(await evidence.find(refOf(payment)), { kind: 'settled' })
  })

  await t.test('closed while the node is called: unknown at once, and the chain decides', async (t) => {
    const { settler, evidence } = startSelf(t, chain, { rpcUrl, limits: { ...SHORT, settleMs: 30_000 } })
    const payment = await sign(chain)
    const moments = new EventEmitter()
    const reported = once(moments, 'told')
    const closing = once(moments, 'closing')
    proxy.on('eth_sendRawTransaction', async (_, forward) => {
      const hash = await forward()
      moments.emit('told')
      await closing
      return hash
    })
    const settling = settler.settle(payment)
    await reported
    const closed = settler.close()
    moments.emit('closing')
    await closed
    t.strictSame(await settling, UNKNOWN)
    t.match(await evidence.find(refOf(payment)), { kind: 'settled' })
  })

  await t.test('two processes with one key: every payment is settled once', async (t) => {
    const limits = { ...SHORT, settleMs: 10_000 }
    const settlers = [startSelf(t, chain, { limits }), startSelf(t, chain, { limits })]
    const before = await chain.balance(payTo)
    const payments = await Promise.all(Array.from({ length: 20 }, () => sign(chain)))
    await Promise.all(payments.map((payment, index) => settlers[index % 2]!.settler.settle(payment)))
    // One that was left unknown is sent again, as the reconciliation does.
    for (const payment of payments) t.match(await untilKnown(settlers[0]!.settler, payment), { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before, 2_000_000n)
  })
})

async function pendingOf(chain: TestChain): Promise<number> {
  return Number(await chain.rpc('eth_getTransactionCount', SETTLER.address, 'pending'))
}
