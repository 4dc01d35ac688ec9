import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BenchClient } from './bench-client.ts'
import { measureBurst } from './burst.ts'
import { ChildServer } from './child-server.ts'
import { type MeasuredFloor, measureCosts } from './cost.ts'
import { measureEngine, measureExample } from './engine.ts'
import { figuresOf } from './figures.ts'
import { FLOOR_SERVER, floorEnvironment, paidFloor } from './floor.ts'
import type { Floor } from './floor-server.ts'
import { Connections } from './http-load.ts'
import { describeRun, report } from './report.ts'
import { Workouts } from './requests.ts'
import { measureStarts } from './start.ts'

const CONNECTIONS = 32
const BURST_CONNECTIONS = 64

/**
 * `npm run bench [-- --short] [-- --json <file>]`: what our server costs, as multiples of a bare Fastify route in the
 * same run. Ends with an error when something did not work, never because of a figure.
 */
const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, json: { type: 'string' } }
})
// Three thousand requests of a kind are what the compilers take; the bare route, run between all kinds, has them sooner.
const size = options.short
  ? { requests: 700, rounds: 3, warmUps: 5, bursts: 1, burst: 2000, starts: 2, engineRuns: 2 }
  : { requests: 1200, rounds: 9, warmUps: 5, bursts: 3, burst: 2000, starts: 5, engineRuns: 5 }

const folder = mkdtempSync(join(tmpdir(), 'power-oracle-bench-'))
const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
const say = (line: string) => process.stderr.write(`${line}\n`)

try {
  const began = performance.now()
  say('engine alone')
  const enginePerSecond = measureEngine(size.engineRuns, 600)
  say('starts')
  const starts = await measureStarts(size.starts, (index) => serviceEnvironment(join(folder, `start-${index}`)))
  const answerFile = join(folder, 'answer.json')
  writeFileSync(
    answerFile,
    JSON.stringify({ workout_id: randomUUID(), revision_id: randomUUID(), ...measureExample() })
  )

  const bareServer = await ChildServer.start('./bare-server.js', { BENCH_ANSWER: answerFile })
  closing.unshift(() => bareServer.stop())
  const ourServer = await ChildServer.start('./our-server.js', serviceEnvironment(join(folder, 'load')))
  closing.unshift(() => ourServer.stop())
  const bare = { server: bareServer, connections: await Connections.to(bareServer.port, CONNECTIONS) }
  const ours = await Connections.to(ourServer.port, CONNECTIONS)
  closing.unshift(() => {
    for (const connections of [bare.connections, ours]) connections.close()
  })
  const workouts = new Workouts()
  const client = new BenchClient(ourServer, ours, workouts)
  const answerText = readFileSync(answerFile, 'utf8')
  const floors = {
    'challenge from the pool: floor': await floorOf('unpaid', await client.offered()),
    'paid, new: floor': await floorOf('paid', paidFloor(answerText, join(folder, 'floor.db'))),
    'paid, new: floor with all its rows': await floorOf('rows', {
      ...paidFloor(answerText, join(folder, 'rows.db')),
      workout: true
    })
  }
  say('requests, ours and bare by turns')
  const costs = await measureCosts(bare, floors, client, workouts, size)
  const loaded = { ours: (await ourServer.ask()).rssBytes, bare: (await bareServer.ask()).rssBytes }
  say('bursts')
  // Made when they are needed: the server closes a connection that says nothing for long.
  const many = await Connections.to(ourServer.port, BURST_CONNECTIONS)
  closing.unshift(() => many.close())
  const burst = { rounds: size.bursts, requests: size.burst }
  const bursts = {
    elsewhere: await measureBurst(client, many, workouts, { ...burst, wallet: 'elsewhere' }),
    here: await measureBurst(client, many, workouts, { ...burst, wallet: 'here' })
  }

  const figures = figuresOf({ enginePerSecond, starts, costs, loaded, bursts })
  const run = describeRun(began, {
    ...size,
    connections: CONNECTIONS,
    requestsToOurs: client.counts.requests,
    allStatusesAsExpected: true
  })
  report(run, figures, `${run.requestsToOurs} requests to our server, every status as expected`, options.json)
} finally {
  for (const close of closing) await close()
}

async function floorOf(name: string, floor: Floor): Promise<MeasuredFloor> {
  const server = await ChildServer.start(FLOOR_SERVER, floorEnvironment(join(folder, `${name}-floor.json`), floor))
  closing.unshift(() => server.stop())
  const connections = await Connections.to(server.port, CONNECTIONS)
  closing.unshift(() => connections.close())
  return { server, connections, status: floor.status }
}

function serviceEnvironment(dataFolder: string): Record<string, string> {
  return {
    LIGHTNING: 'embedded',
    X402: 'off',
    DATABASE_URL: `sqlite:${join(dataFolder, 'bench.db')}`,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999',
    // The pool throws nothing away for its age, so what lies in it can be counted.
    L402_INVOICE_EXPIRY_SECONDS: '86400'
  }
}
