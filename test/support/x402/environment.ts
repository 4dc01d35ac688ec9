/** The environment of a service: a chain, a facilitator, a node with injectable faults, and a client. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Hex } from '../../../lib/x402/settler.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { X402Client } from './client.ts'
import { type Fault, startFacilitator, type TestFacilitator } from './facilitator.ts'
import { type RpcProxy, startRpcProxy } from './rpc-proxy.ts'

/** The settlement modes: facilitator without chain check, facilitator with chain check, self. */
export const MODES = ['facilitator', 'facilitator and chain', 'self'] as const
export type Mode = (typeof MODES)[number]
/** Those that learn from the chain what became of a payment. */
export const SURE: readonly Mode[] = ['facilitator and chain', 'self']

export type Step = 'verify' | 'settle'
/** What a service that settles by itself asks the node in these steps alone. */
const METHODS = { verify: 'eth_getCode', settle: 'eth_estimateGas' } as const

export type Settings = Record<string, string>

export interface EnvironmentParts {
  readonly chain: TestChain
  /** Transactions mined before the scenario do not count. */
  readonly firstBlock: number
  readonly facilitator: TestFacilitator
  /** The credentials that the facilitator requires. */
  readonly bearer: string
  /** Between the service and the chain. */
  readonly rpc: RpcProxy
  readonly folder: string
}

export abstract class X402Environment {
  readonly mode: Mode
  readonly chain: TestChain
  readonly firstBlock: number
  readonly facilitator: TestFacilitator
  readonly rpc: RpcProxy
  /** Paid by nobody before. */
  readonly payTo: Hex
  readonly database: string
  readonly client: X402Client
  protected readonly settings: Settings

  constructor(mode: Mode, { chain, firstBlock, facilitator, bearer, rpc, folder }: EnvironmentParts) {
    this.mode = mode
    this.chain = chain
    this.firstBlock = firstBlock
    this.facilitator = facilitator
    this.rpc = rpc
    this.payTo = `0x${randomBytes(20).toString('hex')}`
    this.database = `${folder}/oracle.db`
    this.client = new X402Client('', chain.payer)
    for (const secret of [bearer, chain.embedded.settlerKey]) this.client.secret(secret)
    this.settings = settingsOf(this, bearer)
  }

  /** All log output of the service. */
  abstract log(): string

  /** How often somebody was asked to do this. */
  asked(step: Step): number {
    return this.mode === 'self' ? (this.rpc.asked.get(METHODS[step]) ?? 0) : this.facilitator.calls[step]
  }

  /** Delays the next call. */
  hold(step: Step, ms: number): void {
    this.#once(step, { kind: 'delay', ms, worked: false }, () => sleep(ms))
  }

  /** The next call is neither executed nor answered. */
  freeze(step: Step): void {
    this.#once(step, { kind: 'hang', worked: false }, () => new Promise(() => {}))
  }

  #once(step: Step, fault: Fault, wait: () => Promise<unknown>): void {
    if (this.mode !== 'self') return this.facilitator.fail(step, { ...fault, calls: 1 })
    let isFirst = true
    this.rpc.on(METHODS[step], async (_, forward) => {
      const waits = isFirst
      isFirst = false
      if (waits) await wait()
      return forward()
    })
  }
}

let started: Promise<TestChain> | undefined

/** The scenarios of a file share a chain; all else is their own. */
export async function startEnvironment(test: Test): Promise<EnvironmentParts> {
  started ??= startTestChain(t)
  const chain = await started
  const firstBlock = Number(await chain.rpc('eth_blockNumber')) + 1
  const bearer = randomBytes(24).toString('hex')
  const facilitator = await startFacilitator(test, chain, bearer)
  const rpc = await startRpcProxy(test, chain.rpcUrl)
  return { chain, firstBlock, facilitator, bearer, rpc, folder: test.testdir() }
}

function settingsOf({ mode, chain, facilitator, rpc, payTo, database }: X402Environment, bearer: string): Settings {
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
    X402_ASSET_DECIMALS: '6',
    // The tests are one address: its limits must not stand before what is tested.
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999'
  }
}
