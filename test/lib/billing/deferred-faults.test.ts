import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { enginesOfRun, FILE, MEMORY } from '../../support/engines.ts'
import { answered, billingCasesOn, PENDING } from './billing-case.ts'
import { BillingService, type Served } from './billing-service.ts'
import { type Moment, SimulatedChain, sign } from './simulated-chain.ts'
import { nextRevision, workout } from './workouts.ts'

/** Far longer than the health check's second; a wait ends as soon as what it waits for is there. */
const PATIENCE_MS = 20_000

const billingCase = billingCasesOn(await enginesOfRun(t, MEMORY, FILE))

const A = sign('ann', '1')
const FRESH = sign('ann', '2')
const UNAVAILABLE: Served = { kind: 'ledger_unavailable' }
const VOID: Served = { kind: 'refused', code: 'payment_void' }

interface Fault {
  readonly what: string
  /** The payment was left unknown before, with its money moved or not. */
  readonly leftUnknown?: 'hides' | 'loses'
  /** From here the database accepts no writes. */
  readonly breaksAt: Moment
  readonly settling?: SimulatedChain['settling']
  readonly reported: Served
  /** How often the money has moved by then. */
  readonly moved: number
  /** What the same payment gets once the database is back. */
  readonly later: Served
}

const FAULTS: readonly Fault[] = [
  {
    what: 'the answer cannot be written down: nothing is taken',
    breaksAt: 'confirm',
    reported: UNAVAILABLE,
    moved: 0,
    later: answered('a #2', false, 'transfer 1')
  },
  {
    what: 'the money is taken, and that cannot be written down',
    breaksAt: 'settle',
    reported: { kind: 'settlement_pending' },
    moved: 1,
    later: answered('a #1', true, 'transfer 1')
  },
  {
    what: 'the money has moved, nobody knows, and that cannot be written down',
    breaksAt: 'settle',
    settling: 'hides',
    reported: { kind: 'settlement_pending' },
    moved: 1,
    later: answered('a #1', true, 'transfer 1')
  },
  {
    what: 'nothing has moved, nobody knows, and that cannot be written down',
    breaksAt: 'settle',
    settling: 'loses',
    reported: { kind: 'settlement_pending' },
    moved: 0,
    later: answered('a #1', true, 'transfer 1')
  },
  {
    what: 'refused, and that cannot be written down',
    breaksAt: 'settle',
    settling: 'refuses',
    reported: { kind: 'settlement_pending' },
    moved: 0,
    later: VOID
  },
  {
    what: 'found out as taken, and that cannot be written down',
    leftUnknown: 'hides',
    breaksAt: 'resolve',
    reported: { kind: 'settlement_pending' },
    moved: 1,
    later: answered('a #1', true, 'transfer 1')
  },
  {
    what: 'found out as dead, and that cannot be written down',
    leftUnknown: 'loses',
    breaksAt: 'resolve',
    settling: 'refuses',
    reported: { kind: 'settlement_pending' },
    moved: 0,
    later: VOID
  }
]

for (const engine of [MEMORY, FILE])
  t.test(`the ledger stops taking writes, and comes back (${engine.title})`, async (t) => {
    /** Plays one fault up to the moment when the database is well again. */
    const suffer = async (fault: Fault) => {
      const chain = new SimulatedChain()
      const service = await BillingService.open(t, chain, (await engine.makePlace(t)).config)
      if (fault.leftUnknown !== undefined) {
        chain.settling = fault.leftUnknown
        t.strictSame(await service.serve(A), PENDING, fault.what)
      }
      chain.settling = fault.settling ?? 'truth'
      if (fault.leftUnknown !== undefined && chain.settling === 'refuses') chain.cancel(A)
      chain.at = (moment) => {
        if (moment === fault.breaksAt) service.breakLedger()
      }
      t.strictSame(await service.serve(A), fault.reported, fault.what)
      t.equal(chain.moved.size, fault.moved, `${fault.what}: how often the money has moved`)
      const calls = chain.calls.length
      // A payment that is under way is never reported as not charged.
      const meanwhile = fault.breaksAt === 'confirm' ? UNAVAILABLE : PENDING
      t.strictSame(await service.serve(A), meanwhile, `${fault.what}: and nothing is sold until it is back`)
      t.equal(chain.calls.length, calls)
      chain.at = () => {}
      chain.settling = 'truth'
      await heal(service, engine === FILE)
      return { fault, chain, service }
    }
    for (const { fault, chain, service } of await Promise.all(FAULTS.map(suffer))) {
      // Long enough that nobody else can still be at work on it.
      chain.nowSeconds += 15
      t.strictSame(await service.serve(A), fault.later, `${fault.what}: and later`)
      t.strictSame(await service.disagreements(), [], fault.what)
      const owed = fault.later.kind === 'answer' ? 1 : 0
      t.equal(chain.moved.size, owed, `${fault.what}: paid once for an answer, not at all for none`)
    }
  })

