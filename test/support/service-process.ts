import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { Agent, request } from 'undici'
import { Processes, type Started, tail } from './processes.ts'
import { programOf } from './program.ts'
import { until } from './until.ts'

const ADDRESS = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/g
/** A hang becomes a named failure. */
const PATIENCE_MS = 30_000

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** Aborted: the connection is closed. */
  readonly signal?: AbortSignal
}

export interface ServiceProcessOptions {
  readonly environment: NodeJS.ProcessEnv
  /** Every line of every start is appended to it. */
  readonly logPath: string
  readonly name?: string
  /** The guard that ends the process with the run; its own unless shared. */
  readonly processes?: Processes
}

let command: readonly [string, ...string[]] | undefined

/** The service as a child process, which can be stopped or killed and started again with the same settings. */
export class ServiceProcess {
  readonly processes: Processes
  readonly #environment: NodeJS.ProcessEnv
  readonly #logPath: string
  readonly #name: string
  #process: Started | undefined
  #url = ''

  constructor({ environment, logPath, name = 'service', processes = new Processes() }: ServiceProcessOptions) {
    this.processes = processes
    this.#environment = { PATH: process.env.PATH, LOG_LEVEL: 'trace', HOST: '127.0.0.1', ...environment }
    this.#logPath = logPath
    this.#name = name
  }

  /** The address of the last start; empty before the first one. */
  get url(): string {
    return this.#url
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    command ??= programOf('server.ts')
    const before = this.#addresses().length
    const started = await this.processes.start(this.#name, command, this.#logPath, this.#environment)
    this.#process = started
    const url = await until(`${this.#name} listens`, () => {
      const found = this.#addresses()
      if (found.length > before) return found.at(-1)
      return started.isRunning() ? undefined : 'ended'
    })
    if (url === 'ended') throw new Error(`${this.#name} ended (${await started.ended}):\n${tail(this.#logPath)}`)
    this.#url = url
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.signal(name)
  }

  /** SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#process?.ended
  }

  /** Stops it with SIGTERM. */
  async stop(): Promise<void> {
    await this.#process?.stop()
  }

  /** Settles when the process has ended, with its exit code or the signal's name. */
  get ended(): Promise<string> | undefined {
    return this.#process?.ended
  }

  /** All its log output since the first start. */
  log(): string {
    return existsSync(this.#logPath) ? readFileSync(this.#logPath, 'utf8') : ''
  }

  #addresses(): string[] {
    return [...this.log().matchAll(ADDRESS)].map(([, address]) => address!)
  }
}

/** A service at a fixed port, and requests to it. */
export class Instance extends ServiceProcess {
  readonly #address: string
  readonly #agent = new Agent({ connections: 64, headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS })

  constructor(port: number, environment: NodeJS.ProcessEnv, logPath: string) {
    super({ environment: { PORT: String(port), ...environment }, logPath })
    this.#address = `http://127.0.0.1:${port}`
  }

  override get url(): string {
    return this.#address
  }

  /** Resolves once it sells. */
  override async start(): Promise<void> {
    await super.start()
    await until('the service sells', async () => {
      const health = await this.ask('/v1/health')
      return health?.status === 200 && JSON.parse(health.text).components.l402 === 'ok'
    })
  }

  async end(): Promise<void> {
    await this.kill()
    await this.processes.close()
    await this.#agent.destroy()
  }

  /** @returns undefined if the connection was refused or broke: the outcome of the request is unknown */
  async ask(path: string, { method = 'GET', body, headers = {}, signal }: Question = {}): Promise<Answer | undefined> {
    try {
      const response = await request(this.url + path, {
        method,
        dispatcher: this.#agent,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        body: body === undefined ? null : JSON.stringify(body),
        ...(signal && { signal })
      })
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
    } catch (error) {
      if (/TIMEOUT/.test(String((error as { code?: string }).code))) throw error
      return undefined
    }
  }
}

/** Several services with the same settings; they end with the test. */
export async function startInstances(t: Test, count: number, environment: NodeJS.ProcessEnv): Promise<Instance[]> {
  const folder = t.testdir()
  const instances: Instance[] = []
  for (let index = 0; index < count; index++)
    instances.push(new Instance(await freePort(), environment, join(folder, `${index}.log`)))
  t.teardown(() => Promise.all(instances.map((instance) => instance.end())))
  await Promise.all(instances.map((instance) => instance.start()))
  return instances
}

/**
 * A free port below the system's ephemeral range: a request to a stopped service could otherwise get the port and block
 * its restart.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 32_000), '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue
    }
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    return port
  }
}
