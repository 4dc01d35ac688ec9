import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ChildServer } from '../child-server.ts'
import { type Figure, table } from '../report.ts'
import { Workouts } from '../requests.ts'
import { percentile } from '../statistics.ts'
import { shareCores, watchUse } from './cores.ts'
import { Flood, type Flooded } from './flood.ts'
import { Visitors, type Visits } from './visitors.ts'
import { type Testimony, Witness } from './witness.ts'

const CLIENTS = 32
/** Kept alive, as a proxy does. */
const CONNECTIONS = 2048
const WARM_UP_MS = 5000
const TIMES = [1, 2, 5] as const
/** New connections a second, while half as many clients as the service can serve buy over kept-alive ones. */
const FLOODS = [0, 500, 2000] as const

/**
 * `npm run bench:overload [-- --short]`: how many purchases the service completes a second, and what becomes of them when
 * once, twice and five times as many clients come, whatever they are answered; then what strangers do to purchases who
 * open a connection for each question. A purchase is an offer, its payment by
 * the development wallet and the fetched answer, with a workout that is stored. The clients are this process, a witness
 * has a thread of its own, and the service is another process. Where there are two cores and `taskset`, the service has
 * one for itself in all phases and clients and witness have the others: on shared cores a crowd of refused clients
 * takes the time that the service needs, and the figures are those of the scheduler. Ends with an error when something
 * did not work, never because of a figure.
 */
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const phaseMs = options.short ? 4000 : 15_000

const folder = mkdtempSync(join(tmpdir(), 'power-oracle-overload-'))
const say = (line: string) => process.stdout.write(`${line}\n`)
let server: ChildServer | undefined
try {
  const cores = shareCores()
  say(cores.told)
  const env = {
    LIGHTNING: 'embedded',
    X402: 'off',
    DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999'
  }
  server = await ChildServer.start('./overload/server.js', env, cores.server)
  const visitors = new Visitors(server.port, new Workouts())
  await visitors.closedLoop(CLIENTS, WARM_UP_MS)
  const [{ perSecond: ceiling }, use] = await Promise.all([
    visitors.closedLoop(CLIENTS, phaseMs),
    watchUse(server.pid, phaseMs)
  ])
  say(`ceiling: ${ceiling.toFixed(0)} purchases/s, ${CLIENTS} clients that wait for each other`)
  say(`    ${use}`)
  await visitors.connect(CONNECTIONS)
  const figures: Figure[] = []
  for (const [phase, times] of TIMES.entries()) {
    await server.ask()
    const witness = new Witness(server.port, phase)
    const [visits, use] = await Promise.all([
      visitors.openLoop(ceiling * times, phaseMs),
      watchUse(server.pid, phaseMs)
    ])
    const seen = await witness.end()
    const { refusedMs = [] } = await server.ask()
    const goodput = visits.completed / (phaseMs / 1000)
    say(`${times} x: ${line(visits, goodput, ceiling)}`)
    say(`    ${use}`)
    say(`    ${witnessLine(seen)}; the server had what it refused for ${quantiles(refusedMs)}`)
    for (const [fault, count] of visits.faults) say(`    ${fault}: ${count} times`)
    if (times === 5) figures.push(...targets(visits, goodput / ceiling, seen, refusedMs))
  }
  for (const [index, perSecond] of FLOODS.entries()) {
    const witness = new Witness(server.port, TIMES.length + index)
    const flood = new Flood(server.port, perSecond)
    const visits = await visitors.openLoop(ceiling / 2, phaseMs)
    const flooded = await flood.end()
    const seen = await witness.end()
    say(`flood of ${perSecond}/s: ${line(visits, visits.completed / (phaseMs / 1000), ceiling)}`)
    say(`    ${witnessLine(seen)}; ${floodLine(flooded)}`)
    for (const [fault, count] of visits.faults) say(`    ${fault}: ${count} times`)
  }
  visitors.close()
  say(`\n${table(figures)}\n\nNode ${process.version}, ${cpus().length} cores (${cpus()[0]?.model})`)
} finally {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
}

function targets(visits: Visits, share: number, seen: Testimony, heldMs: readonly number[]): Figure[] {
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
    of('refusals, p99 at the witness', percentile(seen.refusedMs, 0.99), 'ms', { atMost: 50 }),
    of('refusals, p99 in the server', percentile(heldMs, 0.99), 'ms', { atMost: 50 }),
    of('refusals, p99 at the crowd', percentile(visits.refusedMs, 0.99), 'ms', undefined),
    of('health that is not 200', seen.unwell, '', { atMost: 0 })
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

function witnessLine({ healthMs, unwell, refusedMs, offers, faults }: Testimony): string {
  return [
    `the witness: health in ${quantiles(healthMs)}, ${unwell} not 200`,
    `${offers} offers, ${refusedMs.length} refusals in ${quantiles(refusedMs)}, ${faults} faults`
  ].join('; ')
}

function floodLine({ opened, answers, broken, unanswered, held }: Flooded): string {
  const statuses = Object.entries(answers).map(([status, count]) => `${count} x ${status}`)
  const told = statuses.length > 0 ? statuses.join(', ') : 'no answers'
  return `the flood opened ${opened} and could not open ${held}: ${told}, ${broken} closed, ${unanswered} without an answer`
}

/** Median, p99 and the longest. */
function quantiles(timesMs: readonly number[]): string {
  if (timesMs.length === 0) return '-'
  const shown = [0.5, 0.99, 1].map((share) => percentile(timesMs, share).toFixed(0))
  return `${shown.join('/')} ms`
}
