import { inspect } from 'node:util'
import t from 'tap'
import { RailUnavailable } from '../../../lib/billing/rail.ts'
import { PAYER, SETTLER } from '../../../lib/x402/embedded/embedded-chain.ts'
import { readGasKey } from '../../../lib/x402/self/gas-key.ts'
import type { Hex, Payment } from '../../../lib/x402/settler.ts'
import { noAnvil, refOf, startTestChain } from '../../support/x402/chain.ts'
import { signPayment } from '../../support/x402/payer.ts'
import { startSelf } from '../../support/x402/self-settler.ts'

const WALLET: Hex = '0x00000000000000000000000000000000000a11e7'
const EXPIRED = 'invalid_exact_evm_payload_authorization_valid_before'
const SIGNATURE = 'invalid_exact_evm_payload_signature'

t.test('a payment in this process', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const { settler, evidence } = startSelf(t, chain)
  const { payTo } = chain.embedded
  const sign = (override = {}) => signPayment(chain.payer.key, chain.terms(), override)
  const sent = () => chain.sentBy(SETTLER.address)

  await t.test('moves exactly the amount, once', async (t) => {
    const payment = await sign()
    const before = { payer: await chain.balance(chain.payer.address), sent: await sent() }
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    t.equal(await chain.balance(payTo), 0n, 'verifying moves nothing')
    const outcome = await settler.settle(payment)
    t.match(outcome, { kind: 'settled', transaction: /^0x[0-9a-f]{64}$/ })
    t.equal(await chain.balance(payTo), 100_000n)
    t.equal(before.payer - (await chain.balance(chain.payer.address)), 100_000n)
    t.strictSame(await evidence.find(refOf(payment)), outcome, 'the chain says the same')
    t.strictSame(await settler.settle(payment), outcome, 'and so does settling again')
    t.equal((await sent()) - before.sent, 1)
    t.strictSame(await settler.verify(payment), { kind: 'bad', reason: 'nonce_already_used' })
    t.strictSame(settler.state(), { status: 'ok' })
  })

  await t.test('20 at once of one payment take one transaction', async (t) => {
    const before = { paid: await chain.balance(payTo), sent: await sent() }
    const payment = await sign()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => settler.settle(payment)))
    for (const outcome of outcomes) t.strictSame(outcome, await evidence.find(refOf(payment)))
    t.equal((await chain.balance(payTo)) - before.paid, 100_000n)
    t.equal((await sent()) - before.sent, 1)
  })

  await t.test('20 different ones at once take 20', async (t) => {
    const before = { paid: await chain.balance(payTo), sent: await sent() }
    const payments = await Promise.all(Array.from({ length: 20 }, () => sign()))
    const outcomes = await Promise.all(payments.map((payment) => settler.settle(payment)))
    const transactions = outcomes.map((outcome) => (outcome.kind === 'settled' ? outcome.transaction : outcome.kind))
    t.equal(new Set(transactions).size, 20)
    t.ok(outcomes.every(({ kind }) => kind === 'settled'))
    t.equal((await chain.balance(payTo)) - before.paid, 2_000_000n)
    t.equal((await sent()) - before.sent, 20)
  })

  await t.test('two services of one merchant that settle the same payment', async (t) => {
    const before = await chain.balance(payTo)
    const other = startSelf(t, chain, { key: `0x${'5d'.repeat(32)}` }).settler
    const { address } = await readGasKey(`0x${'5d'.repeat(32)}`)
    await chain.rpc('anvil_setBalance', address, '0xde0b6b3a7640000')
    const payment = await sign()
    const outcomes = await Promise.all([settler.settle(payment), other.settle(payment)])
    t.match(outcomes, [{ kind: 'settled' }, { kind: 'settled' }])
    t.strictSame(outcomes[0], outcomes[1])
    t.equal((await chain.balance(payTo)) - before, 100_000n)
  })

  await t.test('a stranger was first: settled, by the stranger', async (t) => {
    const payment = await sign()
    const before = await sent()
    const transaction = await chain.submitAsStranger(payment)
    t.strictSame(await settler.settle(payment), { kind: 'settled', transaction })
    t.equal(await sent(), before, 'and nothing was sent')
  })

  await t.test('cancelled between verify and settle: refused', async (t) => {
    const payment = await sign()
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    await chain.cancel(chain.payer, payment.nonce)
    const before = await sent()
    t.strictSame(await settler.settle(payment), { kind: 'refused', reason: 'nonce_already_used' })
    t.equal(await sent(), before)
  })

  await t.test('drained between verify and settle: refused', async (t) => {
    const payer = await chain.newPayer(100_000n)
    const payment = await signPayment(payer.key, chain.terms())
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    await chain.drain(payer.address)
    const before = await sent()
    t.strictSame(await settler.settle(payment), { kind: 'refused', reason: 'insufficient_funds' })
    t.equal(await sent(), before)
  })

  await t.test('what verifying says no to', async (t) => {
    const poor = await chain.newPayer(99_999n)
    const good = await sign()
    const flipped = good.signature.endsWith('1b') ? '1c' : '1b'
    const cases: Array<[string, string, Payment]> = [
      ['a unit too little', 'insufficient_funds', await signPayment(poor.key, chain.terms())],
      [
        'a signature with a changed bit',
        SIGNATURE,
        { ...good, signature: `${good.signature.slice(0, -2)}${flipped}` as Hex }
      ],
      ["another one's signature", SIGNATURE, { ...(await signPayment(poor.key, chain.terms())), from: good.from }],
      ['no signature at all', SIGNATURE, { ...good, signature: '0x' }],
      [
        'a wallet that is nowhere',
        'invalid_payload',
        { ...good, signature: `0x${'64'.repeat(31)}${'6492'.repeat(16)}` }
      ],
      // By the chain's clock too, which stands at its latest block.
      ['too late', EXPIRED, await sign({ validBefore: BigInt(Math.floor(Date.now() / 1000) - 60) })],
      ['another network', 'invalid_payment_requirements', { ...good, terms: chain.terms({ network: 'eip155:8453' }) }],
      ['another token', 'invalid_payment_requirements', { ...good, terms: chain.terms({ asset: WALLET }) }],
      ['another receiver', 'invalid_payment_requirements', await sign({ to: WALLET })],
      [
        "a domain that is not the token's",
        'invalid_payment_requirements',
        await signPayment(chain.payer.key, chain.terms({ domain: { name: 'USDC', version: '2' } }))
      ]
    ]
    const before = await sent()
    for (const [what, reason, payment] of cases) {
      t.strictSame(await settler.verify(payment), { kind: 'bad', reason }, what)
      const { kind } = await settler.settle(payment)
      t.not(kind, 'settled', what)
    }
    t.equal(await sent(), before, 'nothing of it was ever sent')
    t.strictSame(settler.state(), { status: 'ok' }, 'and none of it looks like a failing node')
  })

  await t.test('a wallet contract pays, one that would burn our gas does not', async (t) => {
    await chain.transfer(chain.payer.address, WALLET, 300_000n)
    const payment = { ...(await sign({ from: WALLET })), signature: `0x${'77'.repeat(100)}` as Hex }
    // ERC-1271: always the magic value.
    await chain.rpc('anvil_setCode', WALLET, '0x631626ba7e60e01b60005260206000f3')
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    const before = await chain.balance(payTo)
    t.match(await settler.settle(payment), { kind: 'settled' })
    t.equal((await chain.balance(payTo)) - before, 100_000n)
    const next = { ...payment, nonce: `0x${'88'.repeat(32)}` as Hex }
    const bombs = {
      'an endless loop': '0x5b600056',
      'an invalid opcode': '0xfe',
      'an empty stack': '0x50',
      'a jump to nowhere': '0x60ff56',
      // 20,000 rounds of a loop, half a million units of gas, then the magic value.
      'good, but too dear': '0x614e205b6001900380600357631626ba7e60e01b60005260206000f3'
    }
    for (const [what, code] of Object.entries(bombs)) {
      await chain.rpc('anvil_setCode', WALLET, code)
      for (let time = 0; time < 6; time += 1) {
        t.strictSame(await settler.verify(next), { kind: 'bad', reason: SIGNATURE }, what)
      }
      const sentBefore = await sent()
      t.strictSame(await settler.settle(next), { kind: 'refused', reason: SIGNATURE })
      t.equal(await sent(), sentBefore)
    }
    t.strictSame(settler.state(), { status: 'ok' })
  })

  await t.test(
    'a wallet that accepts in every simulation and reverts in a block costs three transactions',
    async (t) => {
      // Reverts where the block has a fee to pay, otherwise returns the magic value of ERC-1271.
      const code = '0x3a15600657fe5b631626ba7e60e01b60005260206000f3'
      await chain.rpc('anvil_setCode', WALLET, code)
      const before = await sent()
      const verdicts: string[] = []
      for (let time = 0; time < 6; time += 1) {
        const nonce = `0x${`0${time}`.repeat(32)}` as Hex
        const payment = { ...(await sign({ from: WALLET })), nonce, signature: `0x${'77'.repeat(100)}` as Hex }
        verdicts.push((await settler.verify(payment)).kind)
        t.strictSame(await settler.settle(payment), { kind: 'unknown' })
        t.strictSame(await settler.settle(payment), { kind: 'unknown' }, 'and again, as the reconciler does')
      }
      t.equal((await sent()) - before, 3)
      t.strictSame(verdicts, ['good', 'good', 'bad', 'bad', 'bad', 'bad'])
      t.strictSame(await settler.verify(await sign()), { kind: 'good' }, 'others pay as before')
      t.strictSame(settler.state(), { status: 'ok' })
    }
  )

  // The chain's clock runs ahead from here on.
  await t.test('expired by the time of the chain: refused', async (t) => {
    const payment = await sign()
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    await chain.travel(61)
    t.strictSame(await settler.settle(payment), { kind: 'refused', reason: EXPIRED })
  })
})

