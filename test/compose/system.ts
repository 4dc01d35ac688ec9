/** The system of docker-compose.yml under a project name of its own, driven through the command that is installed. */
import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../runner/joined.ts'

const PROJECT = 'power-oracle-test'
const OUTPUT_LINES = 40

export interface Ran {
  readonly code: number | null
  readonly output: string
}

export interface Sum {
  readonly payments: number
  /** In each rail's own smallest unit. */
  readonly amount: bigint
}

export class System {
  readonly url: string
  readonly #compose: readonly string[]
  readonly #env: NodeJS.ProcessEnv

  /** @param port of the API, on loopback */
  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`
    const plugin = spawnSync('docker', ['compose', 'version']).status === 0
    const command = plugin ? ['docker', 'compose'] : ['docker-compose']
    this.#compose = [...command, '--project-name', PROJECT, '--env-file', 'ops/images/local.env']
    // The classic builder too has to read the Dockerfile.
    this.#env = { ...process.env, API_PORT: String(port), COMPOSE_DOCKER_CLI_BUILD: '0', DOCKER_BUILDKIT: '0' }
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
