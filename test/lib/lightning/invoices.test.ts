import { createHash, randomBytes } from 'node:crypto'
import { decodeInvoice as decodeByAlby } from '@getalby/lightning-tools'
import { decode } from 'light-bolt11-decoder'
import t from 'tap'
import { type AskedInvoice, assertInvoiceMatches, decodeInvoice } from '../../../lib/lightning/decode-invoice.ts'
import { createEmbeddedNode } from '../../../lib/lightning/embedded-node.ts'
import { EmbeddedWallet } from '../../../lib/lightning/embedded-wallet.ts'
import type { Invoice } from '../../../lib/lightning/lightning-node.ts'

const START_MS = 1_800_000_000_000
const request = { amountMsat: 149_000n, expirySeconds: 600, description: 'Power Oracle: one answer' }
const sha256 = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')

async function nodeAt(startMs = START_MS) {
  const clock = { nowMs: startMs }
  const node = await createEmbeddedNode({ now: () => clock.nowMs, randomBytes })
  return { clock, node }
}

t.test('embedded invoices, read by two decoders that know nothing of us', async (t) => {
  const { node } = await nodeAt()
  t.equal(node.network, 'regtest')
  await node.probe()
  const amounts: Array<[bigint, string]> = [
    [1000n, 'lnbcrt10n1'],
    [149_000n, 'lnbcrt1490n1'],
    [1_500_000n, 'lnbcrt15u1'],
    [100_000_000_000n, 'lnbcrt11'],
    [123n, 'lnbcrt1230p1']
  ]
  for (const [amountMsat, start] of amounts) {
    const invoice = await node.createInvoice({ ...request, amountMsat })
    t.ok(invoice.bolt11.startsWith(start), `${amountMsat} msat is ${start}…`)
    const { sections } = decode(invoice.bolt11)
    const value = (name: string) => sections.find((section) => section.name === name && 'value' in section)
    t.match(value('payment_hash'), { value: invoice.paymentHash.toString('hex') })
    t.match(value('amount'), { value: String(amountMsat) })
    t.match(value('timestamp'), { value: START_MS / 1000 })
    t.match(value('expiry'), { value: 600 })
    t.match(value('description'), { value: request.description })
    t.match(value('payment_secret'), { value: /^[0-9a-f]{64}$/ })
    t.match(value('min_final_cltv_expiry'), { value: 80 })
    t.match(value('feature_bits'), { value: { var_onion_optin: 'required', payment_secret: 'required' } })
    t.match(decodeByAlby(invoice.bolt11), {
      paymentHash: invoice.paymentHash.toString('hex'),
      millisatoshi: Number(amountMsat),
      timestamp: START_MS / 1000,
      expiry: 600,
      description: request.description
    })
    t.same(invoice, {
      bolt11: invoice.bolt11,
      paymentHash: invoice.paymentHash,
      amountMsat,
      createdAtMs: START_MS,
      expiresAtMs: START_MS + 600_000
    })
  }
})

t.test('no two invoices share a payment hash or a payment secret', async (t) => {
  const { node } = await nodeAt()
  const invoices = await Promise.all(Array.from({ length: 20 }, () => node.createInvoice(request)))
  const secrets = invoices.map(({ bolt11 }) => decode(bolt11).sections.find(({ name }) => name === 'payment_secret'))
  t.equal(new Set(invoices.map(({ paymentHash }) => paymentHash.toString('hex'))).size, 20)
  t.equal(new Set(secrets.map((secret) => JSON.stringify(secret))).size, 20)
})

t.test('the embedded node refuses what LND refuses', async (t) => {
  const { node } = await nodeAt()
  t.match(await node.createInvoice({ ...request, description: 'é'.repeat(319) }), { amountMsat: 149_000n })
  for (const bad of [{ amountMsat: 0n }, { amountMsat: -1n }, { description: 'é'.repeat(320) }]) {
    await t.rejects(node.createInvoice({ ...request, ...bad }), { name: 'LightningError', code: 'refused' })
  }
  t.match(await node.createInvoice(request), { amountMsat: 149_000n }, 'and goes on')
})

t.test('paying', async (t) => {
  const { clock, node } = await nodeAt()
  const { node: other } = await nodeAt()
  const first = await node.createInvoice(request)
  const second = await node.createInvoice(request)
  const third = await node.createInvoice(request)
  const payment = node.pay(first.bolt11)
  t.match(payment, { amountSats: 149, paymentHash: first.paymentHash.toString('hex'), preimage: /^[0-9a-f]{64}$/ })
  t.equal(sha256(payment.preimage), payment.paymentHash)
  t.equal(decodeByAlby(first.bolt11)!.paymentHash, sha256(payment.preimage))
  t.throws(() => node.pay(first.bolt11), { name: 'PayError', code: 'already_paid' })
  clock.nowMs += 599_999
  t.match(node.pay(second.bolt11.toUpperCase()), { amountSats: 149 }, 'BOLT 11 may be in upper case')
  clock.nowMs += 1
  t.throws(() => node.pay(third.bolt11), { name: 'PayError', code: 'expired' })
  t.throws(() => node.pay(first.bolt11), { code: 'already_paid' }, 'paid stays paid')
  for (const unknown of [(await other.createInvoice(request)).bolt11, '', 'lnbcrt1', third.bolt11.slice(0, -1)]) {
    t.throws(() => node.pay(unknown), { name: 'PayError', code: 'unknown' })
  }
})

