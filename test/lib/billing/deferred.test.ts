import t from 'tap'
import type { Rail } from '../../../lib/billing/rail.ts'
import { reconcile } from '../../../lib/billing/reconcile.ts'
import { answered, bodiesOf, CONSUMED, hold, PENDING, type Scene, scenesOn } from './billing-case.ts'
import { type Order, Shop } from './billing-service.ts'
import { FILE, MEMORY, placesOfRun } from './places.ts'
import { Bank, forge, keyOf, PRICE_ATOMIC, type Signed, START_SECONDS, sign } from './simulated-chain.ts'

const COPIES = 20

const PLACES = await placesOfRun(MEMORY, FILE)
const SHARED = PLACES.filter((place) => place !== MEMORY)
const scene = scenesOn(PLACES)
const OTHER_REQUEST = { kind: 'conflict', code: 'proof_other_request' }
const FORGED = { kind: 'refused', code: 'proof_forged' }

/** Leaves a payment unknown whose money has moved, or that can still be taken. */
async function leaveUnknown({ t, bank, shop }: Scene, signed: Signed, settling: 'hides' | 'loses', name?: string) {
  bank.settling = settling
  t.strictSame(await shop.serve(signed, name === undefined ? {} : { name }), PENDING)
  bank.settling = 'truth'
  t.equal((await shop.rowOf(signed))?.state, 'unknown')
}

const A = sign('ann', '1')
/** The same payer has signed again. */
const FRESH = sign('ann', '2')

scene('good proof: asked, computed, written down, taken, in this order', async ({ t, bank, shop }) => {
  bank.at = async (moment, key) => {
    t.equal(key, keyOf(A))
    if (moment === 'confirm')
      t.strictSame([shop.executions, await shop.rows()], [0, []], 'confirmed before anything is done')
    if (moment !== 'settle') return
    t.match(await shop.rowOf(A), { state: 'settling', answer_body: 'a #1' }, 'on disk before the money moves')
    t.equal(bank.moved.size, 0)
  }
  t.strictSame(await shop.serve(A), answered('a #1', false, 'transfer 1'))
  t.match(await shop.rows(), [{ state: 'captured', amount_atomic: '7', settlement: 'transfer 1', answer_body: 'a #1' }])
  t.equal(bank.balanceOf('ann'), 1000n - PRICE_ATOMIC)
  t.strictSame(shop.life.steps, [
    'before claim',
    'after claim',
    'before confirm',
    'after confirm',
    'before beginSettling',
    'after beginSettling',
    'before settle',
    'after settle',
    'before capture',
    'after capture'
  ])
})

/** The bank takes the first money once that many requests have come past the ledger. */
function settlesOnceAsked(bank: Bank, requests: number, ...shops: readonly Shop[]): void {
  const asked = () => shops.flatMap(({ life }) => life.steps).filter((step) => step === 'after claim').length
  bank.at = async (moment) => {
    if (moment === 'settle') while (asked() < requests) await new Promise((resolve) => setImmediate(resolve))
  }
}

scene('copies at once: one execution, one settlement, one answer for all', async ({ t, bank, shop }) => {
  settlesOnceAsked(bank, COPIES, shop)
  const served = await Promise.all(Array.from({ length: COPIES }, () => shop.serve(A)))
  t.strictSame(bodiesOf(served), new Set(['a #1']))
  t.equal(served.filter((each) => each.kind === 'answer' && !each.isReplay).length, 1, 'one is told as the first')
  for (const each of served) t.match(each, { settlement: 'transfer 1' }, 'each with the receipt')
  t.strictSame([bank.count('confirm'), bank.count('settle'), bank.moved.size, shop.executions], [1, 1, 1, 1])
})

