/** The real service as a child process against the regtest network, and plain HTTP questions to it. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceProcess } from '../support/service-process.ts'
import type { Regnet } from './regnet.ts'

/** No question of the tests waits longer: a hang becomes a failure with a name. */
const PATIENCE_MS = 15_000

export const JSON_HEADERS = { 'content-type': 'application/json' }

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly ms: number
}

export type Service = ServiceProcess

/** What a service of these tests is started with; a second one with the same object is the same service after a restart. */
export interface ServiceSettings {
  readonly env: NodeJS.ProcessEnv
  readonly secret: string
  readonly macaroon: string
  /** Path of its database file. */
  readonly database: string
}

/** Settings of a service whose invoices come from `regnet.merchant`; `env` overrides single ones. */
export async function settingsOf(regnet: Regnet, name: string, env: NodeJS.ProcessEnv = {}): Promise<ServiceSettings> {
  const secret = randomBytes(32).toString('hex')
  const macaroon = env.LND_MACAROON ?? (await regnet.macaroon())
  const database = join(regnet.folder, `${name}.db`)
  return {
    secret,
    macaroon,
    database,
    env: {
      PATH: process.env.PATH,
      HOME: regnet.folder,
      HOST: '127.0.0.1',
      PORT: '0',
      // Everything the service is able to say stands in the log that the tests search for secrets.
      LOG_LEVEL: 'trace',
      DATABASE_URL: `sqlite:${database}`,
      LIGHTNING: 'lnd',
      LND_SOCKET: regnet.merchant.socket,
      LND_TLS_CERT: regnet.merchant.certificate,
      LND_MACAROON: macaroon,
      BTC_USD_FIXED: '100000',
      L402_SECRETS: `1:${secret}`,
      X402: 'off',
      // The tests are one address: its limits must not stand before what is tested.
      RATE_LIMIT_PER_MINUTE: '1000000',
      CHALLENGES_PER_MINUTE: '1000000',
      ...env
    }
  }
}

/** Starts the service and waits until it listens. */
export async function startService(regnet: Regnet, settings: ServiceSettings, name: string): Promise<Service> {
  const logPath = join(regnet.folder, `service-${name}.log`)
  const service = new ServiceProcess({
    name: `service ${name}`,
    environment: settings.env,
    logPath,
    processes: regnet.processes
  })
  await service.start()
  return service
}

/** GET of a free route. */
export function get(service: Service, path: string): Promise<Answer> {
  return ask(`${service.url}${path}`, {})
}

/** POST of a workout, with a proof of payment when there is one. */
export function compute(service: Service, body: string, authorization?: string): Promise<Answer> {
  const headers = authorization === undefined ? JSON_HEADERS : { ...JSON_HEADERS, authorization }
  return ask(`${service.url}/v1/compute-power`, { method: 'POST', headers, body })
}

/** Sends a paid request up to the middle of its body, over a connection that is kept alive; `finish` sends the rest. */
export async function sendHalf(service: Service, body: string, authorization: string) {
  const bytes = Buffer.from(body)
  const outgoing = request(`${service.url}/v1/compute-power`, {
    method: 'POST',
    agent: new Agent({ keepAlive: true }),
    headers: { ...JSON_HEADERS, authorization, 'content-length': bytes.length },
    signal: AbortSignal.timeout(PATIENCE_MS)
  })
  const answered = once(outgoing, 'response')
  const middle = Math.floor(bytes.length / 2)
  await new Promise((resolve) => outgoing.write(bytes.subarray(0, middle), resolve))
  // Written is not read: the service shall have begun with it.
  await sleep(200)
  return {
    finish: async () => {
      outgoing.end(bytes.subarray(middle))
      const [incoming] = (await answered) as [IncomingMessage]
      return { status: incoming.statusCode, text: await text(incoming) }
    }
  }
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const started = performance.now()
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })
  const body = await response.text()
  return { status: response.status, headers: response.headers, text: body, ms: performance.now() - started }
}

/** The state of one component on the health page: `ok`, `degraded` or `off`. */
export async function health(service: Service, component: string): Promise<string> {
  const answer = await get(service, '/v1/health')
  const found = JSON.parse(answer.text).components?.[component]
  return typeof found === 'string' ? found : String(found?.status)
}
