/**
 * `npm run bench:metrics [-- --short]`: what METRICS=on adds to a request's CPU. Two servers, alike but for it, take the
 * same work by turns; the ratio of each pair of turns counts, since on a shared machine only neighbours compare.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BenchClient } from '../bench-client.ts'
import { ChildServer } from '../child-server.ts'
import { Connections, type LoadResult } from '../http-load.ts'
import { Workouts, workoutRequest } from '../requests.ts'
import { median } from '../statistics.ts'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
// A sale costs twice as much until some 5,000 have been made, because its code is still being compiled.
const size = options.short ? { requests: 500, rounds: 8, warmUps: 10 } : { requests: 800, rounds: 15, warmUps: 7 }
const CONNECTIONS = 32
const SCRAPE_MS = 5000
const PHASES = ['free failure', 'challenge from the pool', 'paid, new', 'paid, replay'] as const

interface Side {
  readonly server: ChildServer
  readonly client: BenchClient
  /** Bought in this round. */
  proofs: readonly Buffer[]
}

const folder = mkdtempSync(join(tmpdir(), 'power-oracle-bench-'))
const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
try {
  const workouts = new Workouts()
  const port = 20_000 + (process.pid % 10_000)
  const off = await start('off', workouts, {})
  const on = await start('on', workouts, { METRICS: 'on', METRICS_PORT: String(port) })
  // As Prometheus does, only more often.
  const scrapes = setInterval(() => void fetch(`http://127.0.0.1:${port}/metrics`).catch(() => {}), SCRAPE_MS)
  closing.unshift(() => clearInterval(scrapes))

  const ratios: Record<string, number[]> = {}
  const cpuUs: Record<string, { off: number[]; on: number[] }> = {}
  for (let round = -size.warmUps; round < size.rounds; round++) {
    // The one that goes first changes, so that neither has the machine's better half.
    const sides = round % 2 === 0 ? ([off, on] as const) : ([on, off] as const)
    for (const phase of PHASES) {
      const costs = new Map<Side, number>()
      for (const side of sides) costs.set(side, await costOf(side, phase, workouts))
      if (round < 0) continue
      ratios[phase] = [...(ratios[phase] ?? []), costs.get(on)! / costs.get(off)!]
      cpuUs[phase] ??= { off: [], on: [] }
      cpuUs[phase].off.push(costs.get(off)!)
      cpuUs[phase].on.push(costs.get(on)!)
    }
  }
  for (const phase of PHASES) {
    const { off: without, on: withMetrics } = cpuUs[phase]!
    const more = (median(ratios[phase]!) - 1) * 100
    // What else the machine does only adds: the least of the rounds has the least of it.
    const least = (Math.min(...withMetrics) / Math.min(...without) - 1) * 100
    process.stdout.write(
      `${phase.padEnd(24)} ${more >= 0 ? '+' : ''}${more.toFixed(1)} %  ${median(withMetrics).toFixed(0)} us CPU with metrics, ` +
        `${median(without).toFixed(0)} without; pairs ${pairs(ratios[phase]!)}; ` +
        `least ${Math.min(...withMetrics).toFixed(0)} against ${Math.min(...without).toFixed(0)}, ${least.toFixed(1)} %\n`
    )
  }
} finally {
  for (const close of closing) await close()
}

async function start(name: string, workouts: Workouts, more: Readonly<Record<string, string>>): Promise<Side> {
  const server = await ChildServer.start('./our-server.js', {
    LIGHTNING: 'embedded',
    X402: 'off',
    DATABASE_URL: `sqlite:${join(folder, name, 'bench.db')}`,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999',
    L402_INVOICE_EXPIRY_SECONDS: '86400',
    ...more
  })
  closing.unshift(() => server.stop())
  const client = new BenchClient(server, await Connections.to(server.port, CONNECTIONS), workouts)
  closing.unshift(() => client.connections.close())
  return { server, client, proofs: [] }
}

/** CPU microseconds a request. */
async function costOf(side: Side, phase: (typeof PHASES)[number], workouts: Workouts): Promise<number> {
  const { server, client } = side
  const { requests } = size
  client.connections.close()
  client.connections = await Connections.to(server.port, CONNECTIONS)
  switch (phase) {
    case 'free failure': {
      const misspelt = workouts.takeMisspelt(requests).map((body) => workoutRequest(body))
      return measured(server, () => client.send(misspelt, 400))
    }
    case 'challenge from the pool': {
      await client.fill(requests)
      const fresh = workouts.take(requests).map((body) => workoutRequest(body))
      await server.ask('hold')
      const cost = await measured(server, () => client.send(fresh, 402))
      await server.ask('release')
      return cost
    }
    case 'paid, new':
      side.proofs = await client.buy(requests)
      return measured(server, () => client.send(side.proofs, 200))
    case 'paid, replay':
      return measured(server, () => client.send(side.proofs, 200))
  }
}

async function measured(server: ChildServer, send: () => Promise<LoadResult>): Promise<number> {
  const before = await server.ask()
  await send()
  const after = await server.ask()
  return (after.cpuUs - before.cpuUs) / size.requests
}

function pairs(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
  return `${low.toFixed(2)} to ${high.toFixed(2)}`
}
