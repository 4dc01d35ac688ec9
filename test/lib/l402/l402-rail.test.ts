import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import {
  type AuthoriseResult,
  type Challenge,
  type ChargeRequest,
  type QuoteRequest,
  RailUnavailable
} from '../../../lib/billing/rail.ts'
import { KeyRing } from '../../../lib/l402/key-ring.ts'
import { L402Rail, type PreparedInvoice, prepareInvoice } from '../../../lib/l402/l402-rail.ts'
import { decodeInvoice } from '../../../lib/lightning/decode-invoice.ts'
import { createEmbeddedNode } from '../../../lib/lightning/embedded-node.ts'
import { InvoicePool } from '../../../lib/lightning/invoice-pool.ts'
import type { LightningNode } from '../../../lib/lightning/lightning-node.ts'
import { MinuteCounter } from '../../../lib/limits/minute-counter.ts'
import { DIGEST, NOW_MS, narrow, proofOf, SECRET } from './helpers.ts'

const PRICE = 100_000n

// The pool's own timers hold no process open, so this one does while a test waits for them.
const alive = setInterval(() => {}, 1000)
t.teardown(() => clearInterval(alive))

/** The rail over the real pool and real regtest invoices; the node can be told to fail or to freeze. */
async function setUp(t: Test, options: { perMinute?: number; ready?: boolean } = {}) {
  const used = new Set<string>()
  const state = {
    nowMs: NOW_MS,
    sats: 149n as bigint | undefined,
    node: 'works' as 'works' | 'fails' | 'frozen',
    ledger: 'works'
  }
  const embedded = await createEmbeddedNode({ now: () => state.nowMs, randomBytes })
  const node: LightningNode = {
    network: 'regtest',
    probe: async () => {},
    close: async () => {},
    createInvoice(request) {
      if (state.node === 'frozen') return new Promise(() => {})
      if (state.node === 'fails')
        return Promise.reject(new Error(`addInvoice failed: preimage ${SECRET.toString('hex')}`))
      return embedded.createInvoice(request)
    }
  }
  const keys = new KeyRing([{ keyId: 1, secret: SECRET }])
  const pool = new InvoicePool<PreparedInvoice>({
    node,
    expirySeconds: 600,
    description: 'one measurement',
    amountMsat: () => (state.sats === undefined ? undefined : state.sats * 1000n),
    prepare: (invoice) => prepareInvoice(keys, invoice, 86_400, randomBytes(28)),
    now: () => state.nowMs,
    logger: { info: () => {}, warn: () => {} },
    waitMs: 1500
  })
  t.teardown(() => pool.close())
  const another = () =>
    new L402Rail({
      keys,
      pools: new Map([[PRICE, pool]]),
      satsFor: () => state.sats,
      challengesPerMinute: new MinuteCounter(options.perMinute ?? 1000),
      isUsed: async (proofKey) => {
        if (state.ledger === 'fails') throw new Error('down')
        return used.has(proofKey)
      }
    })
  const rail = another()
  if (options.ready !== false) {
    // So many requests within a minute make it keep 64 ready.
    for (let request = 0; request < 320; request++) pool.tryTake()
    pool.start()
    while (pool.health().ready < pool.health().target) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const ask = (change: Partial<ChargeRequest> = {}): ChargeRequest => ({
    method: 'POST',
    path: '/v1/compute-power',
    route: '/v1/compute-power',
    fingerprint: DIGEST,
    priceMicroUsd: PRICE,
    clientAddress: '192.0.2.1',
    headers: {},
    nowMs: state.nowMs,
    ...change
  })
  /** Pays a challenge with the wallet that made it. */
  const pay = (challenge: Challenge) => {
    const { invoice, macaroon } = membersOf(challenge)
    const { preimage, paymentHash } = embedded.pay(invoice)
    return { paymentHash, preimage, proof: proofOf(macaroon, Buffer.from(preimage, 'hex')) }
  }
  return { state, pool, rail, another, ask, pay, used }
}

/** What a challenge adds to the 402's body. */
function membersOf({ members }: Challenge): { readonly invoice: string; readonly macaroon: string } {
  return JSON.parse(`{${members}}`)
}

/** The same offer, made again. */
function repeatOf({ headers, members }: Challenge, untilMs: number): Challenge {
  const until = new Date(untilMs).toISOString()
  return { headers, members: `${members},"invoice_reused":true,"invoice_reused_until":"${until}"` }
}

/** A price that was asked without a body. */
const QUOTE: QuoteRequest = {
  route: '/v1/compute-power',
  path: '/v1/compute-power',
  priceMicroUsd: PRICE,
  headers: {},
  nowMs: 0
}

/** Everything that an error could give away, to any depth. */
function everything(error: unknown): string {
  return `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${String((error as Error).stack)}`
}

async function refusal(make: () => unknown): Promise<RailUnavailable> {
  try {
    await make()
  } catch (error) {
    if (!(error instanceof RailUnavailable)) throw error
    const text = everything(error)
    if (text.includes(SECRET.toString('hex')) || /[0-9a-f]{64}|lnbc/i.test(text)) throw new Error(`it tells: ${text}`)
    return error
  }
  throw new Error('a challenge was made')
}

t.test('a challenge, and the proof that answers it', async (t) => {
  const { rail, ask, pay, state } = await setUp(t)
  t.same(rail.state(), { status: 'ok' })
  t.same(rail.quote(QUOTE), { headers: [], members: '"priceSats":149' })
  t.same(rail.terms(PRICE), { price_sats: 149 })
  const made = rail.challenge(ask())
  t.notOk(made instanceof Promise, 'no promise where an invoice is ready')
  const challenge = made as Challenge
  const { invoice, macaroon, ...rest } = membersOf(challenge)
  t.same(challenge.headers, [
    ['WWW-Authenticate', `L402 macaroon="${macaroon}", invoice="${invoice}", version="0", token="${macaroon}"`]
  ])
  t.same(rest, { priceSats: 149, invoice_expires_at: new Date(state.nowMs + 600_000).toISOString() })
  t.match(decodeInvoice(invoice), { amountMsat: 149_000n })

  const { proof, paymentHash } = pay(challenge)
  t.equal(rail.findProof({ authorization: proof }), proof)
  t.same(rail.authorise(proof, ask()), {
    kind: 'authorised',
    authorisation: {
      proofKey: `l402:${paymentHash}`,
      amountAtomic: 149_000n,
      asset: 'msat',
      answerKeptUntilMs: state.nowMs + 600_000 + 86_400_000,
      isFirstUse: true
    }
  })
  t.match(
    rail.authorise(proof, ask({ nowMs: state.nowMs + 86_999_999 })),
    { kind: 'authorised' },
    'invoice long expired'
  )
})

t.test('what this process has written is known when it comes back; all else is verified', async (t) => {
  const { rail, ask, pay, another } = await setUp(t)
  const { proof, preimage } = pay(rail.challenge(ask()) as Challenge)
  const token = proof.slice('L402 '.length, proof.indexOf(':'))
  const bytes = Buffer.from(token, 'base64')
  const isFirstUse = (sent: string, of = rail) => {
    const result = of.authorise(sent, ask()) as AuthoriseResult
    return result.kind === 'authorised' ? result.authorisation.isFirstUse : result.code
  }
  t.equal(isFirstUse(proof.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))), 'preimage_wrong')
  t.equal(isFirstUse(`L402 ${token}:${'zz'.repeat(32)}`), 'token_unreadable')
  // The location before it is not signed, by anybody's macaroons.
  for (let index = bytes.indexOf('identifier '); index < bytes.length; index += 7) {
    const changed = Buffer.from(bytes)
    changed[index]! ^= 1
    t.type(isFirstUse(proofOf(changed, Buffer.from(preimage, 'hex'))), 'string', `byte ${index} changed`)
  }
  t.equal(isFirstUse(proof.replace('L402', 'lsat')), true)
  t.equal(isFirstUse(proof), false, 'not the first time')
  t.equal(isFirstUse(proof, another()), false, 'another process knows no more than the keys')

  const second = pay(rail.challenge(ask()) as Challenge)
  const narrowed = narrow(Buffer.from(second.proof.slice('L402 '.length).split(':')[0]!, 'base64'), 'seen=1')
  t.equal(isFirstUse(proofOf(narrowed, Buffer.from(second.preimage, 'hex'))), false, 'narrowed by its holder')
  t.equal(isFirstUse(second.proof), false, 'the payment was used in another spelling')
})

