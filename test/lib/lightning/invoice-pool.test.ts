import { randomBytes } from 'node:crypto'
import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { createEmbeddedNode } from '../../../lib/lightning/embedded-node.ts'
import { InvoicePool, type InvoicePoolOptions } from '../../../lib/lightning/invoice-pool.ts'
import { LightningError, toLightningError } from '../../../lib/lightning/lightning-error.ts'
import type { Invoice, InvoiceRequest, LightningNode } from '../../../lib/lightning/lightning-node.ts'
import { PoolDemand } from '../../../lib/lightning/pool-demand.ts'
import { until } from '../../support/until.ts'

type Behaviour = (make: () => Promise<Invoice>) => Promise<Invoice>
const works: Behaviour = (make) => make()
const hangs: Behaviour = () => new Promise(() => {})
const fails: Behaviour = () => Promise.reject(new LightningError('unavailable', 'down'))
/** Of a test whose figures the machine may spoil. */
const ATTEMPTS = 5

/** As a request does. */
async function take(pool: InvoicePool<Invoice>): Promise<Invoice> {
  return pool.tryTake() ?? pool.next()
}

/** A node of our own interface whose behaviour may change at any time; it makes real regtest invoices. */
async function setUp(t: Test, options: Partial<InvoicePoolOptions<Invoice>> = {}) {
  const state = {
    nowMs: 1_800_000_000_000,
    amountMsat: 149_000n as bigint | undefined,
    behaviour: works,
    inFlight: 0,
    peak: 0,
    made: 0,
    probes: 0,
    probe: async () => {},
    log: [] as string[]
  }
  const embedded = await createEmbeddedNode({ now: () => state.nowMs, randomBytes })
  const node: LightningNode = {
    network: 'regtest',
    probe: () => {
      state.probes += 1
      return state.probe()
    },
    close: async () => {},
    async createInvoice(request: InvoiceRequest) {
      state.inFlight += 1
      state.peak = Math.max(state.peak, state.inFlight)
      try {
        const invoice = await state.behaviour(() => embedded.createInvoice(request))
        state.made += 1
        return invoice
      } finally {
        state.inFlight -= 1
      }
    }
  }
  const pool = new InvoicePool<Invoice>({
    node,
    expirySeconds: 600,
    description: 'Power Oracle',
    amountMsat: () => state.amountMsat,
    prepare: (invoice) => invoice,
    now: () => state.nowMs,
    logger: {
      info: (_fields, message) => state.log.push(message),
      warn: (_fields, message) => state.log.push(message)
    },
    ...options
  })
  t.teardown(() => pool.close())
  return { pool, state, embedded }
}

/** A running pool that keeps 64 ready, as one does after 320 requests within a minute. */
async function stocked(t: Test, options: Partial<InvoicePoolOptions<Invoice>> = {}) {
  const made = await setUp(t, options)
  for (let request = 0; request < 320; request++) made.pool.tryTake()
  made.pool.start()
  await until('made.pool.health().ready === 64', () => made.pool.health().ready === 64)
  return made
}

t.setTimeout(60_000)

// The pool's own timers hold no process open, so this one does while a test waits for them.
const alive = setInterval(() => {}, 1000)
t.teardown(() => clearInterval(alive))

t.test('fills to its target, with bounded concurrency, and hands each invoice out once', async (t) => {
  const { pool, state } = await setUp(t)
  t.equal(pool.tryTake(), undefined, 'nothing before start')
  await t.rejects(take(pool), { name: 'LightningError', code: 'unavailable' })
  t.equal(state.made, 0)
  t.match(pool.health(), { state: 'degraded', ready: 0 }, 'it does not run')
  pool.start()
  t.match(pool.health(), { state: 'ok', ready: 0 }, 'nothing has failed')
  await until('pool.health().ready === 1', () => pool.health().ready === 1)
  t.match(pool.health(), { state: 'ok', ready: 1, waiting: 0, target: 1, lastError: undefined })
  for (let request = 0; request < 320; request++) pool.tryTake()
  t.match(pool.health(), { state: 'ok', ready: 0 }, 'a burst that empties the pool is no fault')
  await until('pool.health().ready === 65', () => pool.health().ready === 65)
  t.equal(state.peak, 48)
  const taken = Array.from({ length: 65 }, () => pool.tryTake()!.bolt11)
  t.equal(new Set(taken).size, 65)
  t.equal(pool.tryTake(), undefined)
  await until('pool.health().ready === pool.health().target', () => pool.health().ready === pool.health().target)
  t.equal(pool.health().target, 78, 'demand raised the target')
  t.notOk(taken.includes(pool.tryTake()!.bolt11))
})

