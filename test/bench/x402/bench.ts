import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BenchClient } from '../bench-client.ts'
import { ChildServer } from '../child-server.ts'
import { measureExample } from '../engine.ts'
import { FLOOR_SERVER, floorEnvironment, paidFloor, unpaidFloor } from '../floor.ts'
import type { Floor } from '../floor-server.ts'
import { Connections } from '../http-load.ts'
import { describeRun, report } from '../report.ts'
import { Workouts, workoutRequest } from '../requests.ts'
import { PAY_TO } from './answers.ts'
import {
  figuresOf,
  floorsName,
  PAID,
  PAID_INSIDE,
  PAID_MEMORY,
  PEERS,
  peersName,
  UNPAID,
  UNPAID_BOTH
} from './figures.ts'
import { Payer } from './payer.ts'
import { type Loaded, type Subject, takeTurns } from './turns.ts'

const CONNECTIONS = 32

/**
 * `node dist/test/bench/x402/bench.js [--short] [--json <file>]`: what x402 costs, as multiples of a bare Fastify route
 * and beside `@x402/express` and `@x402/hono`, all in one run; a short run leaves out what only explains. Ends with an error when something did not work, never
 * because of a figure.
 */
const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, json: { type: 'string' } }
})
const size = options.short ? { requests: 300, rounds: 3, warmUps: 6 } : { requests: 1000, rounds: 9, warmUps: 6 }

const folder = mkdtempSync(join(tmpdir(), 'power-oracle-bench-'))
const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
const say = (line: string) => process.stderr.write(`${line}\n`)
const workouts = new Workouts()

try {
  const began = performance.now()
  say('starts')
  const answerFile = join(folder, 'answer.json')
  writeFileSync(
    answerFile,
    JSON.stringify({ workout_id: randomUUID(), revision_id: randomUUID(), ...measureExample() })
  )
  const facilitator = await ChildServer.start('./x402/facilitator.js', {})
  closing.unshift(() => facilitator.stop())
  const url = `http://127.0.0.1:${facilitator.port}`
  const bare = await load('./bare-server.js', { BENCH_ANSWER: answerFile })
  const ours = await load('./x402/our-server.js', ourEnvironment('http', url))
  const both = await load('./our-server.js', { ...ourEnvironment('both', url), LIGHTNING: 'embedded' })
  const inside = await load('./x402/our-server.js', { ...ourEnvironment('inside', url), BENCH_FACILITATOR: 'inside' })
  const client = new BenchClient(both.server, both.connections, workouts)
  const subjects = [
    unpaid(UNPAID, ours),
    unpaidFromPool(UNPAID_BOTH, both, client),
    await paid(PAID, ours),
    await paid(PAID_INSIDE, inside),
    await floorOf(UNPAID, await unpaidFloor(ours.server.port, workouts.take(1)[0]!)),
    await floorOf(UNPAID_BOTH, await client.offered()),
    await floorOf(PAID, paidFloor(readFileSync(answerFile, 'utf8'), join(folder, 'floor.db'), url))
  ]
  for (const name of PEERS) {
    const file = `./x402/${name.slice('@x402/'.length)}-server.js`
    const peer = await load(file, peerEnvironment(answerFile, url))
    subjects.push(unpaid(peersName(UNPAID, name), peer), await paid(peersName(PAID, name), peer))
    if (options.short) continue
    const peerInside = await load(file, peerEnvironment(answerFile, 'inside'))
    subjects.push(await paid(peersName(PAID_INSIDE, name), peerInside))
  }
  if (!options.short) {
    const memory = { BENCH_FACILITATOR: 'inside', DATABASE_URL: 'sqlite::memory:' }
    subjects.push(
      await paid(PAID_MEMORY, await load('./x402/our-server.js', { ...ourEnvironment('', url), ...memory }))
    )
  }
  say('requests, each server and bare by turns')
  const { bareCpuUs, costs } = await takeTurns(bare, subjects, workouts, size)
  const figures = figuresOf(bareCpuUs, costs)
  const run = describeRun(began, { ...size, connections: CONNECTIONS, allStatusesAsExpected: true })
  report(run, figures, 'every status as expected', options.json)
} finally {
  for (const close of closing) await close()
}

async function load(file: string, env: Readonly<Record<string, string>>): Promise<Loaded> {
  const server = await ChildServer.start(file, env)
  closing.unshift(() => server.stop())
  const connections = await Connections.to(server.port, CONNECTIONS)
  closing.unshift(() => connections.close())
  return { server, connections }
}

async function floorOf(name: string, floor: Floor): Promise<Subject> {
  const loaded = await load(FLOOR_SERVER, floorEnvironment(join(folder, `${name}-floor.json`), floor))
  return { ...unpaid(floorsName(name), loaded), status: floor.status }
}

function unpaid(name: string, loaded: Loaded): Subject {
  return { ...loaded, name, status: 402, prepare: (count) => workouts.take(count).map((body) => workoutRequest(body)) }
}

/** With invoices that were made before, by a wallet that rests meanwhile. */
function unpaidFromPool(name: string, loaded: Loaded, client: BenchClient): Subject {
  const { server } = loaded
  return {
    ...unpaid(name, loaded),
    async prepare(count) {
      await client.fill(count)
      await server.ask('hold')
      return unpaid(name, loaded).prepare(count)
    },
    finish: () => server.ask('release')
  }
}

async function paid(name: string, loaded: Loaded): Promise<Subject> {
  const payer = await Payer.for(loaded.server.port, workouts.take(1)[0]!)
  return { ...loaded, name, status: 200, prepare: (count) => payer.pay(workouts.take(count)) }
}

function peerEnvironment(answerFile: string, where: string): Record<string, string> {
  return { NODE_ENV: 'production', BENCH_ANSWER: answerFile, BENCH_FACILITATOR: where }
}

function ourEnvironment(name: string, facilitatorUrl: string): Record<string, string> {
  return {
    LIGHTNING: 'off',
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitatorUrl,
    X402_PAY_TO: PAY_TO,
    DATABASE_URL: `sqlite:${join(folder, name, 'bench.db')}`,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999',
    // The pool throws nothing away for its age, so what lies in it can be counted.
    L402_INVOICE_EXPIRY_SECONDS: '86400'
  }
}