t.test('findProof: only what is meant for this rail', async (t) => {
  const { rail } = await setUp(t, { ready: false })
  t.equal(rail.findProof({}), undefined)
  t.equal(rail.findProof({ authorization: 'Bearer x' }), undefined)
  t.equal(rail.findProof({ authorization: 'lsat junk' }), 'lsat junk')
})

t.test('rejected proofs: a code and a message without any part of the proof', async (t) => {
  const { rail, ask, pay, state } = await setUp(t)
  const { proof, preimage } = pay(rail.challenge(ask()) as Challenge)
  const token = proof.slice('L402 '.length, proof.indexOf(':'))
  const cases: [string, string, Partial<ChargeRequest>][] = [
    ['token_unreadable', 'L402 nonsense', {}],
    [
      'token_forged',
      proof.replace(/^L402 (.{200})./, (_, head) => `L402 ${head}${token[200] === 'A' ? 'B' : 'A'}`),
      {}
    ],
    ['preimage_wrong', `L402 ${token}:${'11'.repeat(32)}`, {}],
    ['token_other_request', proof, { fingerprint: 'cd'.repeat(32) }],
    ['token_other_request', proof, { path: '/' }],
    ['token_expired', proof, { nowMs: state.nowMs + 87_000_000 }]
  ]
  for (const [code, sent, change] of cases) {
    const result = rail.authorise(sent, ask(change))
    t.match(result, { kind: 'refused', code })
    t.notOk(everything(result).includes(preimage) || everything(result).includes(token.slice(0, 40)), 'tells nothing')
  }
})

