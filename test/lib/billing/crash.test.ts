import fc from 'fast-check'
import t from 'tap'
import { bodiesOf, PENDING } from './billing-case.ts'
import { fingerprintOf, type Order, type Served, Shop } from './billing-service.ts'
import { FILE, placesOfRun } from './places.ts'
import { purchaseKeyOf } from './promise-rail.ts'
import { Bank, forge, keyOf, type Signed, sign } from './simulated-chain.ts'
import { workout } from './workouts.ts'

const A = sign('ann', '1')

/** What the client was told, unless the process died before it could say anything. */
const orDeath = (shop: Shop, served: Promise<Served>) => Promise.race([served, shop.life.ended])

interface Way {
  readonly what: string
  readonly settling: Bank['settling']
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

for (const { what, settling, leftUnknown } of WAYS)
  t.test(`killed at every step: ${what}`, async (t) => {
    for (let count = 1; ; count++) {
      const bank = new Bank()
      const shop = await Shop.open(t, bank, await FILE.make(t))
      const order = { record: workout('w', '1') }
      if (leftUnknown !== undefined) {
        bank.settling = leftUnknown
        t.strictSame(await shop.serve(A, order), PENDING)
        await shop.restart()
      }
      bank.settling = settling
      shop.life.diesAt = (_, reached) => reached === count
      const told = await orDeath(shop, shop.serve(A, order))
      const died = String(shop.life.steps.at(-1))
      if (told !== undefined) {
        t.ok(count > 6, `${count - 1} steps there are`)
        return
      }
      await shop.restart()
      bank.settling = 'truth'
      bank.mine()
      const first = await shop.serve(A, order)
      t.ok(['answer', 'settlement_pending'].includes(first.kind), `${died}: never a 402, but ${first.kind}`)
      bank.nowSeconds += 15
      t.match(first.kind === 'answer' ? first : await shop.serve(A, order), { kind: 'answer' }, `${died}: its answer`)
      t.strictSame(await shop.disagreements(), [], died)
      t.strictSame([bank.moved.size, shop.given.length, await shop.revisions()], [1, 1, { 'w/1': 'canonical' }], died)
    }
  })

t.test('killed at every step of a refusal: no money, no answer, and the next payment is good', async (t) => {
  for (let count = 1; ; count++) {
    const bank = new Bank()
    const shop = await Shop.open(t, bank, await FILE.make(t))
    bank.settling = 'refuses'
    shop.life.diesAt = (_, reached) => reached === count
    if ((await orDeath(shop, shop.serve(A, { name: 'n' }))) !== undefined) return
    const died = String(shop.life.steps.at(-1))
    await shop.restart()
    bank.cancel(A)
    bank.settling = 'truth'
    t.match(await shop.serve(A, { name: 'n' }), { kind: 'refused' }, died)
    t.match(await shop.serve(sign('ann', '2'), { name: 'n' }), { kind: 'answer' }, died)
    t.strictSame([bank.moved.size, await shop.disagreements()], [1, []], died)
  }
})

t.test('killed while twenty copies run: paid once, and each of them can have the answer', async (t) => {
  for (let count = 1; ; count += 5) {
    const bank = new Bank()
    const shop = await Shop.open(t, bank, await FILE.make(t))
    shop.life.diesAt = (_, reached) => reached === count
    const copies = () => Array.from({ length: 20 }, () => shop.serve(A, { name: 'n' }))
    const all = copies()
    const told = await Promise.race([Promise.all(all), shop.life.ended])
    const died = String(shop.life.steps.at(-1))
    if (told !== undefined) return
    await shop.restart()
    bank.nowSeconds += 15
    // Those who find it pending at once ask the bank at once: one is told, and the others find out next.
    await Promise.all(copies())
    t.equal(bodiesOf(await Promise.all(copies())).size, 1, died)
    t.strictSame([bank.moved.size, await shop.disagreements()], [1, []], died)
  }
})

const PROOFS = ['ann', 'bob'].flatMap((payer) => ['1', '2', '3'].map((nonce) => sign(payer, nonce)))

interface Buy {
  readonly kind: 'buy'
  readonly proof: number
  readonly isForged: boolean
  readonly order: Order
  readonly copies: number
  readonly confirming: Bank['confirming']
  readonly settling: Bank['settling']
  readonly resolving: Bank['resolving']
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
      fails: mostly(false, true)
    },
    { requiredKeys: ['body', 'hangsUp'] }
  ),
  copies: fc.integer({ min: 1, max: 3 }),
  confirming: mostly<Bank['confirming']>('truth', 'truth', 'refuses', 'unavailable'),
  settling: mostly<Bank['settling']>('truth', 'refuses', 'loses', 'delays', 'hides'),
  resolving: mostly<Bank['resolving']>('truth', 'blind'),
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
async function waitsFor(shop: Shop, signed: Signed, { body = 'a', name }: Order): Promise<boolean> {
  const { moved } = shop.bank
  const rows = (await shop.rows()).filter(({ fingerprint }) => fingerprint === fingerprintOf(body))
  if (moved.has(keyOf(signed))) {
    const isDelivered = shop.given.some(({ key, isDelivered }) => key === keyOf(signed) && isDelivered)
    return !isDelivered && rows.some(({ proof_key }) => proof_key === keyOf(signed))
  }
  return (
    name !== undefined &&
    rows.some((row) => moved.has(row.proof_key) && row.purchase_key === purchaseKeyOf(signed, name))
  )
}

