/** A service with both rails in this process, for one scenario in each way of settling. */
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { writtenLog } from '../captured-log.ts'
import { openApp } from '../test-service.ts'
import { audit, type Expected } from './audit.ts'
import { noAnvil } from './chain.ts'
import { type Mode, type Settings, startEnvironment, X402Environment } from './environment.ts'

export class X402Service extends X402Environment {
  #app: FastifyInstance | undefined
  readonly #log = writtenLog()

  get app(): FastifyInstance {
    if (this.#app === undefined) throw new Error('the service is closed')
    return this.#app
  }

  get port(): number {
    return (this.app.server.address() as AddressInfo).port
  }

  log(): string {
    return this.#log.text()
  }

  async open(more: Settings = {}): Promise<void> {
    this.#app = await openApp({ ...this.settings, ...more }, this.#log)
    await this.#app.listen({ host: '127.0.0.1', port: 0 })
    this.client.url = `http://127.0.0.1:${this.port}`
  }

  async close(): Promise<void> {
    // Whatever the clients of these tests keep open.
    this.#app?.server.closeAllConnections()
    await this.#app?.close()
    this.#app = undefined
  }

  /** As after a deployment: the same data with other settings. */
  async reopen(more: Settings = {}): Promise<void> {
    await this.close()
    await this.open(more)
  }
}

/** The two that share the least. The third is named where it matters whose word counts. */
const USUAL: readonly Mode[] = ['facilitator', 'self']

export interface ScenarioOptions extends Partial<Expected> {
  readonly modes?: readonly Mode[]
  readonly settings?: Settings
}

/** One named case in each of some modes, with an audit after it: one answer was sold, unless said otherwise. */
export function scenario(
  name: string,
  { modes = USUAL, settings, sold = 1, ...expected }: ScenarioOptions,
  run: (t: Test, service: X402Service) => Promise<void>
): void {
  for (const mode of modes)
    t.test(`${name} [${mode}]`, { skip: noAnvil }, async (t) => {
      const service = new X402Service(mode, await startEnvironment(t))
      t.teardown(() => service.close())
      await service.open(settings)
      await run(t, service)
      await service.close()
      await audit(t, service, { sold, ...expected })
    })
}
