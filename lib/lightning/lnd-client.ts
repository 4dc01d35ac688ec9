import { connect } from 'node:net'
import { observeCall } from '../observe/calls.ts'
import { toLightningError } from './lightning-error.ts'
import { type LndCredentials, renewCredentials } from './lnd-credentials.ts'

const REBUILD_AFTER_MS = 15_000
const CANARY_MS = 1000

type Callback = (error: unknown, response: Record<string, unknown>) => void
type UnaryCall = (request: object, options: { deadline: number }, callback: Callback) => void
type Services = Record<string, { close(): void }>
type Lightning = Record<'addInvoice' | 'getInfo', UnaryCall>

/** Raw calls to LND, each with a deadline: otherwise a frozen LND would keep a call pending forever. */
export class LndClient {
  #credentials: LndCredentials
  readonly #now: () => number
  #services: Promise<Services> | undefined
  #lastGoodMs: number
  #isChecking = false
  #closed = false

  constructor(credentials: LndCredentials, now: () => number) {
    this.#credentials = credentials
    this.#now = now
    this.#lastGoodMs = now()
  }

  /** LND's response. Rejects with `LightningError`, `timeout` after `limitMs`. */
  call(method: keyof Lightning, request: object, limitMs: number): Promise<Record<string, unknown>> {
    return observeCall('lnd', method, () => this.#call(method, request, limitMs))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#drop()
  }

  async #call(method: keyof Lightning, request: object, limitMs: number): Promise<Record<string, unknown>> {
    try {
      const lightning = (await this.#connect()).default as unknown as Lightning
      // gRPC compares the deadline with the machine's clock, not the injected one.
      const options = { deadline: Date.now() + limitMs }
      const response = await new Promise<Record<string, unknown>>((resolve, reject) => {
        lightning[method](request, options, (error, answer) => (error ? reject(error) : resolve(answer)))
      })
      this.#lastGoodMs = this.#now()
      return response
    } catch (error) {
      const known = toLightningError(error)
      if (known.code === 'unavailable' || known.code === 'auth') void this.#rebuild(known.code)
      throw known
    }
  }

  #connect(): Promise<Services> {
    if (this.#closed) return Promise.reject({ code: 1, details: 'closed' })
    this.#services ??= import('ln-service').then(({ authenticatedLndGrpc }) => {
      const { socket, cert, macaroon } = this.#credentials
      return authenticatedLndGrpc({ socket, macaroon: macaroon.base64, cert: cert.base64 }).lnd
    })
    return this.#services
  }

  /**
   * A new client takes over as soon as LND has renewed its certificate or macaroon, or when LND's port accepts again
   * after a long outage: gRPC waits up to two minutes between attempts, and ln-service has no setting for it. A client
   * costs 0.3 s of CPU, hence the checks before.
   */
  async #rebuild(code: 'unavailable' | 'auth'): Promise<void> {
    if (this.#isChecking) return
    this.#isChecking = true
    const renewed = await renewCredentials(this.#credentials)
    const isDue = code === 'unavailable' && this.#now() - this.#lastGoodMs >= REBUILD_AFTER_MS
    if (renewed !== this.#credentials || (isDue && (await accepts(renewed.socket)))) {
      this.#credentials = renewed
      this.#lastGoodMs = this.#now()
      await this.#drop()
    }
    this.#isChecking = false
  }

  async #drop(): Promise<void> {
    const services = await this.#services?.catch(() => undefined)
    this.#services = undefined
    for (const service of Object.values(services ?? {})) service.close()
  }
}

function accepts(address: string): Promise<boolean> {
  if (!URL.canParse(`tcp://${address}`)) return Promise.resolve(false)
  const { hostname, port } = new URL(`tcp://${address}`)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), timeout: CANARY_MS })
    const finish = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.unref()
    socket.once('connect', () => finish(true))
    socket.once('timeout', () => finish(false))
    socket.once('error', () => finish(false))
  })
}
