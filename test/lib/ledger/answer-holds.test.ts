import t, { type Test } from 'tap'
import { DeliveredElsewhere, type Ledger } from '../../../lib/ledger/ledger.ts'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { until } from '../../support/until.ts'
import { answer, bought, claim, deferred, NOW_MS, openAt, record } from './helpers.ts'

const once = (proof: string) => deferred(proof, { isDeliveredOnce: true })
const KEY = 'x402:a'
/** Longer than a hold. */
const LATER_MS = 60_000

/** Two instances on one database, with one clock. */
async function openTwo(t: Test, place: Place) {
  const clock = { ms: NOW_MS }
  const open = () => openAt(t, place, () => clock.ms)
  const [{ ledger: one }, { ledger: two }] = [await open(), await open()]
  return { one, two, clock }
}

async function sell(ledger: Ledger, workout?: ReturnType<typeof record>) {
  const held = await claim(ledger, once('a'))
  await ledger.beginSettling(held, answer('a'), workout)
  return ledger.capture(held, answer('a'), workout, '0xhash')
}

const isHeldElsewhere = async (ledger: Ledger) => (await bought(ledger, once('a'))).isHeldElsewhere

const WORKOUTS = { 'an answer without a record': undefined, 'a workout': record('a') }

await onEachEngine(t, (t, engine) => {
  for (const [name, workout] of Object.entries(WORKOUTS)) {
    t.test(`${name}: the capture holds its delivery for this process`, async (t) => {
      const { one, two } = await openTwo(t, await engine.makePlace(t))
      t.same(await sell(one, workout), answer('a'))
      t.strictSame([await isHeldElsewhere(one), await isHeldElsewhere(two)], [false, true])
      t.equal(await two.holdDelivery(KEY), false)
      t.equal(await one.holdDelivery(KEY), true, 'a copy here, whose first connection has closed')
      one.markDelivered(KEY)
      t.equal(await two.holdDelivery(KEY), false, 'it has left, and the row does not say so yet')
      await one.close()
      t.match(await bought(two, once('a')), { delivered: true })
      t.equal(await two.holdDelivery(KEY), false)
    })

    t.test(`${name}: a connection that closed gives it up, for every process`, async (t) => {
      const { one, two } = await openTwo(t, await engine.makePlace(t))
      await sell(one, workout)
      t.equal(await one.holdDelivery(KEY), true, 'a copy has taken the place already')
      one.releaseDelivery(KEY)
      t.equal(await two.holdDelivery(KEY), false, 'the copy is still connected')
      one.releaseDelivery(KEY)
      t.equal(await one.holdDelivery(KEY), true, 'and another one here')
      one.releaseDelivery(KEY)
      one.releaseDelivery(KEY)
      await one.close()
      t.equal(await isHeldElsewhere(two), false)
      t.equal(await two.holdDelivery(KEY), true)
      t.equal(await one.holdDelivery(KEY), false)
    })
  }

  t.test('its process died: the hold ends by itself, and one of the others takes it', async (t) => {
    const place = await engine.makePlace(t)
    const { one, two, clock } = await openTwo(t, place)
    const { ledger: three } = await openAt(t, place, () => clock.ms)
    await sell(one)
    t.strictSame([one.hasLostDelivery(KEY), await two.holdDelivery(KEY)], [false, false])
    clock.ms += LATER_MS
    t.equal(await isHeldElsewhere(two), false)
    t.equal(one.hasLostDelivery(KEY), true, 'a process that only stood still does not deliver it either')
    const taken = await Promise.all([two.holdDelivery(KEY), three.holdDelivery(KEY)])
    t.strictSame(taken.sort(), [false, true])
  })

  t.test('a connection that stays open: its hold is extended', async (t) => {
    const place = await engine.makePlace(t)
    const { one, two, clock } = await openTwo(t, place)
    const untilMs = async () => Number((await place.rows('SELECT held_until_ms FROM payments'))[0]!.held_until_ms)
    await sell(one)
    const firstEnd = await untilMs()
    clock.ms = firstEnd - 1
    await until('it is extended', async () => (await untilMs()) > firstEnd)
    clock.ms = firstEnd + 1
    t.strictSame([one.hasLostDelivery(KEY), await two.holdDelivery(KEY)], [false, false])
  })

  t.test('captured by another process meanwhile: one of them delivers', async (t) => {
    for (const isTaken of [true, false]) {
      const { one, two } = await openTwo(t, await engine.makePlace(t))
      const held = await claim(one, once('a'))
      await one.beginSettling(held, answer('a'))
      await two.capturePending(KEY, '0xhash')
      if (isTaken) t.equal(await two.holdDelivery(KEY), true)
      const captured = one.capture(held, answer('a'), undefined, '0xhash')
      if (isTaken) await t.rejects(captured, DeliveredElsewhere)
      else t.same(await captured, answer('a'))
      t.equal(await two.holdDelivery(KEY), isTaken)
      t.equal(await isHeldElsewhere(one), isTaken)
    }
  })

  t.test('an answer with unlimited delivery is not held', async (t) => {
    const { one, two } = await openTwo(t, await engine.makePlace(t))
    const held = await claim(one, deferred('a'))
    await one.beginSettling(held, answer('a'))
    await one.capture(held, answer('a'), undefined, '0xhash')
    t.match(await bought(two, deferred('a')), { isHeldElsewhere: false, delivered: false })
  })
})
