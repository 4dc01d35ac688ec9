/**
 * Runs test files, each in a process of its own: those whose paths begin with an argument, or all that need Node alone.
 * `tap run` would start each with a loader of its own that sees every module, for the coverage that is not measured here.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import t from 'tap'
import { NODE } from '../program.ts'
import { asWritten, JOINED, ROOT } from './joined.ts'

/** Made anew by every run, so that it is never older than the sources. */
const FOLDER = join(ROOT, '.tap', 'joined')
const LIMIT_SECONDS = 300
/** They need programs that do not come with Node, and have scripts of their own. */
const ELSEWHERE = /^test\/(built|regtest|x402)\/|\/x402\.test\.ts$/
/** These take longest: at the end, they would be waited for alone. */
const FIRST = /^test\/(x402\/scenarios|lib\/billing)\//

const named = process.argv.slice(2)
const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name}`)
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => (named.length > 0 ? named.some((start) => name.startsWith(start)) : !ELSEWHERE.test(name)))
  .sort((one, other) => Number(FIRST.test(other)) - Number(FIRST.test(one)) || (one < other ? -1 : 1))
if (files.length === 0) throw new Error(`no test file begins with ${named.join(' or ')}`)

rmSync(FOLDER, { recursive: true, force: true })
await build({ ...JOINED, entryPoints: files, outbase: ROOT, outdir: FOLDER, plugins: [asWritten] })

// Without it the exit code tells of failures only where the output is piped to nobody.
t.register()
t.pipe(process.stdout.isTTY ? spawn('tap', ['-'], { stdio: ['pipe', 'inherit', 'inherit'] }).stdin : process.stdout)
t.setTimeout(0)
// Who stops a run means all of it.
t.on('spawn', (started: EventEmitter) => {
  started.once('process', (child: ChildProcess) => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => child.kill(signal))
  })
})
process.setMaxListeners(0)
// More than there are processors, since some tests wait for time to pass. Fewer on a chain: a service there gives up on
// its facilitator after two seconds, and twenty purchases at once come close to that.
t.jobs = availableParallelism() + (files.some((file) => file.startsWith('test/x402/')) ? 1 : 2)
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