t.test('a burst on an empty pool: everybody within bounds is served, in order, the others are busy', async (t) => {
  // Signing 1024 invoices takes its time on a busy machine.
  const { pool } = await setUp(t, { waitMs: 60_000 })
  pool.start()
  const order: number[] = []
  const takes = Array.from({ length: 1100 }, (_, i) =>
    take(pool).then(
      (invoice) => {
        order.push(i)
        return invoice.bolt11
      },
      (error) => error.code
    )
  )
  const results = await Promise.all(takes)
  t.equal(results.filter((result) => result === 'busy').length, 1100 - 1024)
  t.equal(new Set(results).size, 1024 + 1, 'no invoice twice')
  t.same(
    order,
    [...order].sort((a, b) => a - b)
  )
})

t.test('a frozen node: ready invoices still go out, then waiting ends at its limit, and it heals', async (t) => {
  const { pool, state } = await stocked(t, { waitMs: 50 })
  state.behaviour = hangs
  for (let i = 0; i < 64; i += 1) t.ok(await take(pool))
  await t.rejects(take(pool), { name: 'LightningError', code: 'timeout' })
  t.equal(pool.health().waiting, 0)
  t.ok(state.inFlight <= 48, 'the frozen node is not flooded')
  await until('pool.health().lastError === timeout', () => pool.health().lastError === 'timeout')
  t.equal(pool.state(), 'degraded')
  state.behaviour = works
  await until('pool.state() === ok', () => pool.state() === 'ok')
  t.ok(await take(pool))
  t.same(state.log, ['the Lightning node is failing', 'the Lightning node is available again'])
})

t.test('a node that falls behind: who cannot be served in time is refused at once', async (t) => {
  const { pool, state } = await setUp(t)
  let freeze = false
  state.behaviour = async (make) => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return freeze ? hangs(make) : make()
  }
  pool.start()
  // On a busy machine some wait in vain.
  await Promise.all(Array.from({ length: 200 }, () => take(pool).catch(() => {})))
  await until('state.inFlight === 0', () => state.inFlight === 0)
  freeze = true
  const refused: string[] = []
  for (let request = 0; request < 1000; request++)
    pool.tryTake() ?? pool.next().catch((error: LightningError) => refused.push(error.code))
  // No timer fires before this: whoever is refused now did not wait.
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  const waiting = pool.health().waiting
  t.comment(`${waiting} wait, ${refused.length} were refused`)
  t.ok(waiting >= 1, 'those that are next wait')
  t.ok(waiting <= 48 * 15, 'no more than so slow a node serves in 1500 ms')
  t.ok(refused.length > 0)
  t.strictSame([...new Set(refused)], ['busy'])
})

t.test('a node that has answered nothing for as long as a question waits: the next ones are refused', async (t) => {
  const { pool, state } = await setUp(t, { waitMs: 300 })
  state.behaviour = hangs
  pool.start()
  await t.rejects(take(pool), { code: 'timeout' })
  // Its attempt began a moment after it.
  await new Promise((resolve) => setTimeout(resolve, 50))
  let isRefused = false
  take(pool).catch(() => {
    isRefused = true
  })
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  t.ok(isRefused)
  t.equal(pool.health().waiting, 0)
})

t.test('while load is shed, what is ready goes out and nobody waits', async (t) => {
  let isShedding = false
  const { pool, state } = await stocked(t, { isShedding: () => isShedding })
  isShedding = true
  for (let request = 0; request < 64; request++) t.ok(pool.tryTake())
  state.behaviour = hangs
  const refused: string[] = []
  for (let request = 0; request < 100; request++)
    pool.tryTake() ?? pool.next().catch((error: LightningError) => refused.push(error.code))
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  t.equal(pool.health().waiting, 0)
  t.strictSame(refused, new Array(100).fill('busy'))
})

