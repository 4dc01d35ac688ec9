/** A service with both rails for one scenario, in each way of settling. The scenarios of a file share a chain. */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { buildApp } from '../../../app.ts'
import { loadConfig } from '../../../lib/config/load-config.ts'
import type { Hex } from '../../../lib/x402/settler.ts'
import { noAnvil, startTestChain, type TestChain } from '../fixtures/anvil.ts'
import { startFacilitator, type TestFacilitator } from '../fixtures/facilitator.ts'
import { type RpcProxy, startRpcProxy } from '../fixtures/rpc-proxy.ts'
import { audit, type Books, type Expected } from './audit.ts'
import { Customer } from './customer.ts'

/** The ways to settle: by a facilitator's word alone, by one whose word is held against the chain, by the service. */
export const MODES = ['facilitator', 'facilitator and chain', 'self'] as const
export type Mode = (typeof MODES)[number]
/** Those that learn from the chain what became of a payment. */
export const SURE: readonly Mode[] = ['facilitator and chain', 'self']

export type Step = 'verify' | 'settle'
/** What a service that settles by itself asks the node in these steps alone. */
const METHODS = { verify: 'eth_getCode', settle: 'eth_estimateGas' } as const

type Settings = Record<string, string>

export class Shop implements Books {
  readonly mode: Mode
  readonly chain: TestChain
  readonly firstBlock: number
  readonly facilitator: TestFacilitator
  /** Between the service and the chain. */
  readonly rpc: RpcProxy
  readonly payTo: Hex
  readonly database: string
  readonly customer: Customer
  readonly #settings: Settings
  #app: FastifyInstance | undefined
  #log = ''

  constructor(mode: Mode, place: Place, { facilitator, rpc, bearer }: Parts, folder: string) {
    const { chain, firstBlock } = place
    this.mode = mode
    this.chain = chain
    this.firstBlock = firstBlock
    this.facilitator = facilitator
    this.rpc = rpc
    this.payTo = `0x${randomBytes(20).toString('hex')}`
    this.database = `${folder}/oracle.db`
    this.customer = new Customer('', chain.payer)
    for (const secret of [bearer, chain.embedded.settlerKey]) this.customer.secret(secret)
    this.#settings = settingsOf(this, bearer)
  }

  get app(): FastifyInstance {
    if (this.#app === undefined) throw new Error('the shop is closed')
    return this.#app
  }

  get port(): number {
    return (this.app.server.address() as AddressInfo).port
  }

  log = (): string => this.#log

  /** How often somebody was asked to do this. */
  asked(step: Step): number {
    return this.mode === 'self' ? (this.rpc.asked.get(METHODS[step]) ?? 0) : this.facilitator.calls[step]
  }

  /** The next time, this is done so much later. */
  hold(step: Step, ms: number): void {
    if (this.mode !== 'self') return this.facilitator.fail(step, { kind: 'delay', ms, worked: false, calls: 1 })
    let held = false
    this.rpc.on(METHODS[step], async (_, forward) => {
      const wait = held ? 0 : ms
      held = true
      await sleep(wait)
      return forward()
    })
  }

  async open(more: Settings = {}): Promise<void> {
    const stream = new Writable({
      write: (chunk, _, done) => {
        this.#log += chunk
        done()
      }
    })
    this.#app = await buildApp(loadConfig({ ...this.#settings, ...more }), { level: 'trace', stream })
    await this.#app.listen({ host: '127.0.0.1', port: 0 })
    this.customer.url = `http://127.0.0.1:${this.port}`
  }

  async close(): Promise<void> {
    // Whatever the clients of these tests keep open.
    this.#app?.server.closeAllConnections()
    await this.#app?.close()
    this.#app = undefined
  }

  /** As after a deployment: the same data, other settings. */
  async reopen(more: Settings = {}): Promise<void> {
    await this.close()
    await this.open(more)
  }
}

export interface ScenarioOptions extends Partial<Expected> {
  readonly modes?: readonly Mode[]
  readonly settings?: Settings
}

/** One named case in each mode, with an audit after it: one answer was sold, unless said otherwise. */
export function scenario(
  name: string,
  { modes = MODES, settings, sold = 1, ...expected }: ScenarioOptions,
  run: (t: Test, shop: Shop) => Promise<void>
): void {
  for (const mode of modes)
    t.test(`${name} [${mode}]`, { skip: noAnvil }, async (t) => {
      const shop = await openShop(t, mode, settings)
      await run(t, shop)
      await shop.close()
      await audit(t, shop, { sold, ...expected })
    })
}

interface Parts {
  readonly facilitator: TestFacilitator
  readonly rpc: RpcProxy
  /** What the facilitator asks of its callers. */
  readonly bearer: string
}

interface Place {
  readonly chain: TestChain
  /** The scenario's first. */
  readonly firstBlock: number
}

let started: Promise<TestChain> | undefined

async function openShop(test: Test, mode: Mode, settings?: Settings): Promise<Shop> {
  started ??= startTestChain(t)
  const chain = await started
  const firstBlock = Number(await chain.rpc('eth_blockNumber')) + 1
  const bearer = randomBytes(24).toString('hex')
  const facilitator = await startFacilitator(test, chain, bearer)
  const rpc = await startRpcProxy(test, chain.rpcUrl)
  const shop = new Shop(mode, { chain, firstBlock }, { facilitator, rpc, bearer }, test.testdir())
  test.teardown(() => shop.close())
  await shop.open(settings)
  return shop
}

function settingsOf({ mode, chain, facilitator, rpc, payTo, database }: Shop, bearer: string): Settings {
  const { network, asset, settlerKey } = chain.embedded
  const byFacilitator = {
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitator.url,
    X402_FACILITATOR_TOKEN: bearer
  }
  const ways: Record<Mode, Settings> = {
    facilitator: byFacilitator,
    'facilitator and chain': { ...byFacilitator, X402_RPC_URL: rpc.url },
    self: { X402: 'self', X402_RPC_URL: rpc.url, X402_SIGNER_KEY: settlerKey.slice(2) }
  }
  return {
    DATABASE_URL: `sqlite:${database}`,
    PUBLIC_URL: 'https://power.example',
    ...ways[mode],
    X402_PAY_TO: payTo,
    X402_NETWORK: network,
    X402_ASSET: asset,
    X402_ASSET_NAME: 'USD Coin',
    X402_ASSET_VERSION: '2',
    // The tests are one address: its limits must not stand before what is tested.
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999'
  }
}

/** Asks again until it holds; a hang becomes a failure with a name. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(5)) if (await holds()) return
  throw new Error(`waited in vain until ${what}`)
}
