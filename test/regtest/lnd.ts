/** One LND process of the regtest network, with what the tests do to it: freeze, thaw, stop, start. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { listening, type Processes, type Started } from '../support/processes.ts'
import { until } from '../support/until.ts'
import type { Btcd } from './btcd.ts'
import { type AuthenticatedLnd, lns } from './lns.ts'

const COMMON_FLAGS = [
  '--bitcoin.active',
  '--bitcoin.regtest',
  '--bitcoin.defaultchanconfs=1',
  '--norest',
  '--nobootstrap',
  '--tlsdisableautofill',
  '--trickledelay=50',
  '--db.batch-commit-interval=5ms',
  '--healthcheck.chainbackend.attempts=0',
  '--gc-canceled-invoices-on-the-fly',
  '--gc-canceled-invoices-on-startup',
  '--debuglevel=info'
]

export interface NodePlan {
  readonly name: string
  readonly binary: string
  readonly folder: string
  readonly ports: { readonly p2p: number; readonly rpc: number }
  readonly flags: readonly string[]
}

/** An LND node; `start` and `open` bring it up, the rest needs an open one. */
export class LndNode {
  readonly name: string
  readonly socket: string
  readonly p2p: string
  readonly #plan: NodePlan
  readonly #processes: Processes
  readonly #command: readonly string[]
  #process: Started | undefined
  #lnd: AuthenticatedLnd | undefined
  #publicKey = ''

  constructor(processes: Processes, btcd: Btcd, plan: NodePlan) {
    this.name = plan.name
    // By name: for an address Node warns that TLS has no server name (DEP0123).
    this.socket = `localhost:${plan.ports.rpc}`
    this.p2p = `127.0.0.1:${plan.ports.p2p}`
    this.#plan = plan
    this.#processes = processes
    this.#command = [
      plan.binary,
      `--lnddir=${plan.folder}`,
      `--alias=${plan.name}`,
      `--listen=${this.p2p}`,
      `--rpclisten=127.0.0.1:${plan.ports.rpc}`,
      ...COMMON_FLAGS,
      ...btcd.lndFlags,
      ...plan.flags
    ]
    mkdirSync(plan.folder, { recursive: true })
  }

  /** The admin connection. */
  get lnd(): AuthenticatedLnd {
    if (!this.#lnd) throw new Error(`${this.name} is not open yet`)
    return this.#lnd
  }

  get publicKey(): string {
    return this.#publicKey
  }

  /** The certificate as base64, the form that both ln-service and the service's configuration take. */
  get certificate(): string {
    return readFileSync(this.#certificateFile).toString('base64')
  }

  /** Puts the certificate where the service reads it. */
  copyCertificate(path: string): void {
    copyFileSync(this.#certificateFile, path)
  }

  /** Starts the process and waits for its port; a restart keeps folder, keys and ports. */
  async start(): Promise<void> {
    const log = join(this.#plan.folder, `${this.name}.log`)
    this.#process = await this.#processes.start(this.name, this.#command, log)
    await until(`the certificate of ${this.name}`, () => existsSync(this.#certificateFile))
    await listening(`the port of ${this.name}`, this.#plan.ports.rpc)
  }

  /** Creates the wallet of a node that was started without one. */
  async createWallet(seed: string, password: string): Promise<void> {
    const { lnd } = lns.unauthenticatedLndGrpc({ cert: this.certificate, socket: this.socket })
    await until(`the wallet unlocker of ${this.name}`, async () => (await lns.getWalletStatus({ lnd })).is_absent)
    await lns.createWallet({ lnd, password, seed })
  }

  /** Connects as admin and waits until the node answers. */
  async open(): Promise<void> {
    const file = join(this.#plan.folder, 'data/chain/bitcoin/regtest/admin.macaroon')
    await until(`the admin macaroon of ${this.name}`, () => existsSync(file) && readFileSync(file).length > 0)
    await listening(`the port of ${this.name}`, this.#plan.ports.rpc)
    const macaroon = readFileSync(file).toString('base64')
    this.#lnd = lns.authenticatedLndGrpc({ cert: this.certificate, macaroon, socket: this.socket }).lnd
    this.#publicKey = (await this.#answer()).public_key
  }

  /** SIGSTOP: connections stay open and nothing answers any more. */
  freeze(): void {
    this.#running.signal('SIGSTOP')
  }

  /** SIGCONT: the end of `freeze`. */
  thaw(): void {
    this.#running.signal('SIGCONT')
  }

  async stop(): Promise<void> {
    await this.#running.stop()
  }

  /** Starts the stopped node again and waits until it answers as before. */
  async restart(): Promise<void> {
    await this.start()
    await this.#answer()
  }

  /** Starts the stopped node with a new certificate, as LND makes one when the old one has expired. */
  async restartWithNewCertificate(): Promise<void> {
    for (const name of ['tls.cert', 'tls.key']) rmSync(join(this.#plan.folder, name))
    await this.start()
    await this.open()
  }

  get #running(): Started {
    if (!this.#process) throw new Error(`${this.name} was not started`)
    return this.#process
  }

  get #certificateFile(): string {
    return join(this.#plan.folder, 'tls.cert')
  }

  #answer() {
    return until(`an answer of ${this.name}`, () => lns.getWalletInfo({ lnd: this.lnd }))
  }
}