t.test('a node that takes longer than a question waits: who comes again gets one', async (t) => {
  const { pool, state } = await setUp(t, { waitMs: 50 })
  state.behaviour = async (make) => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    return make()
  }
  pool.start()
  let sold = 0
  await until('three invoices', async () => {
    const invoice = await take(pool).catch(() => undefined)
    if (invoice !== undefined) sold++
    return sold === 3
  })
  t.equal(sold, 3)
})

t.test('a node that is down gets few calls, no request waits for it, and it recovers', async (t) => {
  const { pool, state } = await setUp(t, { waitMs: 30_000 })
  let attempts = 0
  state.behaviour = () => {
    attempts += 1
    return fails(() => Promise.reject())
  }
  pool.start()
  await t.rejects(take(pool), { code: 'unavailable' }, 'who waited is told before the limit')
  const before = attempts
  const rejections = Array.from({ length: 100 }, () => t.rejects(take(pool), { code: 'unavailable' }))
  await Promise.all(rejections)
  t.ok(attempts - before <= 2, `${attempts - before} attempts for 100 takers`)
  t.match(pool.health(), { state: 'degraded', lastError: 'unavailable', waiting: 0 })
  state.behaviour = works
  await until('pool.health().ready === pool.health().target', () => pool.health().ready === pool.health().target)
  t.equal(pool.state(), 'ok')
})

t.test('an idle full pool probes the node and reports its state', async (t) => {
  const { pool, state } = await stocked(t)
  state.probe = () => Promise.reject(new LightningError('unavailable', 'down'))
  state.nowMs += 10_000
  await until('pool.state() === degraded', () => pool.state() === 'degraded')
  t.match(pool.health(), { ready: 64, lastError: 'unavailable' })
  t.equal(state.probes, 1)
  t.ok(await take(pool), 'what is prepared still goes out')
  state.probe = async () => {}
  state.nowMs += 10_000
  await until('pool.state() === ok', () => pool.state() === 'ok')
})

t.test('a node that responds but creates no invoices stays degraded while idle', async (t) => {
  const { pool, state } = await setUp(t)
  let attempts = 0
  state.behaviour = () => {
    attempts += 1
    return Promise.reject(new LightningError('auth', 'permission denied'))
  }
  pool.start()
  await until('attempts === 2', () => attempts === 2)
  state.nowMs += 10_000
  await until('attempts === 4', () => attempts === 4)
  t.match(pool.health(), { state: 'degraded', lastError: 'auth' })
  state.behaviour = works
  await until('pool.state() === ok', () => pool.state() === 'ok')
  t.match(pool.health(), { ready: 1, target: 0 }, 'one invoice shows that it is well again')
})

t.test("an outage is logged when it begins and when its reason changes, in the node's own words", async (t) => {
  const logged: object[] = []
  const logger = { info: () => {}, warn: (fields: object) => logged.push(fields) }
  const { pool, state } = await setUp(t, { logger })
  const refused = (details: string, code = 2) => toLightningError(Object.assign(new Error(details), { code, details }))
  const macaroon = 'ab'.repeat(40)
  const errors = [
    refused('connect ECONNREFUSED 127.0.0.1:10009', 14),
    refused('connect ECONNREFUSED 127.0.0.1:10010', 14),
    refused(`permission denied for ${macaroon}`),
    refused(`permission denied for ${macaroon}`),
    refused('wallet locked')
  ]
  state.behaviour = (make) => {
    const error = errors.shift()
    return error === undefined ? make() : Promise.reject(error)
  }
  pool.start()
  await until('pool.health().ready === 1', () => pool.health().ready === 1)
  t.strictSame(logged, [
    { code: 'unavailable', reason: '14: connect ECONNREFUSED 127.0.0.1:10009' },
    { code: 'auth', reason: '2: permission denied for [removed]' },
    { code: 'unavailable', reason: '2: wallet locked' }
  ])
})

t.test('a slow node: a waiting request gets the first ready invoice', async (t) => {
  const { pool, state } = await setUp(t)
  state.behaviour = async (make) => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return make()
  }
  pool.start()
  t.match(await take(pool), { amountMsat: 149_000n })
})

