/** The system of docker-compose.yml under a project name of its own, driven through the command that is installed. */
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { L402Offer } from '../../lib/l402/l402-schemas.ts'
import type { X402Offer } from '../../lib/x402/x402-schemas.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'
import type { PaymentRequired } from '../../schemas/payment-required.ts'
import { ROOT } from '../runner/joined.ts'

const PROJECT = 'power-oracle-test'
/** Whatever is taken away or looked at belongs to one of them, or to none. */
const PROFILES = ['--profile', 'demo', '--profile', 'metrics']
const OUTPUT_LINES = 40
const OFFER_LIMIT_MS = 20_000

export interface Ran {
  readonly code: number | null
  readonly output: string
}

export interface Sum {
  readonly payments: number
  /** In each rail's own smallest unit. */
  readonly amount: bigint
}

/** What a request without proof meets. */
export interface Offer {
  /** 0 where nobody answered. */
  readonly status: number
  readonly rails: readonly string[]
  readonly retryAfter: string | null
}

export class System {
  readonly url: string
  readonly dashboardUrl: string
  readonly #compose: readonly string[]
  readonly #env: NodeJS.ProcessEnv

  /** @param port of the API, on loopback; @param dashboardPort of Grafana or what stands in for it */
  constructor(port: number, dashboardPort: number) {
    this.url = `http://127.0.0.1:${port}`
    this.dashboardUrl = `http://127.0.0.1:${dashboardPort}`
    const plugin = spawnSync('docker', ['compose', 'version']).status === 0
    const command = plugin ? ['docker', 'compose'] : ['docker-compose']
    this.#compose = [...command, '--project-name', PROJECT, '--env-file', 'ops/images/local.env']
    // The classic builder too has to read the Dockerfile.
    this.#env = {
      ...process.env,
      API_PORT: String(port),
      GRAFANA_PORT: String(dashboardPort),
      COMPOSE_DOCKER_CLI_BUILD: '0',
      DOCKER_BUILDKIT: '0'
    }
  }

  /** Runs one command of compose to its end. @throws Error with the end of its output where it fails */
  async compose(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.try(...args)
    if (code !== 0) throw new Error(`compose ${args.join(' ')}: ${output.split('\n').slice(-OUTPUT_LINES).join('\n')}`)
    return output
  }

  async try(...args: readonly string[]): Promise<Ran> {
    const [program, ...first] = this.#compose
    const child = spawn(program!, [...first, ...args], {
      cwd: ROOT,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    return { code, output: out.trim() === '' ? err : out }
  }

  /** Takes everything down, volumes too where they are named. */
  async down(...options: readonly string[]): Promise<void> {
    await this.compose(...PROFILES, 'down', ...options)
  }

  /** The container of a service, running or ended. */
  async container(service: string): Promise<string> {
    return (await this.compose(...PROFILES, 'ps', '--all', '--quiet', service)).trim()
  }

  /** Volumes that only exist while nothing uses them can be removed. */
  removeVolume(name: string): void {
    const { status, stderr } = spawnSync('docker', ['volume', 'rm', `${PROJECT}_${name}`], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }

  /** Asks for a workout without proof: through the proxy, or at one instance. */
  async offer(url = this.url): Promise<Offer> {
    const order = { ...computePowerExample, athlete_uuid: randomUUID() }
    const answer = await fetch(`${url}/v1/compute-power`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(OFFER_LIMIT_MS)
    }).catch(() => undefined)
    if (answer === undefined) return { status: 0, rails: [], retryAfter: null }
    const text = await answer.text()
    const body = (answer.status === 402 ? JSON.parse(text) : {}) as Partial<PaymentRequired & L402Offer & X402Offer>
    const rails = [...(body.invoice === undefined ? [] : ['l402']), ...(body.accepts === undefined ? [] : ['x402'])]
    const retryAfter = answer.headers.get('retry-after')
    return { status: answer.status, rails, retryAfter }
  }

  /** Stops a service for so long, and looks at the rest meanwhile. It starts again whatever was seen. */
  async away(service: string, ms: number, look: () => Promise<void>): Promise<void> {
    await this.compose('stop', service)
    try {
      await Promise.all([sleep(ms), look()])
    } finally {
      await this.compose('start', service)
    }
  }

  /** A verb of the tools. */
  tool(...words: readonly string[]): Promise<string> {
    return this.compose('exec', '-T', 'regtest', 'node', 'dist/compose/main.mjs', ...words)
  }

  /** The ledger's sums of captured payments by rail. */
  async booked(): Promise<Record<string, Sum>> {
    const output = await this.compose(
      ...['exec', '-T', 'api-2', 'node', 'dist/bundle/commands/ledger.mjs', 'sums', '--format', 'json']
    )
    const { sums } = JSON.parse(output) as { sums: Record<string, string>[] }
    const booked: Record<string, Sum> = {}
    for (const { rail, state, payments, amount_atomic: amount } of sums) {
      if (state !== 'captured') continue
      const sum = booked[rail!] ?? { payments: 0, amount: 0n }
      booked[rail!] = { payments: sum.payments + Number(payments), amount: sum.amount + BigInt(amount!) }
    }
    return booked
  }
}
