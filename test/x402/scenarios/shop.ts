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

/** The ways to settle: by a facilitator's word alone, by one whose word is held against the chain. */
export type Mode = 'facilitator' | 'facilitator and chain'
export const MODES: readonly Mode[] = ['facilitator']

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

  constructor(mode: Mode, place: Place, facilitator: TestFacilitator, rpc: RpcProxy, folder: string) {
    const { chain, firstBlock } = place
    this.mode = mode
    this.chain = chain
    this.firstBlock = firstBlock
    this.facilitator = facilitator
    this.rpc = rpc
    this.payTo = `0x${randomBytes(20).toString('hex')}`
    this.database = `${folder}/oracle.db`
    this.customer = new Customer('', chain.payer)
    this.#settings = settingsOf(this)
  }

  get app(): FastifyInstance {
    if (this.#app === undefined) throw new Error('the shop is closed')
    return this.#app
  }

  get port(): number {
    return (this.app.server.address() as AddressInfo).port
  }

  log = (): string => this.#log

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
    t.test(`${name} (${mode})`, { skip: noAnvil }, async (t) => {
      const shop = await openShop(t, mode, settings)
      await run(t, shop)
      await shop.close()
      await audit(t, shop, { sold, ...expected })
    })
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
  const shop = new Shop(mode, { chain, firstBlock }, facilitator, rpc, test.testdir())
  shop.customer.secret(bearer)
  test.teardown(() => shop.close())
  await shop.open({ X402_FACILITATOR_TOKEN: bearer, ...settings })
  return shop
}

function settingsOf({ mode, chain, facilitator, rpc, payTo, database }: Shop): Settings {
  const { network, asset } = chain.embedded
  return {
    DATABASE_URL: `sqlite:${database}`,
    PUBLIC_URL: 'https://power.example',
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitator.url,
    ...(mode === 'facilitator and chain' && { X402_RPC_URL: rpc.url }),
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
