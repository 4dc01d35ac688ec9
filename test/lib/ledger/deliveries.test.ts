import t from 'tap'
import { Deliveries } from '../../../lib/ledger/deliveries.ts'

t.test('what was delivered is known until it is written, and written once', async (t) => {
  const written: string[][] = []
  let failure: Error | undefined
  const deliveries = new Deliveries(async (proofKeys) => {
    if (failure !== undefined) throw failure
    written.push([...proofKeys])
  })
  await deliveries.flush()
  t.same(written, [], 'nothing to do')
  failure = new Error('the database is away')
  for (const proofKey of ['a', 'b', 'a']) deliveries.add(proofKey)
  await deliveries.flush()
  t.ok(deliveries.has('a') && deliveries.has('b'), 'not lost')
  failure = undefined
  deliveries.add('c')
  await deliveries.flush()
  t.same(written, [['a', 'b', 'c']])
  t.notOk(deliveries.has('a'), 'the row says so now')
  await deliveries.flush()
  t.equal(written.length, 1)
})

t.test('written by themselves, also after a failure; and bounded', async (t) => {
  let attempts = 0
  const written = await new Promise<readonly string[]>((resolve) => {
    // The timers do not hold a process, so that this test does.
    const alive = setInterval(() => {}, 1000)
    const deliveries = new Deliveries(async (proofKeys) => {
      if (++attempts === 1) throw new Error('the database is away')
      clearInterval(alive)
      resolve([...proofKeys])
    })
    for (let i = 0; i < 20_000; i++) deliveries.add(`${i}`)
    t.ok(deliveries.has('0'))
    t.notOk(deliveries.has('19999'), 'a database that stays away does not fill the memory')
  })
  t.equal(attempts, 2)
  t.equal(written.length, 10_000)
})
