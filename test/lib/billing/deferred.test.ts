import t from 'tap'
import type { Rail } from '../../../lib/billing/rail.ts'
import { reconcile } from '../../../lib/billing/reconcile.ts'
import { enginesOfRun, FILE, MEMORY } from '../../support/engines.ts'
import { answered, type BillingCase, billingCasesOn, bodiesOf, CONSUMED, hold, PENDING } from './billing-case.ts'
import { BillingService, type Order } from './billing-service.ts'
import { forge, keyOf, PRICE_ATOMIC, type Signed, SimulatedChain, START_SECONDS, sign } from './simulated-chain.ts'
import { nextRevision, workout } from './workouts.ts'

const COPIES = 20

const ENGINES = await enginesOfRun(t, MEMORY, FILE)
const SHARED = ENGINES.filter((engine) => engine !== MEMORY)
const billingCase = billingCasesOn(ENGINES)
const OTHER_REQUEST = { kind: 'conflict', code: 'proof_other_request' }
const FORGED = { kind: 'refused', code: 'proof_forged' }

/** Leaves a payment unknown whose money has moved, or that can still be taken. */
async function leaveUnknown(
  { t, chain, service }: BillingCase,
  signed: Signed,
  settling: 'hides' | 'loses',
  name?: string
) {
  chain.settling = settling
  t.strictSame(await service.serve(signed, name === undefined ? {} : { name }), PENDING)
  chain.settling = 'truth'
  t.equal((await service.rowOf(signed))?.state, 'unknown')
}

const sorted = (values: readonly boolean[]) => [...values].sort()

const A = sign('ann', '1')
/** The same payer has signed again. */
const FRESH = sign('ann', '2')