t.test('a pending challenge is reused for the same client and request, until half of its time is over', async (t) => {
  const { rail, ask, state } = await setUp(t)
  const first = rail.challenge(ask()) as Challenge
  const { invoice } = membersOf(first)
  const again = async (change: Partial<ChargeRequest> = {}) => rail.challenge(ask(change))
  const repeat = repeatOf(first, NOW_MS + 300_000)
  t.same(await again(), repeat)
  t.not(membersOf(await again({ clientAddress: '192.0.2.2' })).invoice, invoice, 'another client')
  t.not(membersOf(await again({ fingerprint: 'cd'.repeat(32) })).invoice, invoice, 'another body')
  t.not(membersOf(await again({ path: '/v1/other' })).invoice, invoice, 'another path')
  t.same(await again(), repeat, 'still the same')
  state.sats = undefined
  t.same(await again(), repeat, 'it was offered at its price already')
  state.sats = 149n
  t.same(await again({ nowMs: NOW_MS + 299_999 }), repeat)
  t.not(membersOf(await again({ nowMs: NOW_MS + 300_000 })).invoice, invoice)
})

t.test('a paid challenge is not offered again; an unproven one is', async (t) => {
  const { rail, ask, pay } = await setUp(t)
  const first = rail.challenge(ask()) as Challenge
  const { proof } = pay(first)
  rail.authorise('L402 junk', ask())
  rail.authorise(proof, ask({ fingerprint: 'cd'.repeat(32) }))
  t.same(await rail.challenge(ask()), repeatOf(first, NOW_MS + 300_000))
  t.match(rail.authorise(proof, ask({ clientAddress: '198.51.100.9' })), { kind: 'authorised' }, 'from anywhere')
  t.not(membersOf(rail.challenge(ask()) as Challenge).invoice, membersOf(first).invoice)
  t.match(rail.authorise(proof, ask()), { kind: 'authorised' }, 'the proof stays good; the ledger says what it buys')
})

t.test('a challenge that was paid at another instance is not offered again', async (t) => {
  const { rail, ask, pay, used, state } = await setUp(t)
  const first = rail.challenge(ask()) as Challenge
  used.add(`l402:${pay(first).paymentHash}`)
  const second = await rail.challenge(ask())
  t.not(membersOf(second).invoice, membersOf(first).invoice)
  t.same(await rail.challenge(ask()), repeatOf(second, NOW_MS + 300_000))
  used.add(`l402:${pay(second).paymentHash}`)
  const copies = await Promise.all(Array.from({ length: 20 }, () => rail.challenge(ask())))
  t.equal(new Set(copies.map((copy) => membersOf(copy).invoice)).size, 1, 'copies share the next one')
  state.ledger = 'fails'
  t.match(await refusal(() => rail.challenge(ask())), { statusCode: 503, retryAfterSeconds: 5 })
})

