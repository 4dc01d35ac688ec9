import t from 'tap'
import { bookedPayments, bookedSums, owedPayments } from '../../../lib/ledger/books.ts'
import { onEachEngine } from '../../support/engines.ts'
import { answer, buy, claim, deferred, NOW_MS, openAt, record, request, revision } from './helpers.ts'

const DAY_MS = 86_400_000

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const row of rows) list.push(row)
  return list
}

await onEachEngine(t, (t, { makePlace }) => {
  t.test('empty books', async (t) => {
    const { database } = await openAt(t, await makePlace(t))
    t.same(await all(owedPayments(database)), [])
    t.same(await bookedSums(database), [])
  })

  t.test('what was taken, what is pending, what is owed', async (t) => {
    let now = NOW_MS
    const { database, ledger } = await openAt(t, await makePlace(t), () => now)
    await buy(ledger, request('1'), '1', record('1'))
    await buy(ledger, request('2', { amountAtomic: 151_000n }), '2')
    now += DAY_MS
    // More than any integer of a database.
    for (const proof of ['3', '4', '5']) await buy(ledger, request(proof, { amountAtomic: 2n ** 63n }), proof)
    await t.rejects(buy(ledger, request('late'), 'x', revision('x', '1', 'gone')), { name: 'RevisionConflict' })
    const settle = async (proof: string) => {
      const held = await claim(ledger, deferred(proof))
      await ledger.beginSettling(held, answer(proof))
      return held
    }
    for (const proof of ['a', 'e']) await ledger.capture(await settle(proof), answer(proof), undefined, `0x${proof}`)
    ledger.markDelivered('x402:e')
    await ledger.release(await settle('b'))
    await ledger.leaveUnknown(await settle('c'))
    await settle('d')
    await ledger.close()
    const [day1, day2] = ['2027-01-15', '2027-01-16']
    const x402 = { day: day2, rail: 'x402', asset: 'eip155:8453/0xusdc', count: 1, amountAtomic: 100_000n }
    t.same(await bookedSums(database), [
      { day: day1, rail: 'l402', asset: 'msat', state: 'captured', count: 2, amountAtomic: 300_000n },
      { day: day2, rail: 'l402', asset: 'msat', state: 'captured', count: 3, amountAtomic: 3n * 2n ** 63n },
      { day: day2, rail: 'l402', asset: 'msat', state: 'released', count: 1, amountAtomic: 149_000n },
      { ...x402, state: 'captured', count: 2, amountAtomic: 200_000n },
      { ...x402, state: 'released' },
      { ...x402, state: 'settling' },
      { ...x402, state: 'unknown' }
    ])
    t.same(
      (await all(owedPayments(database))).map(({ proofKey, why }) => [proofKey, why]),
      [
        ['x402:c', 'outcome_unknown'],
        ['l402:late', 'revision_lost_its_place']
      ]
    )
    const [delivered, ...others] = (await all(bookedPayments(database, 'captured'))).filter(
      ({ deliveredAtMs }) => deliveredAtMs !== undefined
    )
    t.same(others, [])
    t.same(delivered, {
      proofKey: 'x402:e',
      rail: 'x402',
      state: 'captured',
      route: '/v1/compute-power',
      amountAtomic: 100_000n,
      asset: 'eip155:8453/0xusdc',
      payer: '0xpayer',
      settlement: '0xe',
      claimedAtMs: now,
      settlingAtMs: now,
      capturedAtMs: now,
      deliveredAtMs: now
    })
    t.equal((await all(bookedPayments(database))).length, 11)
  })

  t.test('many payments: page by page, each once, in order', async (t) => {
    const { database, ledger } = await openAt(t, await makePlace(t))
    const count = 1100
    for (let i = 0; i < count; i += 100)
      await Promise.all(Array.from({ length: 100 }, (_, k) => buy(ledger, deferred(`${i + k}`), 'x')))
    const keys = (await all(bookedPayments(database, 'captured'))).map(({ proofKey }) => proofKey)
    t.equal(keys.length, count)
    t.same(keys, [...new Set(keys)].sort())
    t.match(await bookedSums(database), [{ count, amountAtomic: BigInt(count) * 100_000n }])
  })
})