billingCase('good proof: asked, computed, written down, taken, in this order', async ({ t, chain, service }) => {
  chain.at = async (moment, key) => {
    t.equal(key, keyOf(A))
    if (moment === 'confirm')
      t.strictSame([service.executions, await service.rows()], [0, []], 'confirmed before anything is done')
    if (moment !== 'settle') return
    t.match(await service.rowOf(A), { state: 'settling', answer_body: 'a #1' }, 'on disk before the money moves')
    t.equal(chain.moved.size, 0)
  }
  t.strictSame(await service.serve(A), answered('a #1', false, 'transfer 1'))
  t.match(await service.rows(), [
    { state: 'captured', amount_atomic: '7', settlement: 'transfer 1', answer_body: 'a #1' }
  ])
  t.equal(chain.balanceOf('ann'), 1000n - PRICE_ATOMIC)
  t.strictSame(service.process.steps, [
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

/** The chain takes the first money once that many requests have come past the ledger. */
function settlesOnceAsked(chain: SimulatedChain, requests: number, ...services: readonly BillingService[]): void {
  const asked = () => services.flatMap(({ process }) => process.steps).filter((step) => step === 'after claim').length
  chain.at = async (moment) => {
    if (moment === 'settle') while (asked() < requests) await new Promise((resolve) => setImmediate(resolve))
  }
}

billingCase('copies at once: one execution, one settlement, one answer for all', async ({ t, chain, service }) => {
  settlesOnceAsked(chain, COPIES, service)
  const served = await Promise.all(Array.from({ length: COPIES }, () => service.serve(A)))
  t.strictSame(bodiesOf(served), new Set(['a #1']))
  t.equal(served.filter((each) => each.kind === 'answer' && !each.isReplay).length, 1, 'one is reported as the first')
  for (const each of served) t.match(each, { settlement: 'transfer 1' }, 'each with the receipt')
  t.strictSame([chain.count('confirm'), chain.count('settle'), chain.moved.size, service.executions], [1, 1, 1, 1])
})

billingCase('copies at once, of which the first fails: the next one takes over', async ({ t, chain, service }) => {
  const { reached, goOn } = hold(chain, 'confirm')
  const first = service.serve(A, { fails: true })
  await reached
  const copies = Array.from({ length: COPIES }, () => service.serve(A))
  goOn()
  t.strictSame(await first, { kind: 'failed' })
  t.strictSame(bodiesOf(await Promise.all(copies)), new Set(['a #1']))
  t.strictSame([chain.count('settle'), chain.moved.size], [1, 1])
})

billingCase('bare replay after delivery: 402, and nobody is asked', async ({ t, chain, service }) => {
  await service.serve(A)
  const calls = chain.calls.length
  for (let time = 0; time < 3; time++) t.strictSame(await service.serve(A), CONSUMED)
  t.strictSame(await service.serve(A, { name: 'late' }), answered('a #1', true, 'transfer 1'), 'any name fetches it')
  t.equal(chain.calls.length, calls)
})

billingCase(
  'delivery failed: the same payment collects its answer until that has left, once',
  async ({ t, chain, service }) => {
    t.match(await service.serve(A, { hangsUp: true }), { body: 'a #1', isReplay: false })
    t.match(await service.serve(A, { hangsUp: true }), { body: 'a #1', isReplay: true }, 'the line broke again')
    t.strictSame(await service.serve(A), answered('a #1', true, 'transfer 1'))
    t.strictSame(await service.serve(A), CONSUMED)
    t.strictSame([chain.count('settle'), service.executions], [1, 1])
  }
)

billingCase('same payment under its own name: the stored answer, again and again', async ({ t, chain, service }) => {
  await service.serve(A, { name: 'n' })
  for (let time = 0; time < 3; time++)
    t.strictSame(await service.serve(A, { name: 'n' }), answered('a #1', true, 'transfer 1'))
  t.strictSame(await service.serve(A), CONSUMED, 'bare it is consumed')
  t.strictSame([chain.count('settle'), service.executions], [1, 1])
})

billingCase(
  'known name, freshly signed: the first answer, and the new money is left alone',
  async ({ t, chain, service }) => {
    await service.serve(A, { name: 'n' })
    const replay = answered('a #1', true, 'transfer 1')
    t.strictSame(await service.serve(FRESH, { name: 'n' }), replay)
    t.strictSame(await service.serve(FRESH, { name: 'n' }), replay)
    t.strictSame(
      [chain.count('confirm', FRESH), chain.count('settle', FRESH), await service.rowOf(FRESH)],
      [0, 0, undefined]
    )
    t.strictSame(await service.serve(FRESH), answered('a #2', false, 'transfer 2'), 'and it still buys something')
  }
)

billingCase('known name, freshly signed, while the first runs: its answer', async ({ t, chain, service }) => {
  const { reached, goOn } = hold(chain, 'settle')
  const first = service.serve(A, { name: 'n' })
  await reached
  const second = service.serve(FRESH, { name: 'n' })
  goOn()
  t.strictSame(await first, answered('a #1', false, 'transfer 1'))
  t.strictSame(await second, answered('a #1', true, 'transfer 1'))
  t.strictSame([chain.count('confirm', FRESH), chain.count('settle', FRESH)], [0, 0])
})

billingCase('known name, freshly signed, while the first is pending: found out, answered', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'hides', 'n')
  chain.resolving = 'blind'
  t.strictSame(await service.serve(FRESH, { name: 'n' }), PENDING, 'nobody can tell: never a 402')
  chain.resolving = 'truth'
  t.strictSame(await service.serve(FRESH, { name: 'n' }), answered('a #1', true, 'transfer 1'))
  t.strictSame([chain.count('confirm', FRESH), chain.count('settle', FRESH)], [0, 0])
})

billingCase('known name, freshly signed, while the first can still be taken: the first is taken', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses', 'n')
  chain.settling = 'loses'
  t.strictSame(await service.serve(FRESH, { name: 'n' }), PENDING, 'nobody can tell yet: never a 402')
  chain.settling = 'truth'
  t.strictSame(await service.serve(FRESH, { name: 'n' }), answered('a #1', true, 'transfer 1'))
  t.strictSame([chain.count('settle', A), chain.count('settle', FRESH), chain.moved.has(keyOf(A))], [3, 0, true])
})

billingCase('known name, freshly signed, once the first can never be taken: it pays instead', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses', 'n')
  chain.cancel(A)
  t.strictSame(await service.serve(FRESH, { name: 'n' }), answered('a #2', false, 'transfer 1'))
  t.match(await service.rows(), [{ state: 'released' }, { state: 'captured', answer_body: 'a #2' }])
  t.strictSame(
    await service.serve(A, { name: 'n' }),
    answered('a #2', true, 'transfer 1'),
    'the purchase has its answer'
  )
})

