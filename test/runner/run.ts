/**
 * Runs test files, each in a process of its own: those whose paths begin with an argument, or all that need Node alone.
 * `tap run` would start each with a loader of its own that sees every module, for the coverage that is not measured here.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { availableParallelism, constants } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import t from 'tap'
import { NODE } from '../support/program.ts'
import { asWritten, JOINED_FOR_TESTS, ROOT } from './joined.ts'

/** Made anew by every run, so that it is never older than the sources, and by each for itself. */
const FOLDER = join(ROOT, '.tap', 'joined', String(process.pid))
const LIMIT_SECONDS = 300
/** They need a real chain: `--chain` runs them, and nothing else. */
const ON_A_CHAIN = /^test\/x402\/|\/x402\.test\.ts$/
/** They need other programs, and have scripts of their own. */
const ELSEWHERE = /^test\/(built|compose|regtest)\//
/** These take longest: at the end, they would be waited for alone. */
const FIRST = /^test\/(x402\/scenarios|lib\/billing)\//

const { values: options, positionals: named } = parseArgs({
  options: { chain: { type: 'boolean', default: false } },
  allowPositionals: true
})
const all = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name}`)
  .filter((name) => name.endsWith('.test.ts'))
for (const start of named)
  if (!all.some((name) => name.startsWith(start))) throw new Error(`no test file begins with ${start}`)
const files = all
  .filter((name) =>
    named.length > 0
      ? named.some((start) => name.startsWith(start))
      : !ELSEWHERE.test(name) && ON_A_CHAIN.test(name) === options.chain
  )
  .sort((one, other) => Number(FIRST.test(other)) - Number(FIRST.test(one)) || (one < other ? -1 : 1))

process.on('exit', () => rmSync(FOLDER, { recursive: true, force: true }))
await build({ ...JOINED_FOR_TESTS, entryPoints: files, outbase: ROOT, outdir: FOLDER, plugins: [asWritten] })

// Without it the exit code tells of failures only where the output is piped to nobody.
t.register()
t.pipe(process.stdout.isTTY ? spawn('tap', ['-'], { stdio: ['pipe', 'inherit', 'inherit'] }).stdin : process.stdout)
t.setTimeout(0)
// Who stops a run means all of it.
const running = new Set<ChildProcess>()
t.on('spawn', (started: EventEmitter) => {
  started.once('process', (child: ChildProcess) => {
    running.add(child)
    child.once('exit', () => running.delete(child))
  })
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    for (const child of running) child.kill('SIGTERM')
    process.exit(128 + constants.signals[signal])
  })
// More than there are processors, since some tests wait for time to pass. Not so on a chain: a service there gives up on
// its facilitator after two seconds, and a process of these tests is both.
t.jobs = availableParallelism() + (files.some((file) => ON_A_CHAIN.test(file)) ? 0 : 2)
t.plan(files.length)
for (const file of files) {
  const [command, ...args] = [
    ...NODE,
    '--no-warnings',
    '--enable-source-maps',
    join(FOLDER, file.replace(/ts$/, 'mjs'))
  ]
  t.spawn(command, args, {
    name: file,
    cwd: ROOT,
    buffered: true,
    timeout: LIMIT_SECONDS * 1000,
    env: { ...process.env, TAP_TIMEOUT: String(LIMIT_SECONDS) }
  })
}
