import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DatabaseConfig } from '../../../lib/database/database.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { describeRun, report } from '../report.ts'
import { figuresOf, type Measured } from './figures.ts'
import { QUESTIONS, type Sample, StockedStore } from './stocked-store.ts'

/**
 * `node dist/test/bench/history/bench.js [--short] [--json <file>]`: what workout history costs in small and in large
 * stores, on SQLite and, where it is installed, on Postgres. Ends with an error when something did not work, never
 * because of a figure.
 */
const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, json: { type: 'string' } }
})
const size = options.short
  ? { sqlite: [10, 1000, 20_000], postgres: [10, 1000], rounds: 3, times: 64, warmUps: 2 }
  : { sqlite: [10, 1000, 100_000], postgres: [10, 1000, 100_000], rounds: 7, times: 200, warmUps: 3 }
/** Asked less often, since it takes as long as many others. */
const CURVES_PER_ROUND = 8

const folder = mkdtempSync(join(tmpdir(), 'power-oracle-bench-'))
const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
const say = (line: string) => process.stderr.write(`${line}\n`)

try {
  const began = performance.now()
  const measured = await measureEngine('sqlite', size.sqlite, undefined, (index) => ({
    kind: 'sqlite',
    path: join(folder, `${index}.db`)
  }))
  const found = PostgresServer.find()
  if ('reason' in found) say(`no figures of Postgres: ${found.reason}`)
  else {
    const server = await PostgresServer.start()
    closing.unshift(() => server.remove())
    const urls = await Promise.all(size.postgres.map(() => server.makeDatabase()))
    measured.push(
      ...(await measureEngine('postgres', size.postgres, server.pid, (index) => ({
        kind: 'postgres',
        url: urls[index]!
      })))
    )
  }
  const figures = measured.flatMap(figuresOf)
  report(describeRun(began, size), figures, 'every answer 200', options.json)
} finally {
  for (const close of closing) await close()
}

/** Stores of all sizes stand side by side and are asked by turns: on a shared machine only neighbours compare. */
async function measureEngine(
  engine: string,
  sizes: readonly number[],
  serverPid: number | undefined,
  configOf: (index: number) => DatabaseConfig
): Promise<Measured[]> {
  const stores: StockedStore[] = []
  for (const [index, workouts] of sizes.entries()) {
    say(`${engine}: a store of ${workouts}`)
    const store = await StockedStore.make(configOf(index), workouts, serverPid)
    closing.unshift(() => store.close())
    stores.push(store)
  }
  say(`${engine}: questions, each store by turns`)
  const measured: Measured[] = []
  for (const question of QUESTIONS) {
    const bySize = new Map<number, Sample[]>(sizes.map((workouts) => [workouts, []]))
    const times = question.startsWith('curve') ? CURVES_PER_ROUND : size.times
    for (let round = -size.warmUps; round < size.rounds; round++)
      for (const store of stores) {
        const sample = await store.measure(question, times)
        if (round >= 0) bySize.get(store.workouts)!.push(sample)
      }
    measured.push({ engine, question, bySize })
  }
  return measured
}