billingCase('known name, another body: 409, whatever the first does, and nothing is taken', async (thisCase) => {
  const { t, chain, service } = thisCase
  const other = () => service.serve(FRESH, { name: 'n', body: 'b' })
  const { reached, goOn } = hold(chain, 'settle')
  chain.settling = 'hides'
  const first = service.serve(A, { name: 'n' })
  await reached
  t.strictSame(await other(), OTHER_REQUEST, 'running')
  goOn()
  t.strictSame(await first, PENDING)
  t.strictSame(await other(), OTHER_REQUEST, 'pending')
  t.match(await service.serve(A, { name: 'n' }), { kind: 'answer' })
  t.strictSame(await other(), OTHER_REQUEST, 'captured')
  t.strictSame([chain.count('confirm', FRESH), chain.count('settle', FRESH)], [0, 0])
})

billingCase('the same name chosen by another payer is another purchase', async ({ t, service }) => {
  t.match(await service.serve(A, { name: 'n' }), { body: 'a #1' })
  t.match(await service.serve(sign('bob', '1'), { name: 'n', body: 'b' }), { body: 'b #2', isReplay: false })
})

billingCase('same payment, another body: 409, whatever the first does', async ({ t, chain, service }) => {
  const other = () => service.serve(A, { body: 'b' })
  const { reached, goOn } = hold(chain, 'settle')
  chain.settling = 'hides'
  const first = service.serve(A)
  await reached
  t.strictSame(await other(), OTHER_REQUEST, 'running')
  goOn()
  t.strictSame(await first, PENDING)
  t.strictSame(await other(), OTHER_REQUEST, 'pending')
  t.match(await service.serve(A), { body: 'a #1' })
  t.strictSame(await other(), OTHER_REQUEST, 'captured')
  t.equal(service.executions, 1)
})

/** Who has only read what a chain shows to everyone: payer and promise, and perhaps the purchase's name. */
const FORGERIES: readonly [what: string, Signed, Order][] = [
  ['a copy', forge(A), {}],
  ['a copy under its name', forge(A), { name: 'n' }],
  ['another one under its name', forge(FRESH), { name: 'n' }]
]

billingCase('a forgery gets nothing while the first runs', async ({ t, chain, service }) => {
  const { reached, goOn } = hold(chain, 'settle')
  const first = service.serve(A, { name: 'n', hangsUp: true })
  await reached
  const reported = FORGERIES.map(([, signed, order]) => service.serve(signed, order))
  goOn()
  t.match(await first, { body: 'a #1' })
  t.strictSame(await Promise.all(reported), [FORGED, FORGED, FORGED])
})

billingCase('a forgery gets nothing while the first is pending, and nobody is asked for it', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'hides', 'n')
  const calls = chain.calls.length
  for (const [what, signed, order] of FORGERIES) t.strictSame(await service.serve(signed, order), FORGED, what)
  t.strictSame([chain.calls.length, (await service.rowOf(A))?.state], [calls, 'unknown'])
  t.match(await service.serve(A), { body: 'a #1' }, 'it waits for who paid')
})

billingCase('a forgery gets nothing of an answer that lies there to be collected', async ({ t, chain, service }) => {
  await service.serve(A, { name: 'n', hangsUp: true })
  const calls = chain.calls.length
  for (const [what, signed, order] of FORGERIES) t.strictSame(await service.serve(signed, order), FORGED, what)
  t.equal(chain.calls.length, calls)
  t.match(await service.serve(A), { body: 'a #1' }, 'it lies there for who paid')
  for (const [what, signed, order] of FORGERIES) t.match(await service.serve(signed, order), { kind: 'refused' }, what)
})