t.test('paying an invoice that lay for long, while thousands were made', async (t) => {
  const clock = { nowMs: START_MS }
  const wallet = new EmbeddedWallet(() => clock.nowMs, randomBytes(32))
  const node = createEmbeddedNode({ now: () => clock.nowMs, randomBytes })
  const old = await node.createInvoice({ ...request, expirySeconds: 86_400 })
  for (let index = 0; index < 30; index++) await node.createInvoice(request)
  clock.nowMs += 80_000_000
  t.match(node.pay(old.bolt11), { amountSats: 149 })
  t.throws(() => wallet.pay(old.bolt11), { code: 'unknown' }, 'another key')
  const terms = { paymentSecret: 'ab'.repeat(32), amountMsat: 149_000n, timestampSeconds: 1, expirySeconds: 600 }
  const { preimage } = wallet.secretOf(terms)
  t.same(wallet.secretOf({ ...terms }).preimage, preimage)
  for (const changed of [
    { paymentSecret: 'ac'.repeat(32) },
    { amountMsat: 1000n },
    { timestampSeconds: 2 },
    { expirySeconds: 601 }
  ])
    t.notSame(wallet.secretOf({ ...terms, ...changed }).preimage, preimage, 'each of the terms counts')
})

/** The first example of BOLT 11 with an amount, and the one without: real mainnet invoices. */
const coffee =
  'lnbc2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpuaztrnwngzn3kdzw5hydlzf03qdgm2hdq27cqv3agm2awhz5se903vruatfhq77w3ls4evs3ch9zw97j25emudupq63nyw24cg27h2rspfj9srp'
const donation =
  'lnbc1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq8rkx3yf5tcsyz3d73gafnh3cax9rn449d9p5uxz9ezhhypd0elx87sjle52x86fux2ypatgddc6k63n7erqz25le42c4u4ecky03ylcqca784w'

t.test('decodeInvoice', async (t) => {
  const paymentHash = Buffer.from('0001020304050607080900010203040506070809000102030405060708090102', 'hex')
  const common = {
    network: 'bitcoin',
    prefix: 'bc',
    paymentHash,
    timestampSeconds: 1_496_314_658,
    paymentSecret: undefined
  }
  const coffeeRead = { ...common, amountMsat: 250_000_000n, expirySeconds: 60, description: '1 cup coffee' }
  t.same(decodeInvoice(coffee), coffeeRead)
  t.same(decodeInvoice(coffee.toUpperCase()), coffeeRead)
  t.match(decodeInvoice(donation), { ...common, amountMsat: undefined, expirySeconds: 3600 })
  const bad = [
    '',
    'ln',
    'lnbc1',
    'not an invoice',
    `${coffee.slice(0, -1)}q`,
    coffee.slice(0, 60),
    coffee.replace('lnbc', 'lnxx'),
    `${coffee.slice(0, 40)}B${coffee.slice(41)}`,
    `lnbc1${'q'.repeat(100_000)}`,
    '\0'.repeat(10)
  ]
  for (const text of bad) {
    t.throws(() => decodeInvoice(text), { name: 'LightningError', code: 'mismatch' }, text.slice(0, 30))
  }
  t.throws(() => decodeInvoice(undefined as unknown as string), { name: 'LightningError' })
})

t.test('assertInvoiceMatches refuses each difference by itself', async (t) => {
  const { node } = await nodeAt()
  const invoice = await node.createInvoice(request)
  const other = await node.createInvoice(request)
  const asked: AskedInvoice = { network: 'regtest', amountMsat: 149_000n, expirySeconds: 600, nowMs: START_MS }
  assertInvoiceMatches(invoice, asked)
  assertInvoiceMatches(invoice, { ...asked, nowMs: START_MS + 150_000 })
  const cases: Array<[string, Partial<Invoice>, Partial<AskedInvoice>]> = [
    ['payment hash', { bolt11: other.bolt11 }, {}],
    ['payment hash', { paymentHash: other.paymentHash }, {}],
    ['payment hash', { paymentHash: Buffer.alloc(0) }, {}],
    ['amount', {}, { amountMsat: 148_999n }],
    ['amount', { amountMsat: 149_001n }, {}],
    ['network', {}, { network: 'bitcoin' }],
    ['times', { createdAtMs: START_MS + 1 }, {}],
    ['times', { expiresAtMs: START_MS + 601_000 }, {}],
    ['clock', {}, { nowMs: START_MS + 150_001 }],
    ['clock', {}, { nowMs: START_MS - 150_001 }]
  ]
  for (const [name, changed, askedOtherwise] of cases) {
    t.throws(
      () => assertInvoiceMatches({ ...invoice, ...changed }, { ...asked, ...askedOtherwise }),
      { name: 'LightningError', code: 'mismatch', message: `the invoice differs in ${name}` },
      name
    )
  }
  t.throws(() => assertInvoiceMatches(invoice, { ...asked, expirySeconds: 601 }), { message: /expiry, times/ })
})
