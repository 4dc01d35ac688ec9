import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ChildServer } from '../child-server.ts'
import { type Figure, table } from '../report.ts'
import { healthRequest, Workouts } from '../requests.ts'
import { percentile } from '../statistics.ts'
import { Visitors, type Visits } from './visitors.ts'

const CLIENTS = 32
/** Kept alive, as a proxy does. */
const CONNECTIONS = 2048
const WARM_UP_MS = 5000
const PROBE_EVERY_MS = 100
const TIMES = [1, 2, 5] as const

/**
 * `npm run bench:overload [-- --short]`: how many purchases the service completes a second, and what becomes of them when
 * once, twice and five times as many clients come, whatever they are answered. A purchase is an offer, its payment by
 * the development wallet and the fetched answer, with a workout that is stored. The clients are this process and the
 * service is another one; both share the machine. Ends with an error when something did not work, never because of a
 * figure.
 */
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const phaseMs = options.short ? 4000 : 15_000

const folder = mkdtempSync(join(tmpdir(), 'power-oracle-overload-'))
const say = (line: string) => process.stdout.write(`${line}\n`)
let server: ChildServer | undefined
try {
  server = await ChildServer.start('./our-server.js', {
    LIGHTNING: 'embedded',
    X402: 'off',
    DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999'
  })
  const visitors = new Visitors(server.port, new Workouts())
  await visitors.closedLoop(CLIENTS, WARM_UP_MS)
  const { perSecond: ceiling } = await visitors.closedLoop(CLIENTS, phaseMs)
  say(`ceiling: ${ceiling.toFixed(0)} purchases/s, ${CLIENTS} clients that wait for each other`)
  await visitors.connect(CONNECTIONS)
  const figures: Figure[] = []
  for (const times of TIMES) {
    const { health, visits } = await withHealth(visitors, () => visitors.openLoop(ceiling * times, phaseMs))
    const goodput = visits.completed / (phaseMs / 1000)
    say(`${times} x: ${line(visits, goodput, ceiling)}; ${healthLine(health)}`)
    for (const [fault, count] of visits.faults) say(`    ${fault}: ${count} times`)
    if (times === 5) figures.push(...targets(visits, goodput / ceiling, health))
  }
  visitors.close()
  say(`\n${table(figures)}\n\nNode ${process.version}, ${cpus().length} cores (${cpus()[0]?.model})`)
} finally {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
}

interface Health {
  readonly timesMs: number[]
  unwell: number
}

/** Asks for health all the while. */
async function withHealth<V>(visitors: Visitors, visit: () => Promise<V>): Promise<{ health: Health; visits: V }> {
  const health: Health = { timesMs: [], unwell: 0 }
  const probe = setInterval(async () => {
    const began = performance.now()
    const answer = await visitors.exchange(healthRequest)
    health.timesMs.push(performance.now() - began)
    if (answer?.status !== 200) health.unwell++
  }, PROBE_EVERY_MS)
  try {
    return { visits: await visit(), health }
  } finally {
    clearInterval(probe)
  }
}

function targets(visits: Visits, share: number, health: Health): Figure[] {
  const of = (name: string, value: number, unit: string, target: Figure['target']) => ({
    name,
    value,
    unit,
    target,
    note: 'at 5 x'
  })
  return [
    of('goodput, share of the ceiling', share, '', { atLeast: 0.85 }),
    of('paid requests without an answer', visits.paidUnanswered, '', { atMost: 0 }),
    of('paid requests, p99', percentile(visits.paidMs, 0.99), 'ms', { atMost: 1000 }),
    of('refusals, p99', percentile(visits.refusedMs, 0.99), 'ms', { atMost: 50 }),
    of('refusals, median', percentile(visits.refusedMs, 0.5), 'ms', { atMost: 50 }),
    of('health that is not 200', health.unwell, '', { atMost: 0 })
  ]
}

function line(visits: Visits & { readonly offered: number }, goodput: number, ceiling: number): string {
  const { offered, refusedMs, paidMs, paidRefused, paidUnanswered } = visits
  return [
    `${offered} clients came`,
    `${goodput.toFixed(0)} purchases/s (${((goodput / ceiling) * 100).toFixed(0)} % of the ceiling)`,
    `${refusedMs.length} refused in ${quantiles(refusedMs)}`,
    `paid answers in ${quantiles(paidMs)}, ${paidRefused} told to come again, ${paidUnanswered} unanswered`
  ].join('; ')
}

function healthLine({ timesMs, unwell }: Health): string {
  return `health in ${quantiles(timesMs)}, ${unwell} not 200`
}

/** Median, p99 and the longest. */
function quantiles(timesMs: readonly number[]): string {
  if (timesMs.length === 0) return '-'
  const shown = [0.5, 0.99, 1].map((share) => percentile(timesMs, share).toFixed(0))
  return `${shown.join('/')} ms`
}