scene('copies at once, of which the first fails: the next one takes over', async ({ t, bank, shop }) => {
  const { reached, goOn } = hold(bank, 'confirm')
  const first = shop.serve(A, { fails: true })
  await reached
  const copies = Array.from({ length: COPIES }, () => shop.serve(A))
  goOn()
  t.strictSame(await first, { kind: 'failed' })
  t.strictSame(bodiesOf(await Promise.all(copies)), new Set(['a #1']))
  t.strictSame([bank.count('settle'), bank.moved.size], [1, 1])
})

scene('bare replay after delivery: 402, and nobody is asked', async ({ t, bank, shop }) => {
  await shop.serve(A)
  const calls = bank.calls.length
  for (let time = 0; time < 3; time++) t.strictSame(await shop.serve(A), CONSUMED)
  t.strictSame(await shop.serve(A, { name: 'late' }), CONSUMED, 'a name that it was not bought under')
  t.equal(bank.calls.length, calls)
})

scene('delivery failed: the same payment collects its answer until that has left, once', async ({ t, bank, shop }) => {
  t.match(await shop.serve(A, { hangsUp: true }), { body: 'a #1', isReplay: false })
  t.match(await shop.serve(A, { hangsUp: true }), { body: 'a #1', isReplay: true }, 'the line broke again')
  t.strictSame(await shop.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame(await shop.serve(A), CONSUMED)
  t.strictSame([bank.count('settle'), shop.executions], [1, 1])
})

scene('same payment under its own name: the stored answer, again and again', async ({ t, bank, shop }) => {
  await shop.serve(A, { name: 'n' })
  for (let time = 0; time < 3; time++)
    t.strictSame(await shop.serve(A, { name: 'n' }), answered('a #1', true, 'transfer 1'))
  t.strictSame(await shop.serve(A), CONSUMED, 'bare it is consumed')
  t.strictSame([bank.count('settle'), shop.executions], [1, 1])
})

scene('known name, freshly signed: the first answer, and the new money is left alone', async ({ t, bank, shop }) => {
  await shop.serve(A, { name: 'n' })
  const replay = answered('a #1', true, 'transfer 1')
  t.strictSame(await shop.serve(FRESH, { name: 'n' }), replay)
  t.strictSame(await shop.serve(FRESH, { name: 'n' }), replay)
  t.strictSame([bank.count('confirm', FRESH), bank.count('settle', FRESH), await shop.rowOf(FRESH)], [0, 0, undefined])
  t.strictSame(await shop.serve(FRESH), answered('a #2', false, 'transfer 2'), 'and it still buys something')
})

scene('known name, freshly signed, while the first runs: its answer', async ({ t, bank, shop }) => {
  const { reached, goOn } = hold(bank, 'settle')
  const first = shop.serve(A, { name: 'n' })
  await reached
  const second = shop.serve(FRESH, { name: 'n' })
  goOn()
  t.strictSame(await first, answered('a #1', false, 'transfer 1'))
  t.strictSame(await second, answered('a #1', true, 'transfer 1'))
  t.strictSame([bank.count('confirm', FRESH), bank.count('settle', FRESH)], [0, 0])
})

scene('known name, freshly signed, while the first is pending: found out, answered', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'hides', 'n')
  bank.resolving = 'blind'
  t.strictSame(await shop.serve(FRESH, { name: 'n' }), PENDING, 'nobody can tell: never a 402')
  bank.resolving = 'truth'
  t.strictSame(await shop.serve(FRESH, { name: 'n' }), answered('a #1', true, 'transfer 1'))
  t.strictSame([bank.count('confirm', FRESH), bank.count('settle', FRESH)], [0, 0])
})

scene('known name, freshly signed, while the first can still be taken: it waits', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses', 'n')
  t.strictSame(await shop.serve(FRESH, { name: 'n' }), PENDING)
  t.equal(bank.count('settle'), 1, "another proof does not take the first one's money")
  t.strictSame(await shop.serve(A, { name: 'n' }), answered('a #1', true, 'transfer 1'))
})