billingCase('a forgery that comes first holds nobody up', async ({ t, chain, service }) => {
  const { reached, goOn } = hold(chain, 'confirm')
  const forgery = service.serve(forge(A))
  await reached
  const owner = service.serve(A)
  goOn()
  t.strictSame(await forgery, { kind: 'refused', code: 'forged' })
  t.strictSame(await owner, answered('a #1', false, 'transfer 1'))
})

billingCase(
  'refused when it is confirmed: nothing is computed, and a payment that gets good is good',
  async (thisCase) => {
    const { t, chain, service } = thisCase
    chain.balances.set('ann', PRICE_ATOMIC - 1n)
    t.strictSame(await service.serve(A), { kind: 'refused', code: 'no_funds' })
    t.strictSame([service.executions, await service.rows()], [0, []])
    chain.balances.set('ann', PRICE_ATOMIC)
    t.match(await service.serve(A), { body: 'a #1', isReplay: false })
  }
)

billingCase(
  'nobody can tell beforehand: not charged, and the same payment works later',
  async ({ t, chain, service }) => {
    chain.confirming = 'unavailable'
    t.strictSame(
      bodiesOf(await Promise.all([service.serve(A), service.serve(A), service.serve(A)])),
      new Set(['rail_unavailable'])
    )
    t.strictSame([service.executions, await service.rows()], [0, []])
    chain.confirming = 'truth'
    t.match(await service.serve(A), { body: 'a #1', isReplay: false })
  }
)

billingCase('the answer fails after the charge: nothing is taken, the same payment works again', async (thisCase) => {
  const { t, chain, service } = thisCase
  t.strictSame(await service.serve(A, { fails: true }), { kind: 'failed' })
  t.strictSame([chain.count('settle'), await service.rows()], [0, []])
  t.match(await service.serve(A), { body: 'a #1', isReplay: false })
})

billingCase('refused while it is taken: the answer stays here', async ({ t, chain, service }) => {
  chain.settling = 'refuses'
  t.strictSame(await service.serve(A, { name: 'n' }), { kind: 'refused', code: 'cancelled' })
  t.match(await service.rows(), [{ state: 'released', answer_body: null }])
  chain.settling = 'truth'
  t.strictSame(await service.serve(A, { name: 'n' }), { kind: 'refused', code: 'cancelled' }, 'this one never will')
  t.match(await service.serve(FRESH, { name: 'n' }), { body: 'a #2', isReplay: false }, 'the name is free again')
})

billingCase('copies of a payment that is refused while it is taken get no answer', async ({ t, chain, service }) => {
  chain.settling = 'refuses'
  const served = await Promise.all(Array.from({ length: COPIES }, () => service.serve(A)))
  // One after the other takes over and hears it; the rest is told to come again.
  for (const { kind } of served) t.ok(kind === 'refused' || kind === 'running', kind)
  t.equal(chain.moved.size, 0)
})

billingCase('unknown, and the money has moved: 503, then its answer, once', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'hides')
  chain.resolving = 'blind'
  t.strictSame(await service.serve(A), PENDING, 'the chain is silent')
  chain.resolving = 'truth'
  t.strictSame(await service.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame(await service.serve(A), CONSUMED)
  t.strictSame([chain.moved.size, service.executions], [1, 1])
})

billingCase('unknown, and nothing has moved: it is taken when it comes again', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses')
  t.strictSame(await service.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame([chain.count('settle'), chain.moved.size, service.executions], [2, 1, 1])
})

billingCase('unknown, nothing has moved, and the chain is silent: taken all the same', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses')
  chain.resolving = 'blind'
  t.match(await service.serve(A), { body: 'a #1' })
})

