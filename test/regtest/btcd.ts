/** A btcd of the regtest network: one block producer that mines when told to. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import type { Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

const RPC_USER = 'regtest'
const RPC_PATIENCE_MS = 60_000

export interface Btcd {
  readonly p2p: string
  /** The flags by which an LND finds this btcd. */
  readonly lndFlags: readonly string[]
  mine(blocks: number): Promise<void>
  height(): Promise<number>
}

/**
 * Starts btcd in `folder` and waits for its RPC. The address that gets the coins must be given here: btcd mines to
 * nothing else later. `--regtest` forgets its chain at each start, so this process is never restarted.
 */
export async function startBtcd(
  processes: Processes,
  binary: string,
  folder: string,
  miningAddress: string,
  ports: { p2p: number; rpc: number }
): Promise<Btcd> {
  mkdirSync(folder, { recursive: true })
  const at = (file: string) => join(folder, file)
  const password = randomBytes(12).toString('hex')
  // An empty file of its own, so that no configuration of the machine's user is read.
  writeFileSync(at('none.conf'), '')
  const flags = [
    '--regtest',
    `--configfile=${at('none.conf')}`,
    `--datadir=${at('data')}`,
    `--logdir=${at('logs')}`,
    `--rpccert=${at('rpc.cert')}`,
    `--rpckey=${at('rpc.key')}`,
    `--rpcuser=${RPC_USER}`,
    `--rpcpass=${password}`,
    `--listen=127.0.0.1:${ports.p2p}`,
    `--rpclisten=127.0.0.1:${ports.rpc}`,
    `--miningaddr=${miningAddress}`,
    '--nodnsseed',
    '--txindex',
    '--nostalldetect'
  ]
  const btcd = await processes.start('btcd', [binary, ...flags], at('btcd.log'))
  await until('the certificate of btcd', () => btcd.isRunning() && existsSync(at('rpc.key')))
  const agent = new Agent({ keepAlive: true, ca: readFileSync(at('rpc.cert')), servername: 'localhost' })
  const call = (method: string, ...params: unknown[]) => callRpc(agent, ports.rpc, password, method, params)
  await until('the RPC of btcd', async () => (await call('getblockcount')) !== undefined)
  return {
    p2p: `127.0.0.1:${ports.p2p}`,
    lndFlags: [
      '--bitcoin.node=btcd',
      `--btcd.rpchost=127.0.0.1:${ports.rpc}`,
      `--btcd.rpcuser=${RPC_USER}`,
      `--btcd.rpcpass=${password}`,
      `--btcd.rpccert=${at('rpc.cert')}`
    ],
    mine: async (blocks) => {
      await call('generate', blocks)
    },
    height: async () => Number(await call('getblockcount'))
  }
}

function callRpc(agent: Agent, port: number, password: string, method: string, params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '1.0', id: 1, method, params })
  return new Promise((resolve, reject) => {
    const outgoing = request({
      agent,
      host: '127.0.0.1',
      port,
      method: 'POST',
      auth: `${RPC_USER}:${password}`,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      timeout: RPC_PATIENCE_MS
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`btcd: ${method} took too long`)))
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        text += chunk
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        try {
          const answer = JSON.parse(text)
          if (answer.error) reject(new Error(`btcd: ${method}: ${answer.error.message}`))
          else resolve(answer.result)
        } catch {
          reject(new Error(`btcd: ${method}: ${incoming.statusCode} ${text.slice(0, 200)}`))
        }
      })
    })
    outgoing.end(body)
  })
}