scene('known name, freshly signed, once the first can never be taken: it pays instead', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses', 'n')
  bank.cancel(A)
  t.strictSame(await shop.serve(FRESH, { name: 'n' }), answered('a #2', false, 'transfer 1'))
  t.match(await shop.rows(), [{ state: 'released' }, { state: 'captured', answer_body: 'a #2' }])
  t.strictSame(await shop.serve(A, { name: 'n' }), answered('a #2', true, 'transfer 1'), 'the purchase has its answer')
})

scene('known name, another body: 409, whatever the first does, and nothing is taken', async (scene) => {
  const { t, bank, shop } = scene
  const other = () => shop.serve(FRESH, { name: 'n', body: 'b' })
  const { reached, goOn } = hold(bank, 'settle')
  bank.settling = 'hides'
  const first = shop.serve(A, { name: 'n' })
  await reached
  t.strictSame(await other(), OTHER_REQUEST, 'running')
  goOn()
  t.strictSame(await first, PENDING)
  t.strictSame(await other(), OTHER_REQUEST, 'pending')
  t.match(await shop.serve(A, { name: 'n' }), { kind: 'answer' })
  t.strictSame(await other(), OTHER_REQUEST, 'captured')
  t.strictSame([bank.count('confirm', FRESH), bank.count('settle', FRESH)], [0, 0])
})

scene('the same name chosen by another payer is another purchase', async ({ t, shop }) => {
  t.match(await shop.serve(A, { name: 'n' }), { body: 'a #1' })
  t.match(await shop.serve(sign('bob', '1'), { name: 'n', body: 'b' }), { body: 'b #2', isReplay: false })
})

scene('same payment, another body: 409, whatever the first does', async ({ t, bank, shop }) => {
  const other = () => shop.serve(A, { body: 'b' })
  const { reached, goOn } = hold(bank, 'settle')
  bank.settling = 'hides'
  const first = shop.serve(A)
  await reached
  t.strictSame(await other(), OTHER_REQUEST, 'running')
  goOn()
  t.strictSame(await first, PENDING)
  t.strictSame(await other(), OTHER_REQUEST, 'pending')
  t.match(await shop.serve(A), { body: 'a #1' })
  t.strictSame(await other(), OTHER_REQUEST, 'captured')
  t.equal(shop.executions, 1)
})

/** Who has only read what a chain shows to everyone: payer and promise, and perhaps the purchase's name. */
const FORGERIES: readonly [what: string, Signed, Order][] = [
  ['a copy', forge(A), {}],
  ['a copy under its name', forge(A), { name: 'n' }],
  ['another one under its name', forge(FRESH), { name: 'n' }]
]

scene('a forgery gets nothing while the first runs', async ({ t, bank, shop }) => {
  const { reached, goOn } = hold(bank, 'settle')
  const first = shop.serve(A, { name: 'n', hangsUp: true })
  await reached
  const told = FORGERIES.map(([, signed, order]) => shop.serve(signed, order))
  goOn()
  t.match(await first, { body: 'a #1' })
  t.strictSame(await Promise.all(told), [FORGED, FORGED, FORGED])
})

scene('a forgery gets nothing while the first is pending, and nobody is asked for it', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'hides', 'n')
  const calls = bank.calls.length
  for (const [what, signed, order] of FORGERIES) t.strictSame(await shop.serve(signed, order), FORGED, what)
  t.strictSame([bank.calls.length, (await shop.rowOf(A))?.state], [calls, 'unknown'])
  t.match(await shop.serve(A), { body: 'a #1' }, 'it waits for who paid')
})

scene('a forgery gets nothing of an answer that lies there to be collected', async ({ t, bank, shop }) => {
  await shop.serve(A, { name: 'n', hangsUp: true })
  const calls = bank.calls.length
  for (const [what, signed, order] of FORGERIES) t.strictSame(await shop.serve(signed, order), FORGED, what)
  t.equal(bank.calls.length, calls)
  t.match(await shop.serve(A), { body: 'a #1' }, 'it lies there for who paid')
  for (const [what, signed, order] of FORGERIES) t.match(await shop.serve(signed, order), { kind: 'refused' }, what)
})