billingCase('unknown, and it is under way: pending until it is there', async ({ t, chain, service }) => {
  chain.settling = 'delays'
  t.strictSame(await service.serve(A), PENDING)
  t.strictSame(await service.serve(A), PENDING, 'sent again, which is safe')
  chain.mine()
  t.strictSame(await service.serve(A), answered('a #1', true, 'transfer 1'))
  t.equal(chain.moved.size, 1)
})

billingCase('copies of an unknown payment at once: taken once, one answer for all', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses')
  const served = await Promise.all(Array.from({ length: COPIES }, () => service.serve(A, { hangsUp: true })))
  // Who came second to the chain is told that the promise is used, which tells nothing.
  for (const body of bodiesOf(served)) t.ok(['a #1', 'settlement_pending'].includes(body), body)
  t.match(await service.serve(A), { body: 'a #1' })
  t.strictSame([chain.moved.size, service.executions], [1, 1])
})

billingCase('unknown, and it can never be taken: 402 at last, and the row says so', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses')
  chain.nowSeconds = A.validBefore
  t.strictSame(await service.serve(A), { kind: 'refused', code: 'payment_void' })
  t.match(await service.rows(), [{ state: 'released', answer_body: null }])
  t.strictSame(await service.serve(A), { kind: 'refused', code: 'expired' }, 'like any other that is too late')
  t.equal(chain.moved.size, 0)
})

billingCase("unknown, dead, and sent under another payment's name: that one's answer", async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses')
  t.match(await service.serve(FRESH, { name: 'mine' }), { body: 'a #2' })
  chain.cancel(A)
  t.strictSame(await service.serve(A, { name: 'mine' }), answered('a #2', true, 'transfer 1'))
  t.equal((await service.rowOf(A))?.state, 'released')
  t.equal(chain.moved.size, 1)
})

billingCase('unknown, dead, and under a name of its own: nothing is sold for it', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses', 'mine')
  chain.cancel(A)
  t.match(await service.serve(A, { name: 'mine' }), { kind: 'refused' })
  t.equal(chain.moved.size, 0)
})

billingCase('unknown, and refused when it comes again: the chain has the last word', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses')
  chain.resolving = 'blind'
  chain.settling = 'refuses'
  t.strictSame(await service.serve(A), PENDING, 'a refusal may only mean that it was taken before')
  chain.resolving = 'truth'
  t.strictSame(await service.serve(A), { kind: 'refused', code: 'payment_void' })
})

billingCase('the reconciler ends what nobody asks for; the answer is collected once', async (thisCase) => {
  const { t, chain, service } = thisCase
  await leaveUnknown(thisCase, A, 'hides')
  await leaveUnknown(thisCase, FRESH, 'loses')
  const round = (...rails: Rail[]) => reconcile(service.ledger, rails, 0, () => false)
  t.match(await round(service.rail), { captured: 0, released: 0, left: 0 }, 'too young')
  chain.nowSeconds += 15
  t.match(await round(), { captured: 0, released: 0, left: 2 }, 'nobody to ask')
  chain.settling = 'loses'
  t.match(await round(service.rail), { captured: 1, released: 0, left: 1 })
  t.strictSame([(await service.rowOf(A))?.state, (await service.rowOf(FRESH))?.state], ['captured', 'unknown'])
  t.match(await round(service.rail), { left: 0 }, 'just tried')
  chain.cancel(FRESH)
  chain.nowSeconds += 15
  t.match(await round(service.rail), { captured: 0, released: 1, left: 0 })
  t.equal((await service.rowOf(FRESH))?.state, 'released')
  t.strictSame(await service.serve(A), answered('a #1', true, 'transfer 1'))
  t.strictSame(await service.serve(A), CONSUMED)
})

billingCase('the reconciler takes what was never sent; its client has the answer then', async (thisCase) => {
  const { t, service } = thisCase
  await leaveUnknown(thisCase, A, 'loses', 'n')
  await leaveUnknown(thisCase, FRESH, 'loses')
  await service.reconcile()
  t.match(await service.rows(), [
    { state: 'captured', settlement: 'transfer 1', pending_proof: null },
    { state: 'captured', settlement: 'transfer 2', pending_proof: null }
  ])
  t.strictSame(await service.serve(sign('ann', '3'), { name: 'n' }), answered('a #1', true, 'transfer 1'))
  t.strictSame(await service.serve(FRESH), answered('a #2', true, 'transfer 2'))
  t.strictSame(await service.serve(FRESH), CONSUMED)
})