t.test('the gas account', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const payment = await signPayment(chain.payer.key, chain.terms())
  const setBalance = (wei: bigint) => chain.rpc('anvil_setBalance', SETTLER.address, `0x${wei.toString(16)}`)

  await t.test('runs low', async (t) => {
    await setBalance(10n ** 16n)
    const { settler } = startSelf(t, chain)
    t.strictSame(await settler.verify(payment), { kind: 'good' })
    t.match(settler.state(), { status: 'degraded', reason: 'the gas account is running low' })
  })

  await t.test('is empty: nothing is sold', async (t) => {
    await setBalance(10n ** 13n)
    const { settler } = startSelf(t, chain)
    await t.rejects(settler.verify(payment), RailUnavailable)
    t.match(settler.state(), { status: 'off', reason: 'the gas account is empty' })
    t.strictSame(await settler.settle(payment), { kind: 'unknown' })
  })

  await t.test('pays no fee over the cap', async (t) => {
    await setBalance(10n ** 20n)
    await chain.rpc('anvil_setNextBlockBaseFeePerGas', '0x174876e800')
    await chain.mine()
    const { settler } = startSelf(t, chain)
    await t.rejects(settler.verify(payment), RailUnavailable)
    t.match(settler.state(), { status: 'degraded', reason: 'the gas price is above the limit' })
    t.strictSame(await settler.settle(payment), { kind: 'unknown' })
    t.equal(await chain.balance(chain.embedded.payTo), 0n)
  })
})

t.test('the key shows nowhere', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const { settler, logged } = startSelf(t, chain)
  await settler.settle(await signPayment(chain.payer.key, chain.terms()))
  const bare = SETTLER.key.slice(2)
  t.notMatch(inspect(settler, { depth: 12, showHidden: true }) + inspect(logged, { depth: 12 }), bare)
  const signer = await readGasKey(PAYER.key)
  t.notMatch(inspect(signer, { depth: 12, showHidden: true }), PAYER.key.slice(2))
  const broken = `0x${'f'.repeat(64)}` as const
  const refused: Error = await readGasKey(broken).then(
    () => t.fail('no key at all was taken'),
    (error) => error
  )
  t.equal(refused.message, 'X402_SIGNER_KEY: is not a private key')
  t.notMatch(inspect(refused, { depth: 12, showHidden: true }), 'f'.repeat(64))
})
