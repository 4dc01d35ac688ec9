/** The real service as a child process, that can be killed while the chain and the facilitator live on. */
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { Processes, type Started, tail } from '../processes.ts'
import { programOf } from '../program.ts'
import { type Mode, startEnvironment, until, X402Environment } from './environment.ts'

const SERVER = programOf('server.ts')
const ADDRESS = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/g

export class RestartableService extends X402Environment {
  readonly #processes = new Processes()
  #process: Started | undefined
  #starts = 0

  log(): string {
    return this.#starts === 0 ? '' : readFileSync(this.#logFile, 'utf8')
  }

  /** Starts it, or starts it again. */
  async start(): Promise<void> {
    const env = { PATH: process.env.PATH, LOG_LEVEL: 'trace', HOST: '127.0.0.1', PORT: '0', ...this.settings }
    const started = await this.#processes.start('service', SERVER, this.#logFile, env)
    this.#process = started
    this.#starts += 1
    await until('the service listens', () => {
      if (!started.alive()) throw new Error(`the service has ended:\n${tail(this.#logFile)}`)
      const addresses = [...this.log().matchAll(ADDRESS)]
      this.client.url = addresses.at(-1)?.[1] ?? ''
      return addresses.length === this.#starts
    })
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.signal(name)
  }

  /** No handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#process?.ended
  }

  close(): Promise<void> {
    return this.#processes.close()
  }

  get #logFile(): string {
    return `${this.database}.log`
  }
}

/** It ends with the test. */
export async function startRestartableService(t: Test, mode: Mode): Promise<RestartableService> {
  const service = new RestartableService(mode, await startEnvironment(t))
  t.teardown(() => service.close())
  await service.start()
  return service
}