t.test('a price move: within 1 % an invoice is still good, past it never', async (t) => {
  const { pool, state } = await stocked(t)
  state.behaviour = hangs
  state.amountMsat = 147_525n
  t.match(pool.tryTake(), { amountMsat: 149_000n })
  state.amountMsat = 147_000n
  t.equal(pool.tryTake(), undefined, 'too dear now')
  t.equal(pool.health().ready, 0, 'what is no good is dropped')
})

t.test('a price move brings new invoices at the new price', async (t) => {
  const { pool, state } = await stocked(t)
  const isFull = () => state.inFlight === 0 && pool.health().ready === pool.health().target
  state.amountMsat = 160_000n
  t.match(await take(pool), { amountMsat: 160_000n })
  await until('the pool is full', isFull)
  state.amountMsat = 160_500n
  t.match(pool.tryTake(), { amountMsat: 160_000n })
  await until('the pool is full', isFull)
  t.match(pool.tryTake(), { amountMsat: 160_500n }, 'the latest price comes first')
})

t.test('an invoice made for a price that moved meanwhile is not handed out', async (t) => {
  const { pool, state } = await setUp(t)
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  state.behaviour = async (make) => {
    const invoice = await make()
    await gate
    return invoice
  }
  pool.start()
  const taken = take(pool)
  await until('state.inFlight === 1', () => state.inFlight === 1)
  state.amountMsat = 200_000n
  release()
  t.match(await taken, { amountMsat: 200_000n })
})