scene('a forgery that comes first holds nobody up', async ({ t, bank, shop }) => {
  const { reached, goOn } = hold(bank, 'confirm')
  const forgery = shop.serve(forge(A))
  await reached
  const owner = shop.serve(A)
  goOn()
  t.strictSame(await forgery, { kind: 'refused', code: 'forged' })
  t.strictSame(await owner, answered('a #1', false, 'transfer 1'))
})

scene('the bank says no beforehand: nothing is computed, and a payment that gets good is good', async (scene) => {
  const { t, bank, shop } = scene
  bank.balances.set('ann', PRICE_ATOMIC - 1n)
  t.strictSame(await shop.serve(A), { kind: 'refused', code: 'no_funds' })
  t.strictSame([shop.executions, await shop.rows()], [0, []])
  bank.balances.set('ann', PRICE_ATOMIC)
  t.match(await shop.serve(A), { body: 'a #1', isReplay: false })
})

scene('nobody can tell beforehand: not charged, and the same payment works later', async ({ t, bank, shop }) => {
  bank.confirming = 'unavailable'
  t.strictSame(
    bodiesOf(await Promise.all([shop.serve(A), shop.serve(A), shop.serve(A)])),
    new Set(['rail_unavailable'])
  )
  t.strictSame([shop.executions, await shop.rows()], [0, []])
  bank.confirming = 'truth'
  t.match(await shop.serve(A), { body: 'a #1', isReplay: false })
})

scene('the answer fails after the charge: nothing is taken, the same payment works again', async (scene) => {
  const { t, bank, shop } = scene
  t.strictSame(await shop.serve(A, { fails: true }), { kind: 'failed' })
  t.strictSame([bank.count('settle'), await shop.rows()], [0, []])
  t.match(await shop.serve(A), { body: 'a #1', isReplay: false })
})

scene('refused while it is taken: the answer stays here', async ({ t, bank, shop }) => {
  bank.settling = 'refuses'
  t.strictSame(await shop.serve(A, { name: 'n' }), { kind: 'refused', code: 'cancelled' })
  t.match(await shop.rows(), [{ state: 'released', answer_body: null }])
  bank.settling = 'truth'
  t.strictSame(await shop.serve(A, { name: 'n' }), { kind: 'refused', code: 'cancelled' }, 'this one never will')
  t.match(await shop.serve(FRESH, { name: 'n' }), { body: 'a #2', isReplay: false }, 'the name is free again')
})

scene('copies of a payment that is refused while it is taken get no answer', async ({ t, bank, shop }) => {
  bank.settling = 'refuses'
  const served = await Promise.all(Array.from({ length: COPIES }, () => shop.serve(A)))
  // One after the other takes over and hears it; the rest is told to come again.
  for (const { kind } of served) t.ok(kind === 'refused' || kind === 'running', kind)
  t.equal(bank.moved.size, 0)
})

scene('unknown, and the money has moved: 503, then its answer, once', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'hides')
  bank.resolving = 'blind'
  t.strictSame(await shop.serve(A), PENDING, 'the chain is silent')
  bank.resolving = 'truth'
  t.strictSame(await shop.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame(await shop.serve(A), CONSUMED)
  t.strictSame([bank.moved.size, shop.executions], [1, 1])
})

scene('unknown, and nothing has moved: it is taken when it comes again', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses')
  t.strictSame(await shop.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame([bank.count('settle'), bank.moved.size, shop.executions], [2, 1, 1])
})

scene('unknown, nothing has moved, and the chain is silent: taken all the same', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses')
  bank.resolving = 'blind'
  t.match(await shop.serve(A), { body: 'a #1' })
})