async function heal(service: BillingService, byRestart: boolean): Promise<void> {
  if (byRestart) return service.restart()
  service.breakLedger(false)
  for (const end = Date.now() + PATIENCE_MS; !service.ledger.isWritable(); await sleep(20))
    if (Date.now() > end) throw new Error('waited in vain for the health check')
}

billingCasesOn([MEMORY, FILE])(
  'the ledger is away for the reconciler: it says so, and does it later',
  async ({ t, chain, service }) => {
    chain.settling = 'hides'
    t.strictSame(await service.serve(A), PENDING)
    service.breakLedger()
    await t.rejects(service.reconcile(), { name: 'LedgerUnavailable' })
    service.breakLedger(false)
    await service.reconcile()
    t.equal((await service.rowOf(A))?.state, 'captured')
  }
)

billingCase('a completed workout is stored with its payment, once, whoever ends it', async ({ t, chain, service }) => {
  t.match(await service.serve(A, { record: workout('w', '1') }), { body: 'a #1' })
  t.strictSame(await service.revisions(), { 'w/1': 'canonical' })
  chain.settling = 'hides'
  const pending = [sign('ann', '2'), sign('ann', '3')] as const
  for (const [index, signed] of pending.entries())
    t.strictSame(await service.serve(signed, { record: workout(`x${index}`, '1') }), PENDING)
  t.strictSame(await service.revisions(), { 'w/1': 'canonical' }, 'not before it is paid')
  t.match(await service.serve(pending[0]), { body: 'a #2' })
  await service.reconcile()
  t.strictSame(await service.revisions(), { 'w/1': 'canonical', 'x0/1': 'canonical', 'x1/1': 'canonical' })
  t.match(await service.serve(pending[1]), { body: 'a #3' })
})

billingCase('refused while it is taken: no workout', async ({ t, chain, service }) => {
  chain.settling = 'refuses'
  t.match(await service.serve(A, { record: workout('w', '1') }), { kind: 'refused' })
  t.strictSame(await service.revisions(), {})
})

billingCase(
  'superseded before the money moves: told, nothing is taken, the payment is good',
  async ({ t, chain, service }) => {
    await service.serve(sign('bob', '1'), { record: workout('w', '1') })
    await service.serve(sign('bob', '2'), { record: nextRevision('w', '1', '2') })
    const late = await service.serve(A, { record: nextRevision('w', '1', '3') })
    t.strictSame(late, { kind: 'revision_conflict', canonical: 'w/2', isUndecided: false })
    t.strictSame([chain.count('settle', A), await service.rowOf(A)], [0, undefined])
    t.match(await service.serve(A, { record: nextRevision('w', '2', '3') }), { kind: 'answer', isReplay: false })
    t.strictSame(await service.revisions(), { 'w/1': 'superseded', 'w/2': 'superseded', 'w/3': 'canonical' })
  }
)

billingCase(
  'two revisions are paid at once: one is taken, the other one waits for what comes of it',
  async (thisCase) => {
    const { t, chain, service } = thisCase
    await service.serve(sign('bob', '1'), { record: workout('w', '1') })
    chain.settling = 'loses'
    t.strictSame(await service.serve(A, { record: nextRevision('w', '1', '2') }), PENDING)
    chain.settling = 'truth'
    const undecided = { kind: 'revision_conflict', canonical: 'w/1', isUndecided: true }
    t.strictSame(await service.serve(FRESH, { record: nextRevision('w', '1', '3') }), undecided)
    t.equal(chain.count('settle', FRESH), 0)
    chain.cancel(A)
    t.match(await service.serve(A), VOID)
    t.match(await service.serve(FRESH, { record: nextRevision('w', '1', '3') }), { kind: 'answer', isReplay: false })
    t.strictSame(await service.revisions(), { 'w/1': 'superseded', 'w/3': 'canonical' })
  }
)

billingCase('the reserved place is kept until the money is there', async ({ t, chain, service }) => {
  await service.serve(sign('bob', '1'), { record: workout('w', '1') })
  const served = await Promise.all(
    ['2', '3', '4'].map((id) => service.serve(sign('ann', id), { record: nextRevision('w', '1', id) }))
  )
  t.strictSame(served.map(({ kind }) => kind).sort(), ['answer', 'revision_conflict', 'revision_conflict'])
  t.equal(chain.moved.size, 2, 'the first revision and one other')
  t.equal(Object.values(await service.revisions()).filter((state) => state === 'canonical').length, 1)
})