t.test('without a price nothing is made or given', async (t) => {
  const { pool, state } = await setUp(t)
  state.amountMsat = undefined
  pool.start()
  t.equal(pool.tryTake(), undefined)
  await t.rejects(take(pool), { code: 'unavailable' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(state.made, 0)
  state.amountMsat = 149_000n
  t.ok(await take(pool), 'and it begins when there is one')
})

t.test('ageing: at a quarter of the expiry an invoice is dropped, in use and at rest', async (t) => {
  const { pool, state } = await stocked(t)
  state.nowMs += 149_999
  t.ok(pool.tryTake())
  const { made } = state
  state.nowMs += 1
  await until('pool.health().ready < 3', () => pool.health().ready < 3)
  const fresh = await take(pool)
  t.equal(fresh.createdAtMs, state.nowMs - (state.nowMs % 1000))
  t.ok(state.made <= made + 4, 'what aged is not made again')
  await until('state.inFlight === 0', () => state.inFlight === 0)
  state.behaviour = hangs
  state.nowMs += 150_000
  t.equal(pool.tryTake(), undefined)
})

t.test('an invoice that is not what was asked for never comes out', async (t) => {
  const { embedded: other } = await setUp(t)
  const wrong: Record<string, (invoice: Invoice) => Invoice | Promise<Invoice>> = {
    hash: (invoice) => ({ ...invoice, paymentHash: randomBytes(32) }),
    amount: () => other.createInvoice({ amountMsat: 1000n, expirySeconds: 600, description: 'x' }),
    expiry: () => other.createInvoice({ amountMsat: 149_000n, expirySeconds: 60, description: 'x' }),
    text: (invoice) => ({ ...invoice, bolt11: 'lnbcrt1' })
  }
  for (const [name, change] of Object.entries(wrong)) {
    const { pool, state } = await setUp(t)
    state.behaviour = async (make) => change(await make())
    pool.start()
    await t.rejects(take(pool), { code: 'mismatch' }, name)
    t.match(pool.health(), { state: 'degraded', ready: 0, lastError: 'mismatch' }, name)
  }
})

t.test('a prepare that throws is a failure like others', async (t) => {
  const { pool } = await setUp(t, {
    prepare: () => {
      throw new TypeError('broken')
    }
  })
  pool.start()
  await t.rejects(take(pool), { name: 'LightningError' })
  t.equal(pool.state(), 'degraded')
})

t.test('close rejects who waits, stops the work and holds nothing', async (t) => {
  const { pool, state } = await setUp(t)
  state.behaviour = hangs
  pool.start()
  const waiting = t.rejects(take(pool), { code: 'unavailable' })
  pool.close()
  await waiting
  await t.rejects(take(pool), { code: 'unavailable' })
  t.match(pool.health(), { ready: 0, waiting: 0 })
  pool.close()
})

t.test('filling leaves turns of the event loop to others', async (t) => {
  /** The greatest share of the invoices that one turn of the event loop made. */
  const greatestShare = async (): Promise<number> => {
    const { pool, state } = await setUp(t)
    for (let request = 0; request < 320; request++) pool.tryTake()
    let turns = 0
    /** By turn of the event loop. */
    const made: number[] = []
    state.behaviour = async (make) => {
      const invoice = await make()
      made[turns] = (made[turns] ?? 0) + 1
      return invoice
    }
    pool.start()
    let filling = true
    const spin = () => {
      turns += 1
      if (filling) setImmediate(spin)
    }
    spin()
    await until('pool.health().ready === 64', () => pool.health().ready === 64)
    filling = false
    return Math.max(...Object.values(made)) / state.made
  }
  // On a busy machine a turn may take long, and the next one may then make more.
  const shares: number[] = []
  while (shares.length < ATTEMPTS && !shares.some((share) => share <= 0.5)) shares.push(await greatestShare())
  t.ok(Math.min(...shares) <= 0.5, `one turn made ${shares.join(', ')} of all`)
})

t.test('demand', async (t) => {
  let nowMs = 0
  const demand = new PoolDemand(() => nowMs)
  const take = (count: number) => {
    for (let i = 0; i < count; i += 1) demand.count()
  }
  t.equal(demand.target(), 0)
  take(1)
  t.equal(demand.target(), 0, 'a question that comes alone')
  take(1)
  t.equal(demand.target(), 1)
  take(98)
  t.equal(demand.target(), 20)
  take(100_000)
  t.equal(demand.target(), 4096)
  nowMs = 30_000
  take(50)
  nowMs = 59_999
  t.equal(demand.target(), 4096)
  nowMs = 60_000
  t.equal(demand.target(), 10, 'a minute later only what came since counts')
  nowMs = 89_999
  t.equal(demand.target(), 10)
  nowMs = 90_000
  t.equal(demand.target(), 0)
  take(100)
  nowMs -= 1_000_000
  t.equal(demand.target(), 0, 'a clock that is set back starts the count afresh')
  take(100)
  t.equal(demand.target(), 20)
})

t.test('who waits for an invoice has asked for one, not for two', async (t) => {
  const { pool, state } = await setUp(t)
  state.behaviour = hangs
  pool.start()
  for (let time = 0; time < 100; time++) if (pool.tryTake() === undefined) pool.next().catch(() => {})
  t.equal(pool.health().target, 20)
})

/** The pool under a clock of its own: every tick of its second hand is made here. */
async function underClock(t: Test, options: Partial<InvoicePoolOptions<Invoice>> = {}) {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  const made = await setUp(t, options)
  made.pool.start()
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 60_000) {
      made.state.nowMs += 60_000
      mock.timers.tick(1000)
      while (made.state.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 1))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await pass(60_000)
  return { ...made, pass }
}

t.test('a day without a request: what the start made ages out, and nothing is made again', async (t) => {
  const { pool, state, pass } = await underClock(t)
  await pass(86_400_000)
  t.comment(`${state.made} invoices in an idle day`)
  t.equal(state.made, 1)
  t.match(pool.health(), { state: 'ok', ready: 0 }, 'an empty pool at rest is no fault')
  t.ok(await take(pool), 'the next request gets a fresh one')
})

t.test('a day with one request every ten minutes', async (t) => {
  const { pool, state, pass } = await underClock(t)
  for (let request = 0; request < 144; request++) {
    await take(pool)
    await pass(600_000)
  }
  t.comment(`${state.made} invoices in a day with 144 requests`)
  t.ok(state.made <= 144 + 1)
})

t.test('a burst of 500: everybody is served, and few invoices are left over', async (t) => {
  const { pool, state, pass } = await underClock(t, { waitMs: 60_000 })
  await Promise.all(Array.from({ length: 500 }, () => take(pool)))
  await until('state.inFlight === 0', () => state.inFlight === 0)
  t.comment(`${state.made} invoices for 500 challenges`)
  t.ok(state.made < 1.3 * 500, `${state.made}`)
  await pass(60_000)
  t.equal(pool.health().target, 0, 'a minute later the burst is forgotten')
  const { made } = state
  await pass(600_000)
  t.equal(state.made, made, 'and what it left ages out unreplaced')
})
