/** The LND adapter against a real LND: what it makes, and how each fault of the node ends. */
import t from 'tap'
import type { LightningError } from '../../lib/lightning/lightning-error.ts'
import type { Invoice } from '../../lib/lightning/lightning-node.ts'
import { LndNode } from '../../lib/lightning/lnd-node.ts'
import { freePorts, silentPort } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { lns } from './lns.ts'
import { startRegnet } from './regnet.ts'

/** The adapter promises 2 s; the margin is for a busy machine. */
const LIMIT_MS = 2000 + 1500

const REQUEST = { amountMsat: 100_000n, expirySeconds: 600, description: 'regtest' }

// Started by hand there is no --timeout, and half a minute is not enough.
t.setTimeout(240_000)

t.test('lnd adapter', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  const { merchant } = regnet
  t.teardown(() => regnet.close(!t.passing()))
  const macaroon = await regnet.macaroon()

  const adapter = (change: Partial<{ socket: string; cert: string; macaroon: string }> = {}) => {
    const given = { socket: merchant.socket, cert: merchant.certificate, macaroon, ...change }
    const cert = { base64: given.cert, file: undefined }
    const options = { socket: given.socket, cert, macaroon: { base64: given.macaroon, file: undefined } }
    const node = new LndNode({ ...options, privateHints: false }, Date.now)
    t.teardown(() => node.close())
    return node
  }

  t.test('an invoice of the adapter can be paid and holds no preimage', async (t) => {
    const node = adapter()
    t.equal(node.network, undefined, 'nothing is known before the first answer')
    const invoice = await node.createInvoice(REQUEST)
    t.equal(node.network, 'regtest')
    const decoded = await lns.decodePaymentRequest({ lnd: regnet.payer.lnd, request: invoice.bolt11 })
    t.match(decoded, {
      tokens: 100,
      id: invoice.paymentHash.toString('hex'),
      destination: merchant.publicKey,
      description: REQUEST.description
    })
    t.equal(invoice.expiresAtMs - invoice.createdAtMs, 600_000)
    const preimage = await regnet.pay(invoice.bolt11)
    t.notMatch(written(invoice), preimage)
  })

  t.test('a hundred at once are a hundred different invoices', async (t) => {
    const node = adapter()
    const invoices = await Promise.all(Array.from({ length: 100 }, () => node.createInvoice(REQUEST)))
    t.equal(new Set(invoices.map((invoice) => invoice.bolt11)).size, 100)
  })

  t.test('a frozen node ends in a timeout, and the same adapter goes on after it', async (t) => {
    const node = adapter()
    await node.createInvoice(REQUEST)
    merchant.freeze()
    const failures = await Promise.all(Array.from({ length: 40 }, () => failure(node)))
    merchant.thaw()
    t.strictSame([...new Set(failures.map(({ code }) => code))], ['timeout'])
    t.ok(Math.max(...failures.map(({ ms }) => ms)) < LIMIT_MS, 'nobody waited longer than the limit')
    t.ok(await until('an invoice after the thaw', () => node.createInvoice(REQUEST)))
  })

  t.test('a stopped node is unavailable, and the same adapter works with it after its restart', async (t) => {
    const node = adapter()
    await node.createInvoice(REQUEST)
    await merchant.stop()
    const { code, ms } = await failure(node)
    t.equal(code, 'unavailable')
    t.ok(ms < LIMIT_MS)
    await merchant.restart()
    t.ok(await until('an invoice after the restart', () => node.createInvoice(REQUEST)))
  })

  t.test('what can be wrong with the credentials and the address', async (t) => {
    const [closedPort] = await freePorts(1)
    const silent = await silentPort()
    t.teardown(silent.close)
    const cases = [
      { name: 'a macaroon that is none', change: { macaroon: Buffer.from('nonsense').toString('base64') } },
      { name: 'a macaroon that may not make invoices', change: { macaroon: await regnet.macaroon(['info:read']) } },
      { name: "another node's certificate", change: { cert: regnet.payer.certificate } },
      { name: 'a port that refuses', change: { socket: `localhost:${closedPort}` }, code: 'unavailable' },
      { name: 'a port that is silent', change: { socket: silent.socket }, code: 'timeout' }
    ]
    for (const { name, change, code = 'auth' } of cases) {
      const failed = await failure(adapter(change))
      t.equal(failed.code, code, name)
      t.ok(failed.ms < LIMIT_MS, `${name}: within the limit`)
      t.notMatch(failed.text, change.macaroon ?? macaroon, `${name}: the error holds no macaroon`)
    }
  })
})

async function failure(node: LndNode): Promise<{ code: string; ms: number; text: string }> {
  const started = performance.now()
  try {
    await node.createInvoice(REQUEST)
  } catch (error) {
    const { code, message, cause } = error as LightningError
    return { code, ms: performance.now() - started, text: `${message} ${cause}` }
  }
  return { code: 'none', ms: performance.now() - started, text: '' }
}

/** All of an invoice as text, its bytes as hex. */
function written(invoice: Invoice): string {
  return Object.values(invoice)
    .map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value)))
    .join(' ')
}
