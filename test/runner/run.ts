/**
 * Runs the test files of one suite, each in a process of its own.
 *
 *     npm test -- [--suite NAME] [--only] [--grep PATTERN] [--inspect] [PATH...]
 *
 * A PATH is the beginning of one; without any the whole suite runs. `tap run` would start each file with a loader of
 * its own that sees every module, for coverage that is not measured here.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import t from 'tap'
import { NODE } from '../support/program.ts'
import { asWritten, JOINED_FOR_TESTS, ROOT } from './joined.ts'
import { suiteOf } from './suites.ts'

/** Made anew by every run, so that it is never older than the sources, and by each for itself. */
const FOLDER = join(ROOT, '.tap', 'joined', String(process.pid))
/** Of one file, where its suite says nothing else. */
const LIMIT_SECONDS = 300
/** These take longest: at the end, the run would wait for each of them alone. */
const FIRST = /^test\/(x402\/scenarios|lib\/billing)\//

const { values: options, positionals: named } = parseArgs({
  options: {
    suite: { type: 'string', default: 'node' },
    only: { type: 'boolean', default: false },
    grep: { type: 'string', multiple: true, default: [] },
    inspect: { type: 'boolean', default: false }
  },
  allowPositionals: true
})
const suite = suiteOf(options.suite)
const files = filesOf(named)
// A debugger stops a file for as long as a person reads.
const limitSeconds = options.inspect ? 0 : (suite.limitSeconds ?? LIMIT_SECONDS)
if (options.inspect && files.length !== 1) throw new Error(`--inspect takes one file, not ${files.length}`)

process.on('exit', () => rmSync(FOLDER, { recursive: true, force: true }))
if (suite.isJoined)
  await build({ ...JOINED_FOR_TESTS, entryPoints: files, outbase: ROOT, outdir: FOLDER, plugins: [asWritten] })

// Without it the exit code reports failures only where nothing reads the output.
t.register()
t.pipe(process.stdout.isTTY ? spawn('tap', ['-'], { stdio: ['pipe', 'inherit', 'inherit'] }).stdin : process.stdout)
t.setTimeout(0)
stopAllWithThisProcess()
t.jobs = suite.jobs
t.plan(files.length)
const env = {
  ...process.env,
  ...suite.env,
  TAP_TIMEOUT: String(limitSeconds),
  ...(options.only && { TAP_ONLY: '1' }),
  ...(options.grep.length > 0 && { TAP_GREP: options.grep.join('\n') })
}
for (const file of files) {
  const [command, ...args] = [...NODE, ...nodeOptions(), pathToRun(file)]
  t.spawn(command, args, {
    name: file,
    cwd: ROOT,
    buffered: !options.inspect,
    timeout: limitSeconds * 1000,
    env
  })
}

/** @throws Error where an argument names no test file */
function filesOf(starts: readonly string[]): string[] {
  const all = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name}`)
    .filter((name) => name.endsWith('.test.ts'))
  for (const start of starts)
    if (!all.some((name) => name.startsWith(start))) throw new Error(`no test file begins with ${start}`)
  return all
    .filter((name) => (starts.length > 0 ? starts : suite.folders).some((start) => name.startsWith(start)))
    .sort((one, other) => Number(FIRST.test(other)) - Number(FIRST.test(one)) || (one < other ? -1 : 1))
}

function nodeOptions(): string[] {
  const loading = suite.isJoined ? ['--enable-source-maps'] : ['--import=tsx']
  return ['--no-warnings', ...loading, ...(options.inspect ? ['--inspect-brk'] : [])]
}

function pathToRun(file: string): string {
  return suite.isJoined ? join(FOLDER, file.replace(/ts$/, 'mjs')) : join(ROOT, file)
}

/** A signal that stops the run stops every file of it. */
function stopAllWithThisProcess(): void {
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
}
