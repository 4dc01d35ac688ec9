import fc from 'fast-check'
import t from 'tap'
import { enginesOfRun, FILE } from '../../support/engines.ts'
import { bodiesOf, CONSUMED, PENDING } from './billing-case.ts'
import { BillingService, fingerprintOf, type Order, type Served } from './billing-service.ts'
import { purchaseKeyOf } from './promise-rail.ts'
import { forge, keyOf, type Signed, SimulatedChain, sign } from './simulated-chain.ts'
import { workout } from './workouts.ts'

const A = sign('ann', '1')

/** What the client was told, unless the process died before it could say anything. */
const orDeath = (service: BillingService, served: Promise<Served>) => Promise.race([served, service.process.ended])

interface Way {
  readonly what: string
  readonly settling: SimulatedChain['settling']
  /** The payment was left unknown before. */
  readonly leftUnknown?: 'hides' | 'loses'
}

const WAYS: readonly Way[] = [
  { what: 'a good payment', settling: 'truth' },
  { what: 'moved, and nobody knows', settling: 'hides' },
  { what: 'not moved, and nobody knows', settling: 'loses' },
  { what: 'under way', settling: 'delays' },
  { what: 'found out as moved', leftUnknown: 'hides', settling: 'truth' },
  { what: 'found out as open', leftUnknown: 'loses', settling: 'truth' }
]

/** An answer that leaves on one connection is held by the process that died, for seconds. */
const CLIENTS = [
  { client: '', isConnected: false, told: ['answer', 'settlement_pending'] },
  { client: ', on one connection', isConnected: true, told: ['answer', 'settlement_pending', 'running'] }
]

for (const { what, settling, leftUnknown, client, isConnected, told: expected } of WAYS.flatMap((way) =>
  CLIENTS.map((client) => ({ ...way, ...client }))
))
  t.test(`killed at every step: ${what}${client}`, async (t) => {
    for (let count = 1; ; count++) {
      const chain = new SimulatedChain()
      const service = await BillingService.open(t, chain, (await FILE.makePlace(t)).config)
      const order = { record: workout('w', '1'), isConnected }
      if (leftUnknown !== undefined) {
        chain.settling = leftUnknown
        t.strictSame(await service.serve(A, order), PENDING)
        await service.restart()
      }
      chain.settling = settling
      service.process.diesAt = (_, reached) => reached === count
      const reported = await orDeath(service, service.serve(A, order))
      const died = String(service.process.steps.at(-1))
      if (reported !== undefined) {
        t.ok(count > 6, `${count - 1} steps there are`)
        return
      }
      await service.restart()
      chain.settling = 'truth'
      chain.mine()
      const first = await service.serve(A, order)
      t.ok(expected.includes(first.kind), `${died}: never a 402, but ${first.kind}`)
      chain.nowSeconds += 15
      t.match(
        first.kind === 'answer' ? first : await service.serve(A, order),
        { kind: 'answer' },
        `${died}: its answer`
      )
      t.strictSame(await service.disagreements(), [], died)
      t.strictSame(
        [chain.moved.size, service.given.length, await service.revisions()],
        [1, 1, { 'w/1': 'canonical' }],
        died
      )
      t.match(await service.serve(A, order), CONSUMED, `${died}: and not again`)
    }
  })

t.test('killed at every step without a retry: the reconciler completes the stored payments', async (t) => {
  for (const name of [undefined, 'n'])
    for (let count = 1; ; count++) {
      const chain = new SimulatedChain()
      const service = await BillingService.open(t, chain, (await FILE.makePlace(t)).config)
      const order = { record: workout('w', '1'), ...(name !== undefined && { name }) }
      service.process.diesAt = (_, reached) => reached === count
      if ((await orDeath(service, service.serve(A, order))) !== undefined) break
      const died = String(service.process.steps.at(-1))
      await service.restart()
      const isWritten = (await service.rows()).length > 0
      await service.reconcile()
      await service.reconcile()
      t.strictSame(
        [(await service.rows()).map(({ state }) => state), chain.moved.size],
        isWritten ? [['captured'], 1] : [[], 0],
        died
      )
      t.match(await service.serve(A, order), { kind: 'answer', isReplay: isWritten }, `${died}: and its answer`)
      t.strictSame([chain.moved.size, await service.disagreements()], [1, []], died)
    }
})