t.test('too many challenges: 429 for that client alone, and reuse costs nothing', async (t) => {
  const { rail, ask } = await setUp(t, { perMinute: 3 })
  const body = (digit: number) => ({ fingerprint: `${digit}`.repeat(64) })
  const made = [1, 2, 3].map((digit) => rail.challenge(ask(body(digit))))
  for (let i = 0; i < 10; i++)
    t.same(await rail.challenge(ask(body(1))), repeatOf(made[0] as Challenge, NOW_MS + 300_000))
  const error = await refusal(() => rail.challenge(ask(body(4))))
  t.match(error, { statusCode: 429, retryAfterSeconds: 60 })
  t.ok(rail.challenge(ask({ ...body(4), clientAddress: '192.0.2.2' })), 'others go on')
  t.ok(rail.challenge(ask({ ...body(4), nowMs: NOW_MS + 60_000 })), 'and so does this one in the next minute')
})

t.test('paidKey: a paid, unexpired token of this service, for any request', async (t) => {
  const { rail, ask, pay } = await setUp(t)
  const challenge = await rail.challenge(ask())
  const { paymentHash, preimage, proof } = pay(challenge)
  const keyOf = (authorization: string, nowMs = NOW_MS) => rail.paidKey({ authorization }, nowMs)
  t.equal(keyOf(proof), `l402:${paymentHash}`)
  const macaroon = Buffer.from(membersOf(challenge).macaroon, 'base64')
  t.equal(keyOf(`L402 ${membersOf(challenge).macaroon}:`), undefined, 'no preimage')
  t.equal(keyOf(proofOf(macaroon.toString('base64'), randomBytes(32))), undefined, 'not paid')
  macaroon[macaroon.length - 5]! ^= 1
  t.equal(keyOf(proofOf(macaroon.toString('base64'), Buffer.from(preimage, 'hex'))), undefined, 'forged')
  t.equal(keyOf(proof, NOW_MS + 87_000_001), undefined, 'expired')
  t.equal(keyOf('Bearer x'), undefined)
  t.equal(rail.paidKey({}, NOW_MS), undefined)
})

t.test('no rate: 503, and neither invoices nor the count of the client are spent', async (t) => {
  const { rail, ask, state } = await setUp(t, { perMinute: 1 })
  state.sats = undefined
  for (let i = 0; i < 3; i++)
    t.match(await refusal(() => rail.challenge(ask())), { statusCode: 503, retryAfterSeconds: 30, message: /price/ })
  t.same(rail.quote(QUOTE), { headers: [], members: '' })
  t.equal(rail.terms(PRICE), undefined)
  t.match(rail.state(), { status: 'off', reason: /price/ })
  state.sats = 149n
  t.ok(rail.challenge(ask()))
})

t.test('pool not running, node failing, node frozen: 503 with Retry-After and no secret', async (t) => {
  const { rail, ask, state, pool } = await setUp(t, { ready: false })
  t.match(await refusal(() => rail.challenge(ask())), { statusCode: 503, retryAfterSeconds: 5, message: /unavailable/ })
  t.match(rail.state(), { status: 'degraded', reason: /invoice/ })
  state.node = 'frozen'
  pool.start()
  t.match(await refusal(() => rail.challenge(ask())), { statusCode: 503, message: /timeout/ })
  pool.close()

  const failing = await setUp(t, { ready: false })
  failing.state.node = 'fails'
  failing.pool.start()
  const error = await refusal(() => failing.rail.challenge(ask()))
  t.match(error, { statusCode: 503, message: /^No invoice can be created at present \(\w+\)\.$/ })
  t.match(failing.rail.state(), { status: 'degraded' })
})

t.test('a challenge that had to wait for its invoice is a whole one', async (t) => {
  const { rail, ask, pay, pool } = await setUp(t, { ready: false })
  pool.start()
  const late = rail.challenge(ask())
  t.ok(late instanceof Promise)
  const challenge = await late
  t.same(await rail.challenge(ask()), repeatOf(challenge as Challenge, NOW_MS + 300_000), 'and it is reused')
  t.match(rail.authorise(pay(challenge).proof, ask()), { kind: 'authorised' })
})

t.test('a price that no pool was made for is a program error, reported as one', async (t) => {
  const { rail, ask } = await setUp(t)
  t.throws(() => rail.challenge(ask({ priceMicroUsd: 1n })), RangeError)
})
