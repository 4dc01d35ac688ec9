import type { Test } from 'tap'
import { ServiceProcess } from '../service-process.ts'
import { type EnvironmentParts, type Mode, startEnvironment, X402Environment } from './environment.ts'

/** The service as a child process that can be killed while chain and facilitator keep running. */
export class RestartableService extends X402Environment {
  readonly #service: ServiceProcess

  constructor(mode: Mode, parts: EnvironmentParts) {
    super(mode, parts)
    this.#service = new ServiceProcess({
      environment: { PORT: '0', ...this.settings },
      logPath: `${this.database}.log`
    })
  }

  log(): string {
    return this.#service.log()
  }

  /** Starts it, or starts it again. */
  async start(): Promise<void> {
    await this.#service.start()
    this.client.url = this.#service.url
  }

  signal(name: NodeJS.Signals): void {
    this.#service.signal(name)
  }

  kill(): Promise<void> {
    return this.#service.kill()
  }

  close(): Promise<void> {
    return this.#service.processes.close()
  }
}

/** It ends with the test. */
export async function startRestartableService(t: Test, mode: Mode): Promise<RestartableService> {
  const service = new RestartableService(mode, await startEnvironment(t))
  t.teardown(() => service.close())
  await service.start()
  return service
}