billingCase(
  'the reconciler takes nothing that is refused, and tries a bounded number',
  async ({ t, chain, service }) => {
    chain.settling = 'loses'
    for (let index = 0; index < 8; index++) await service.serve(sign(`payer ${index}`, '1'))
    chain.nowSeconds += 15
    const before = chain.count('settle')
    t.match(await reconcile(service.ledger, [service.rail], 0, () => false), { captured: 0, left: 8 })
    t.equal(chain.count('settle') - before, 5)
    t.match(await reconcile(service.ledger, [service.rail], 0, () => false), { captured: 0, left: 3 }, 'the others')
    t.equal(chain.count('settle') - before, 8)
    for (let index = 0; index < 8; index++) chain.balances.set(`payer ${index}`, 0n)
    chain.settling = 'truth'
    await service.reconcile()
    t.strictSame([chain.moved.size, (await service.rows()).filter(({ state }) => state === 'unknown').length], [0, 8])
    chain.nowSeconds += 60
    t.match(await reconcile(service.ledger, [service.rail], 0, () => false), { released: 8, left: 0 })
  }
)

billingCase('payments that nobody can tell anything of hide no others', async ({ t, chain, service }) => {
  chain.settling = 'loses'
  const never = { validBefore: START_SECONDS * 2 }
  for (let index = 0; index < 60; index++) await service.serve(sign(`payer ${index}`, '1', never))
  chain.nowSeconds += 1
  await leaveUnknown({ t, chain, service }, A, 'hides')
  chain.nowSeconds += 15
  const silent: Rail = {
    ...service.rail,
    resolve: async ({ payer }) => (payer === 'ann' ? { kind: 'settled', reference: 'transfer 1' } : { kind: 'unknown' })
  }
  const first = await reconcile(service.ledger, [silent], 0, () => false)
  t.strictSame(first, { captured: 0, released: 0, left: 50, next: 50 })
  const second = await reconcile(service.ledger, [silent], first.next, () => false)
  t.strictSame(second, { captured: 1, released: 0, left: 10, next: 0 }, 'and all over again')
  t.match(await reconcile(service.ledger, [service.rail], 0, () => true), { left: 0 }, 'the service stops')
})

billingCase("a claim that is at work is not the reconciler's", async ({ t, chain, service }) => {
  const { reached, goOn } = hold(chain, 'moved')
  const first = service.serve(A)
  await reached
  await service.reconcile()
  t.equal((await service.rowOf(A))?.state, 'settling')
  goOn()
  t.strictSame(await first, answered('a #1', false, 'transfer 1'))
})

billingCase(
  'what must hold beside the plan is asked before the chain, and after the ledger',
  async ({ t, chain, service }) => {
    const precondition = async () => {
      throw new Error('the workout is voided')
    }
    await t.rejects(service.serve(A, { precondition }), { message: 'the workout is voided' })
    t.strictSame([chain.calls, await service.rows(), service.executions], [[], [], 0])
    await service.serve(A, { hangsUp: true })
    t.match(await service.serve(A, { precondition }), { body: 'a #1' }, 'what was bought stays bought')
  }
)

