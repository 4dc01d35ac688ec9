import { randomBytes } from 'node:crypto'
import { decodePaymentRequiredHeader } from '@x402/core/http'
import t, { type Test } from 'tap'
import { PostgresServer } from '../support/postgres-server.ts'
import { PATH, workout } from '../support/purchase.ts'
import { noPostgres } from '../support/servers.ts'
import { type Answer, type Instance, startInstances } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { noAnvil, startTestChain } from '../support/x402/chain.ts'
import { startFacilitator } from '../support/x402/facilitator.ts'
import { signHeader } from '../support/x402/payer.ts'

const PRICE_ATOMIC = 100_000n
const ROUNDS = 6
/** A copy right after the answer finds the delivery unrecorded almost every time. */
const COPY_ROUNDS = 50

const skip = noPostgres || noAnvil

t.test('two instances, one Postgres, one facilitator', { skip }, async (t) => {
  const server = await PostgresServer.start()
  t.teardown(() => server.remove())
  const chain = await startTestChain(t)
  const facilitator = await startFacilitator(t, chain)
  const { payTo } = chain.embedded
  const url = await server.makeDatabase()
  const instances = await startInstances(t, 2, {
    DATABASE_URL: url,
    L402_SECRETS: `1:${randomBytes(32).toString('hex')}`,
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitator.url,
    ...chain.settings(),
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999'
  })
  const [one, other] = instances as [Instance, Instance]
  const rows = (sql: string) => server.ask(new URL(url).pathname.slice(1), sql) as Promise<Record<string, unknown>[]>
  const before = await chain.balance(payTo)
  let paid = 0n

  /** Signs what one instance asks for; the answers are collected for as long as the order is used. */
  const order = async (at: Instance) => {
    const body = workout()
    const offer = await at.ask(PATH, { method: 'POST', body })
    const { accepts } = decodePaymentRequiredHeader(String(offer?.headers['payment-required']))
    const headers = { 'payment-signature': await signHeader(chain.payer.key, accepts[0]!) }
    const answers = new Set<string>()
    const send = async (instance: Instance, signal?: AbortSignal): Promise<Answer | undefined> => {
      const answer = await instance.ask(PATH, { method: 'POST', body, headers, ...(signal && { signal }) })
      if (answer?.status === 200) answers.add(answer.text)
      return answer
    }
    return { send, answers }
  }
  /** The chain, the books and the records agree that so many were paid for in all. */
  const isPaidOnce = async (t: Test, name: string, orders = 1) => {
    paid += PRICE_ATOMIC * BigInt(orders)
    t.equal((await chain.balance(payTo)) - before, paid, `${name}: one transaction`)
    const captured = await rows("SELECT settlement FROM payments WHERE state = 'captured'")
    t.equal(BigInt(captured.length) * PRICE_ATOMIC, paid, `${name}: one payment in the books`)
    t.equal(
      new Set(captured.map(({ settlement }) => settlement)).size,
      captured.length,
      `${name}: by its own transaction`
    )
    t.equal((await rows('SELECT 1 FROM payments')).length, captured.length, `${name}: and nothing is open`)
    t.equal((await rows('SELECT 1 FROM revisions')).length, captured.length, `${name}: one record`)
  }

  await t.test('one payment at both at once: one transaction, one answer', async (t) => {
    for (let round = 0; round < ROUNDS; round++) {
      const { send, answers } = await order(instances[round % 2]!)
      const copies = await Promise.all([send(one), send(other), send(one), send(other)])
      for (const answer of copies) {
        t.ok([200, 402, 409, 503].includes(answer!.status), `${answer?.status}`)
        t.notMatch(answer!.text, /ledger_unavailable|not charged/, 'the other instance takes the money meanwhile')
      }
      await until('it is collected', async () => answers.size > 0 || (await send(one))?.status === 200)
      await until(
        'it is consumed',
        async () => (await send(one))?.status === 402 && (await send(other))?.status === 402
      )
      t.equal(answers.size, 1, 'one answer')
      await isPaidOnce(t, `round ${round}`)
    }
  })

  await t.test('the same payment at the other instance, right after the answer: never a second one', async (t) => {
    let second = 0
    for (let round = 0; round < COPY_ROUNDS; round++) {
      const [first, then] = round % 2 === 0 ? [one, other] : [other, one]
      const { send } = await order(first)
      t.equal((await send(first))?.status, 200)
      const copies = await Promise.all([send(then), send(then), send(first)])
      for (const copy of copies) {
        if (copy?.status === 200) second += 1
        const { code } = JSON.parse(copy!.text)
        t.ok(['request_running', 'payment_required'].includes(code), `${copy?.status} ${code}`)
        if (copy?.status === 409)
          t.strictSame([Number(copy.headers['retry-after']) > 0, copy.headers['payment-required']], [true, undefined])
      }
      if (round === COPY_ROUNDS - 1)
        for (const instance of instances)
          await until('it is consumed', async () => (await send(instance))?.status === 402)
    }
    t.equal(second, 0, `${second} of ${COPY_ROUNDS} answers left twice`)
    await isPaidOnce(t, 'copies', COPY_ROUNDS)
  })

  await t.test(
    'the first connection closes before the answer: a copy takes its place, at either instance',
    async (t) => {
      for (const taker of instances) {
        const { send } = await order(one)
        const settled = facilitator.calls.settle
        facilitator.fail('settle', { kind: 'delay', ms: 500, worked: true, calls: 1 })
        const hangUp = new AbortController()
        const lost = send(one, hangUp.signal)
        await until('the money is under way', async () => facilitator.calls.settle > settled)
        hangUp.abort()
        t.equal(await lost, undefined)
        let sold = 0
        await until('a copy has the answer', async () => {
          const copies = await Promise.all([send(taker), send(taker)])
          sold += copies.filter((copy) => copy?.status === 200).length
          return sold > 0
        })
        for (const instance of instances)
          await until('it is consumed', async () => {
            const answer = await send(instance)
            if (answer?.status === 200) sold += 1
            return answer?.status === 402
          })
        t.equal(sold, 1)
        await isPaidOnce(t, `taken at ${taker.url}`)
      }
    }
  )

  await t.test('killed while the money is under way: the other one gives the answer', async (t) => {
    const { send, answers } = await order(one)
    const settled = facilitator.calls.settle
    facilitator.fail('settle', { kind: 'delay', ms: 1000, worked: true, calls: 1 })
    const lost = send(one)
    await until('the money is under way', async () => facilitator.calls.settle > settled)
    await until('it is on the chain', async () => (await chain.balance(payTo)) - before > paid)
    await one.kill()
    t.equal(await lost, undefined)
    const collected = await send(other)
    t.equal(collected?.status, 200, String(collected?.text))
    t.equal(facilitator.calls.settle, settled + 1, 'nobody was asked to settle it again')
    await one.start()
    await until('it is consumed', async () => (await send(one))?.status === 402)
    t.equal(answers.size, 1)
    await isPaidOnce(t, 'killed')
  })
})