scene('unknown, and it is under way: pending until it is there', async ({ t, bank, shop }) => {
  bank.settling = 'delays'
  t.strictSame(await shop.serve(A), PENDING)
  t.strictSame(await shop.serve(A), PENDING, 'sent again, which is safe')
  bank.mine()
  t.strictSame(await shop.serve(A), answered('a #1', true, 'transfer 1'))
  t.equal(bank.moved.size, 1)
})

scene('copies of an unknown payment at once: taken once, one answer for all', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses')
  const served = await Promise.all(Array.from({ length: COPIES }, () => shop.serve(A, { hangsUp: true })))
  // Who came second to the bank is told that the promise is used, which tells nothing.
  for (const body of bodiesOf(served)) t.ok(['a #1', 'settlement_pending'].includes(body), body)
  t.match(await shop.serve(A), { body: 'a #1' })
  t.strictSame([bank.moved.size, shop.executions], [1, 1])
})

scene('unknown, and it can never be taken: 402 at last, and the row says so', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses')
  bank.nowSeconds = A.validBefore
  t.strictSame(await shop.serve(A), { kind: 'refused', code: 'payment_void' })
  t.match(await shop.rows(), [{ state: 'released', answer_body: null }])
  t.strictSame(await shop.serve(A), { kind: 'refused', code: 'expired' }, 'like any other that is too late')
  t.equal(bank.moved.size, 0)
})

scene("unknown, dead, and sent under another payment's name: that one's answer", async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses')
  t.match(await shop.serve(FRESH, { name: 'mine' }), { body: 'a #2' })
  bank.cancel(A)
  t.strictSame(await shop.serve(A, { name: 'mine' }), answered('a #2', true, 'transfer 1'))
  t.equal((await shop.rowOf(A))?.state, 'released')
  t.equal(bank.moved.size, 1)
})

scene('unknown, dead, and under a name of its own: nothing is sold for it', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses', 'mine')
  bank.cancel(A)
  t.match(await shop.serve(A, { name: 'mine' }), { kind: 'refused' })
  t.equal(bank.moved.size, 0)
})

scene('unknown, and refused when it comes again: the chain has the last word', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'loses')
  bank.resolving = 'blind'
  bank.settling = 'refuses'
  t.strictSame(await shop.serve(A), PENDING, 'a refusal may only mean that it was taken before')
  bank.resolving = 'truth'
  t.strictSame(await shop.serve(A), { kind: 'refused', code: 'payment_void' })
})