t.test('killed at every step of a refusal: no money, no answer, and the next payment is good', async (t) => {
  for (let count = 1; ; count++) {
    const chain = new SimulatedChain()
    const service = await BillingService.open(t, chain, (await FILE.makePlace(t)).config)
    chain.settling = 'refuses'
    service.process.diesAt = (_, reached) => reached === count
    if ((await orDeath(service, service.serve(A, { name: 'n' }))) !== undefined) return
    const died = String(service.process.steps.at(-1))
    await service.restart()
    chain.cancel(A)
    chain.settling = 'truth'
    t.match(await service.serve(A, { name: 'n' }), { kind: 'refused' }, died)
    t.match(await service.serve(sign('ann', '2'), { name: 'n' }), { kind: 'answer' }, died)
    t.strictSame([chain.moved.size, await service.disagreements()], [1, []], died)
  }
})

t.test('killed while twenty copies run: paid once, and each of them can have the answer', async (t) => {
  for (let count = 1; ; count += 5) {
    const chain = new SimulatedChain()
    const service = await BillingService.open(t, chain, (await FILE.makePlace(t)).config)
    service.process.diesAt = (_, reached) => reached === count
    const copies = () => Array.from({ length: 20 }, () => service.serve(A, { name: 'n' }))
    const all = copies()
    const reported = await Promise.race([Promise.all(all), service.process.ended])
    const died = String(service.process.steps.at(-1))
    if (reported !== undefined) return
    await service.restart()
    chain.nowSeconds += 15
    // Those who find it pending at once ask the chain at once: one is told, and the others find out next.
    await Promise.all(copies())
    t.equal(bodiesOf(await Promise.all(copies())).size, 1, died)
    t.strictSame([chain.moved.size, await service.disagreements()], [1, []], died)
  }
})

const PROOFS = ['ann', 'bob'].flatMap((payer) => ['1', '2', '3'].map((nonce) => sign(payer, nonce)))

interface Buy {
  readonly kind: 'buy'
  readonly proof: number
  readonly isForged: boolean
  readonly order: Order
  readonly copies: number
  readonly confirming: SimulatedChain['confirming']
  readonly settling: SimulatedChain['settling']
  readonly resolving: SimulatedChain['resolving']
  /** The step at which the process dies, or the database stops taking writes. */
  readonly at: number
  readonly fate: 'lives' | 'dies' | 'breaks'
}
type Happening =
  | Buy
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'cancel'; readonly proof: number }
  | { readonly kind: 'funds'; readonly payer: string; readonly balance: bigint }
  | { readonly kind: 'mine' | 'restart' | 'reconcile' }

const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) })

const buying: fc.Arbitrary<Buy> = fc.record({
  kind: fc.constant('buy' as const),
  proof: fc.nat(PROOFS.length - 1),
  isForged: mostly(false, false, true),
  order: fc.record(
    {
      body: mostly('a', 'b'),
      name: fc.constantFrom('n', 'm'),
      hangsUp: fc.boolean(),
      isConnected: fc.boolean(),
      fails: mostly(false, true)
    },
    { requiredKeys: ['body', 'hangsUp'] }
  ),
  copies: fc.integer({ min: 1, max: 3 }),
  confirming: mostly<SimulatedChain['confirming']>('truth', 'truth', 'refuses', 'unavailable'),
  settling: mostly<SimulatedChain['settling']>('truth', 'refuses', 'loses', 'delays', 'hides'),
  resolving: mostly<SimulatedChain['resolving']>('truth', 'blind'),
  at: fc.integer({ min: 1, max: 24 }),
  fate: mostly<Buy['fate']>('lives', 'dies', 'breaks')
})
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: buying },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.constantFrom(5, 12, 30, 100) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), proof: fc.nat(PROOFS.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('funds' as const),
      payer: fc.constantFrom('ann', 'bob'),
      balance: fc.constantFrom(0n, 7n, 1000n)
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('mine' as const, 'restart' as const, 'reconcile' as const) })
  }
)

/** True where a purchase that this proof may speak for was paid, and waits for it. */
async function waitsFor(service: BillingService, signed: Signed, { body = 'a', name }: Order): Promise<boolean> {
  const { moved } = service.chain
  const rows = (await service.rows()).filter(({ fingerprint }) => fingerprint === fingerprintOf(body))
  if (moved.has(keyOf(signed))) {
    const isDelivered = service.given.some(({ key, isDelivered }) => key === keyOf(signed) && isDelivered)
    return !isDelivered && rows.some(({ proof_key }) => proof_key === keyOf(signed))
  }
  return (
    name !== undefined &&
    rows.some((row) => moved.has(row.proof_key) && row.purchase_key === purchaseKeyOf(signed, name))
  )
}