for (const engine of SHARED)
  t.test(`two instances on one database (${engine.title})`, async (t) => {
    const config = (await engine.makePlace(t)).config
    const chain = new SimulatedChain()
    const [one, two] = [
      await BillingService.open(t, chain, config),
      await BillingService.open(t, chain, config)
    ] as const

    t.test('a settlement that is at work elsewhere is left alone, until it is too old to be', async (t) => {
      const { reached, goOn } = hold(chain, 'settle')
      const first = one.serve(A)
      await reached
      chain.at = () => {}
      t.strictSame(await two.serve(A), PENDING)
      t.equal(chain.count('settle'), 1, 'young: nobody interferes')
      chain.nowSeconds += 16
      t.strictSame(await two.serve(A), answered('a #1', true, 'transfer 1'), 'old: its instance may be dead')
      goOn()
      const late = await first
      t.match(late, PENDING, 'the chain told the slow one nothing')
      t.strictSame([chain.moved.size, (await two.rowOf(A))?.state], [1, 'captured'])
    })

    t.test('one name at both at once, signed twice: one is taken, the other one waits for its answer', async (t) => {
      const [first, second] = [sign('eve', '1'), sign('eve', '2')] as const
      let confirming = 0
      chain.at = async (moment) => {
        if (moment === 'confirm') confirming += 1
        // Each has found nothing of the other one by then.
        while (moment === 'confirm' && confirming < 2) await new Promise((resolve) => setImmediate(resolve))
      }
      const served = await Promise.all([one.serve(first, { name: 'n' }), two.serve(second, { name: 'n' })])
      chain.at = () => {}
      t.strictSame(served.map(({ kind }) => kind).sort(), ['answer', 'settlement_pending'])
      t.equal(chain.moved.has(keyOf(first)) !== chain.moved.has(keyOf(second)), true, 'one of them has paid')
      const again = [await one.serve(first, { name: 'n' }), await two.serve(second, { name: 'n' })]
      t.equal(
        bodiesOf([...again, ...served.filter(({ kind }) => kind === 'answer')]).size,
        1,
        'and both have its answer'
      )
    })

    t.test('two revisions of one workout at both at once: one is taken, the other one waits', async (t) => {
      await one.serve(sign('fay', '0'), { record: workout('w', '1') })
      let confirming = 0
      chain.at = async (moment) => {
        if (moment === 'confirm') confirming += 1
        while (moment === 'confirm' && confirming < 2) await new Promise((resolve) => setImmediate(resolve))
      }
      const served = await Promise.all([
        one.serve(sign('fay', '1'), { record: nextRevision('w', '1', '2') }),
        two.serve(sign('fay', '2'), { record: nextRevision('w', '1', '3') })
      ])
      chain.at = () => {}
      t.strictSame(served.map(({ kind }) => kind).sort(), ['answer', 'revision_conflict'])
    })

    t.test('of two that take a pending payment up, one goes on', async (t) => {
      const signed = sign('dan', '1')
      chain.settling = 'loses'
      t.strictSame(await one.serve(signed), PENDING)
      chain.settling = 'truth'
      chain.nowSeconds += 15
      const [payment] = await one.ledger.pendingPayments(15_000, 1)
      t.strictSame(await Promise.all([one, two].map(({ ledger }) => ledger.resumeSettling(payment!))).then(sorted), [
        false,
        true
      ])
      t.strictSame(await two.ledger.pendingPayments(15_000, 1), [], 'young again')
      await two.reconcile()
      t.equal((await one.rowOf(signed))?.state, 'captured')
      t.strictSame([chain.count('settle', signed), chain.moved.has(keyOf(signed))], [2, true])
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
      for (const { process } of [one, two]) process.steps.length = 0
      settlesOnceAsked(chain, COPIES, one, two)
      const served = await Promise.all(Array.from({ length: COPIES }, (_, n) => (n % 2 ? two : one).serve(signed)))
      t.equal(bodiesOf(served.filter(({ kind }) => kind === 'answer')).size, 1)
      // The slower instance finds the proof taken as it writes, or the faster one's row; in the end a replay of its own.
      for (const each of served)
        t.ok(
          'code' in each ? each.code === CONSUMED.code : each.kind !== 'failed' && each.kind !== 'running',
          each.kind
        )
      t.equal(chain.count('settle', signed), 1)
      t.ok(chain.moved.has(keyOf(signed)))
    })

    t.strictSame(await one.disagreements(), [])
    t.strictSame(await two.disagreements(), [])
  })