scene('the reconciler ends what nobody asks for; the answer is collected once', async (scene) => {
  const { t, bank, shop } = scene
  await leaveUnknown(scene, A, 'hides')
  await leaveUnknown(scene, FRESH, 'loses')
  const round = (...rails: Rail[]) => reconcile(shop.ledger, rails, 0, () => false)
  t.match(await round(shop.rail), { captured: 0, released: 0, left: 0 }, 'too young')
  bank.nowSeconds += 15
  t.match(await round(), { captured: 0, released: 0, left: 2 }, 'nobody to ask')
  t.match(await round(shop.rail), { captured: 1, released: 0, left: 1 })
  t.strictSame([(await shop.rowOf(A))?.state, (await shop.rowOf(FRESH))?.state], ['captured', 'unknown'])
  bank.cancel(FRESH)
  t.match(await round(shop.rail), { captured: 0, released: 1, left: 0 })
  t.equal((await shop.rowOf(FRESH))?.state, 'released')
  t.strictSame(await shop.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame(await shop.serve(A), CONSUMED)
})

scene('payments that nobody can tell anything of hide no others', async ({ t, bank, shop }) => {
  bank.settling = 'loses'
  const never = { validBefore: START_SECONDS * 2 }
  for (let index = 0; index < 60; index++) await shop.serve(sign(`payer ${index}`, '1', never))
  bank.nowSeconds += 1
  await leaveUnknown({ t, bank, shop }, A, 'hides')
  bank.nowSeconds += 15
  const first = await reconcile(shop.ledger, [shop.rail], 0, () => false)
  t.strictSame(first, { captured: 0, released: 0, left: 50, next: 50 })
  const second = await reconcile(shop.ledger, [shop.rail], first.next, () => false)
  t.strictSame(second, { captured: 1, released: 0, left: 10, next: 0 }, 'and all over again')
  t.match(await reconcile(shop.ledger, [shop.rail], 0, () => true), { left: 0 }, 'the service stops')
})

scene("a claim that is at work is not the reconciler's", async ({ t, bank, shop }) => {
  const { reached, goOn } = hold(bank, 'moved')
  const first = shop.serve(A)
  await reached
  await shop.reconcile()
  t.equal((await shop.rowOf(A))?.state, 'settling')
  goOn()
  t.strictSame(await first, answered('a #1', false, 'transfer 1'))
})

scene('what must hold beside the plan is asked before the bank, and after the ledger', async ({ t, bank, shop }) => {
  const precondition = async () => {
    throw new Error('the workout is voided')
  }
  await t.rejects(shop.serve(A, { precondition }), { message: 'the workout is voided' })
  t.strictSame([bank.calls, await shop.rows(), shop.executions], [[], [], 0])
  await shop.serve(A, { hangsUp: true })
  t.match(await shop.serve(A, { precondition }), { body: 'a #1' }, 'what was bought stays bought')
})

for (const place of SHARED)
  t.test(`two instances on one database (${place.name})`, async (t) => {
    const config = await place.make(t)
    const bank = new Bank()
    const [one, two] = [await Shop.open(t, bank, config), await Shop.open(t, bank, config)] as const

    t.test('a settlement that is at work elsewhere is left alone, until it is too old to be', async (t) => {
      const { reached, goOn } = hold(bank, 'settle')
      const first = one.serve(A)
      await reached
      bank.at = () => {}
      t.strictSame(await two.serve(A), PENDING)
      t.equal(bank.count('settle'), 1, 'young: nobody interferes')
      bank.nowSeconds += 16
      t.strictSame(await two.serve(A), answered('a #1', true, 'transfer 1'), 'old: its instance may be dead')
      goOn()
      const late = await first
      t.match(late, PENDING, 'the bank told the slow one nothing')
      t.strictSame([bank.moved.size, (await two.rowOf(A))?.state], [1, 'captured'])
    })

    t.test('what one has sold, the other one collects', async (t) => {
      const signed = sign('bob', '1')
      const { body } = (await one.serve(signed, { name: 'n', hangsUp: true })) as { body: string }
      t.match(await two.serve(signed), { body, isReplay: true })
      t.match(await two.serve(sign('bob', '2'), { name: 'n' }), { body, isReplay: true })
      t.strictSame(await two.serve(sign('bob', '3'), { name: 'n', body: 'b' }), OTHER_REQUEST)
    })

    t.test('copies at both at once: taken once, never a second answer', async (t) => {
      const signed = sign('cyd', '1')
      for (const { life } of [one, two]) life.steps.length = 0
      settlesOnceAsked(bank, COPIES, one, two)
      const served = await Promise.all(Array.from({ length: COPIES }, (_, n) => (n % 2 ? two : one).serve(signed)))
      t.equal(bodiesOf(served.filter(({ kind }) => kind === 'answer')).size, 1)
      // The slower instance finds the proof taken as it writes, or the faster one's row; in the end a replay of its own.
      for (const each of served)
        t.ok(
          'code' in each ? each.code === CONSUMED.code : each.kind !== 'failed' && each.kind !== 'running',
          each.kind
        )
      t.equal(bank.count('settle', signed), 1)
      t.ok(bank.moved.has(keyOf(signed)))
    })

    t.strictSame(await one.disagreements(), [])
    t.strictSame(await two.disagreements(), [])
  })
