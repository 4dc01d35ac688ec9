/** The service as a process of its own, that can be killed and started again at the same address. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { Agent, request } from 'undici'
import { programOf } from './program.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const [COMMAND, ...SERVER] = programOf('server.ts')
/** A hang becomes a failure with a name. */
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
}

export class Instance {
  readonly url: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #logPath: string
  readonly #agent = new Agent({ connections: 64, headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS })
  #child: ChildProcess | undefined

  constructor(port: number, environment: NodeJS.ProcessEnv, logPath: string) {
    this.url = `http://127.0.0.1:${port}`
    this.#environment = { PATH: process.env.PATH, PORT: String(port), LOG_LEVEL: 'trace', ...environment }
    this.#logPath = logPath
  }

  /** Starts it, or starts it again. Resolves once it sells. */
  async start(): Promise<void> {
    const file = openSync(this.#logPath, 'a')
    const child = spawn(COMMAND, SERVER, { cwd: ROOT, env: this.#environment, stdio: ['ignore', file, file] })
    closeSync(file)
    this.#child = child
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && child.exitCode === null; await sleep(50)) {
      const health = await this.ask('/v1/health')
      if (health?.status === 200 && JSON.parse(health.text).components.l402 === 'ok') return
    }
    child.kill('SIGKILL')
    throw new Error(`the service did not start:\n${this.log().slice(-2000)}`)
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  /** Stops it in order. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }

  async end(): Promise<void> {
    await this.kill()
    await this.#agent.destroy()
  }

  /** @returns undefined where the connection was refused or broke: nobody knows what became of the question */
  async ask(path: string, { method = 'GET', body, headers = {} }: Question = {}): Promise<Answer | undefined> {
    try {
      const response = await request(this.url + path, {
        method,
        dispatcher: this.#agent,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        body: body === undefined ? null : JSON.stringify(body)
      })
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
    } catch (error) {
      if (/TIMEOUT/.test(String((error as { code?: string }).code))) throw error
      return undefined
    }
  }

  /** Everything it has said since the first start. */
  log(): string {
    return readFileSync(this.#logPath, 'utf8')
  }
}

/** So many services with the same settings; they end with the test. */
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
 * A port that nobody listens at, below those that the system gives to connections: a question to a service that is
 * down could be given its port, and would be in the way when it starts again.
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