/** Some copies of one request, and what becomes of the process meanwhile. */
async function buy(shop: Shop, { proof, isForged, order, copies, at, fate, ...moods }: Buy): Promise<void> {
  const { bank } = shop
  Object.assign(bank, moods)
  shop.life.steps.length = 0
  shop.life.diesAt = (_, count) => {
    if (fate === 'breaks' && count === at) shop.breakLedger()
    return fate === 'dies' && count === at
  }
  const signed = isForged ? forge(PROOFS[proof]!) : PROOFS[proof]!
  const told: Served[] = []
  const all = Array.from({ length: copies }, () => shop.serve(signed, order).then((served) => told.push(served)))
  await Promise.race([Promise.all(all), shop.life.ended])
  if (fate !== 'lives') await shop.restart()
  for (const served of told) {
    if (isForged && served.kind === 'answer') throw new Error('a forgery was answered')
    if (!isForged && served.kind === 'refused' && (await waitsFor(shop, signed, order)))
      throw new Error(`asked to pay again (${served.code}) for what was paid`)
  }
}

async function happen(shop: Shop, happening: Happening): Promise<void> {
  const { bank } = shop
  switch (happening.kind) {
    case 'buy':
      return buy(shop, happening)
    case 'time':
      bank.nowSeconds += happening.seconds
      return
    case 'cancel':
      return bank.cancel(PROOFS[happening.proof]!)
    case 'funds':
      bank.balances.set(happening.payer, happening.balance)
      return
    case 'mine':
      return bank.mine()
    case 'restart':
      return shop.restart()
    case 'reconcile':
      return shop.reconcile()
  }
}

/** Everybody who paid comes for the answer, and nothing stays open. */
async function settleAccounts(shop: Shop): Promise<void> {
  const { bank } = shop
  await shop.restart()
  Object.assign(bank, { confirming: 'truth', settling: 'truth', resolving: 'truth' })
  bank.mine()
  bank.nowSeconds += 15
  for (const signed of PROOFS.filter((each) => bank.moved.has(keyOf(each))))
    for (const body of ['a', 'b']) {
      if (!(await waitsFor(shop, signed, { body }))) continue
      const served = await shop.serve(signed, { body })
      if (served.kind !== 'answer') throw new Error(`${keyOf(signed)} has paid for ${body} and gets ${served.kind}`)
    }
  bank.nowSeconds += 1000
  await shop.reconcile()
  for (const { proof_key, state } of await shop.rows())
    if (state !== 'captured' && state !== 'released') throw new Error(`${proof_key} stays ${state}`)
}

async function audit(shop: Shop): Promise<void> {
  const found = await shop.disagreements()
  if (found.length > 0) throw new Error(found.join('; '))
}

/** Histories played on each: enough for hundreds of crashes, in seconds. */
const RUNS = { file: 80, postgres: 15 }

for (const place of await placesOfRun(FILE)) {
  const numRuns = place === FILE ? RUNS.file : RUNS.postgres
  t.test(`whatever happens: every penny has its answer, every answer its penny (${place.name})`, async (t) => {
    const counts = { answers: 0, crashes: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 30 }), async (happenings) => {
        const shop = await Shop.open(t, new Bank(), await place.make(t))
        try {
          for (const each of happenings) {
            // Only SQLite can be told from here to take no writes.
            await happen(shop, place !== FILE && each.kind === 'buy' ? { ...each, fate: surviving(each) } : each)
            await audit(shop)
            if (each.kind === 'buy' && each.fate === 'dies') counts.crashes += 1
          }
          await settleAccounts(shop)
          await audit(shop)
          counts.answers += shop.given.length
        } finally {
          await shop.close()
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
