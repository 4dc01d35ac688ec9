import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import { LightningError, toLightningError } from '../../../lib/lightning/lightning-error.ts'
import { toBase64 } from '../../../lib/lightning/lnd-credentials.ts'
import { LndNode } from '../../../lib/lightning/lnd-node.ts'

const request = { amountMsat: 149_000n, expirySeconds: 600, description: 'x' }

const optionsFor = (socket: string) => ({
  socket,
  cert: { base64: '', file: undefined },
  macaroon: { base64: 'AAAA', file: undefined },
  privateHints: false
})

async function silentPort(t: Test) {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((socket) => sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  t.teardown(stop)
  return { socket: `127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

t.test('a port that accepts and stays silent ends each call at its limit', { timeout: 20_000 }, async (t) => {
  const { socket } = await silentPort(t)
  const node = new LndNode(optionsFor(socket), Date.now)
  t.teardown(() => node.close())
  await t.rejects(node.probe(), { name: 'LightningError', code: 'timeout' })
  const calls = Array.from({ length: 40 }, () => t.rejects(node.createInvoice(request), { code: 'timeout' }))
  await Promise.all(calls)
  t.equal(node.network, undefined)
})

t.test('more calls than the queue holds are busy at once', { timeout: 20_000 }, async (t) => {
  const { socket } = await silentPort(t)
  const node = new LndNode(optionsFor(socket), Date.now)
  t.teardown(() => node.close())
  const calls = Array.from({ length: 48 + 256 + 5 }, () => node.createInvoice(request).catch((error) => error.code))
  const codes = await Promise.all(calls)
  t.equal(codes.filter((code) => code === 'busy').length, 5)
  t.equal(codes.filter((code) => code === 'timeout').length, 48 + 256)
})

t.test('a closed port is unavailable', { timeout: 20_000 }, async (t) => {
  const { socket, stop } = await silentPort(t)
  stop()
  const node = new LndNode(optionsFor(socket), Date.now)
  await t.rejects(node.probe(), { code: 'unavailable' })
  await t.rejects(node.createInvoice(request), { code: 'unavailable' })
  await node.close()
  await t.rejects(node.probe(), { code: 'unavailable' }, 'and so is a closed node')
})

t.test('credentials that no call can be made with', { timeout: 20_000 }, async (t) => {
  const node = new LndNode(optionsFor('no port here'), () => 0)
  t.teardown(() => node.close())
  await t.rejects(node.probe(), { name: 'LightningError' })
})

t.test('toLightningError', async (t) => {
  const grpc = (code: number, details: string) => Object.assign(new Error(`${code} X: ${details}`), { code, details })
  const cases: Array<[string, unknown]> = [
    ['unavailable', grpc(14, 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:10009')],
    ['auth', grpc(14, 'No connection established. Last error: Error: self-signed certificate')],
    ['auth', grpc(14, 'No connection established. Last error: Error: certificate has expired')],
    ['auth', grpc(2, 'verification failed: signature mismatch after caveat verification')],
    ['auth', grpc(2, 'cannot get macaroon from metadata')],
    ['auth', grpc(2, 'permission denied')],
    ['unavailable', grpc(2, 'wallet locked, unlock it to enable full RPC access')],
    ['unavailable', grpc(2, 'the RPC server is in the process of starting up, but not yet ready to accept calls')],
    ['unavailable', grpc(12, 'unknown service lnrpc.Lightning')],
    ['refused', grpc(2, 'memo too large: 700 bytes (maxsize=639)')],
    ['timeout', grpc(4, 'Deadline exceeded after 2.001s')],
    ['busy', grpc(8, 'too many requests')],
    ['timeout', [503, 'AddInvoiceError', { err: grpc(4, 'Deadline exceeded') }]],
    ['unavailable', [503, 'FailedToConnectToDaemon']],
    ['unavailable', undefined],
    ['unavailable', 'text']
  ]
  for (const [code, thrown] of cases) {
    t.match(toLightningError(thrown), { name: 'LightningError', code }, `${code}: ${inspect(thrown).slice(0, 60)}`)
  }
  const known = new LightningError('mismatch', 'x')
  t.equal(toLightningError(known), known)
})

t.test('no secret survives in an error', async (t) => {
  const hex = 'ab'.repeat(32)
  const base64 = Buffer.from(hex, 'hex').toString('base64')
  const invoice = `lnbcrt1490n1${'p'.repeat(200)}`
  const details = `preimage ${hex} token ${base64} for ${invoice}`
  const error = Object.assign(new Error(details), { code: 2, details, metadata: { macaroon: hex } })
  const shown = inspect(toLightningError(error), { depth: 10 }) + JSON.stringify(toLightningError(error))
  t.match(shown, 'preimage [removed] token [removed]')
  for (const secret of [hex, base64, 'pppp']) t.notMatch(shown, secret)
})

t.test('toBase64', async (t) => {
  t.equal(toBase64('0201036c6e64'), 'AgEDbG5k')
  t.equal(toBase64('0201036C6E64\n'), 'AgEDbG5k')
  t.equal(toBase64('AgEDbG5k\n'), 'AgEDbG5k')
})