/** Some copies of one request, and what becomes of the process meanwhile. */
async function buy(
  service: BillingService,
  { proof, isForged, order, copies, at, fate, ...moods }: Buy
): Promise<void> {
  const { chain } = service
  Object.assign(chain, moods)
  service.process.steps.length = 0
  service.process.diesAt = (_, count) => {
    if (fate === 'breaks' && count === at) service.breakLedger()
    return fate === 'dies' && count === at
  }
  const signed = isForged ? forge(PROOFS[proof]!) : PROOFS[proof]!
  const reported: Served[] = []
  const all = Array.from({ length: copies }, () => service.serve(signed, order).then((served) => reported.push(served)))
  await Promise.race([Promise.all(all), service.process.ended])
  if (fate !== 'lives') await service.restart()
  for (const served of reported) {
    if (isForged && served.kind === 'answer') throw new Error('a forgery was answered')
    if (!isForged && served.kind === 'refused' && (await waitsFor(service, signed, order)))
      throw new Error(`asked to pay again (${served.code}) for what was paid`)
  }
}

async function happen(service: BillingService, happening: Happening): Promise<void> {
  const { chain } = service
  switch (happening.kind) {
    case 'buy':
      return buy(service, happening)
    case 'time':
      chain.nowSeconds += happening.seconds
      return
    case 'cancel':
      return chain.cancel(PROOFS[happening.proof]!)
    case 'funds':
      chain.balances.set(happening.payer, happening.balance)
      return
    case 'mine':
      return chain.mine()
    case 'restart':
      return service.restart()
    case 'reconcile':
      return service.reconcile()
  }
}

/** Everybody who paid comes for the answer, and nothing stays open. */
async function settleAccounts(service: BillingService): Promise<void> {
  const { chain } = service
  await service.restart()
  Object.assign(chain, { confirming: 'truth', settling: 'truth', resolving: 'truth' })
  chain.mine()
  chain.nowSeconds += 15
  for (const signed of PROOFS.filter((each) => chain.moved.has(keyOf(each))))
    for (const body of ['a', 'b']) {
      if (!(await waitsFor(service, signed, { body }))) continue
      const served = await service.serve(signed, { body })
      if (served.kind !== 'answer') throw new Error(`${keyOf(signed)} has paid for ${body} and gets ${served.kind}`)
    }
  chain.nowSeconds += 1000
  await service.reconcile()
  for (const { proof_key, state } of await service.rows())
    if (state !== 'captured' && state !== 'released') throw new Error(`${proof_key} stays ${state}`)
}

async function audit(service: BillingService): Promise<void> {
  const found = await service.disagreements()
  if (found.length > 0) throw new Error(found.join('; '))
}

/** Histories played on each: enough for hundreds of crashes, in seconds. */
const RUNS = { file: 80, postgres: 15 }

for (const engine of await enginesOfRun(t, FILE)) {
  const numRuns = engine === FILE ? RUNS.file : RUNS.postgres
  t.test(`whatever happens: every penny has its answer, every answer its penny (${engine.title})`, async (t) => {
    const counts = { answers: 0, crashes: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 30 }), async (happenings) => {
        const service = await BillingService.open(t, new SimulatedChain(), (await engine.makePlace(t)).config)
        try {
          for (const each of happenings) {
            // Only SQLite can be told from here to take no writes.
            await happen(service, engine !== FILE && each.kind === 'buy' ? { ...each, fate: surviving(each) } : each)
            await audit(service)
            if (each.kind === 'buy' && each.fate === 'dies') counts.crashes += 1
          }
          await settleAccounts(service)
          await audit(service)
          counts.answers += service.given.length
        } finally {
          await service.close()
        }
      }),
      { numRuns }
    )
    t.ok(
      counts.answers > numRuns / 2 && counts.crashes > numRuns / 2,
      `${counts.answers} answers, ${counts.crashes} crashes`
    )
  })
}

function surviving({ fate }: Buy): Buy['fate'] {
  return fate === 'breaks' ? 'lives' : fate
}
