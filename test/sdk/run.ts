/**
 * Generates SDKs from openapi.json without an edit, compiles each in its strict mode and lets it buy an answer of a service
 * whose answers have members of a later version.
 *
 *     npm run sdks -- [NAME...]
 *
 * A generator is a folder with a script, `prove`, which exits with 77 and a reason where a tool is missing.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLaterVersion } from './later-version.ts'

const HERE = import.meta.dirname
const ROOT = join(HERE, '..', '..')
const LEFT_OUT = 77
const PATIENCE_MS = 60_000
/** Those that need Node alone, which CI proves at each run. */
const NPM = ['documents', 'openapi-fetch', 'hey-api', 'orval']
const ALL = readdirSync(HERE, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== 'node_modules' ? [entry.name] : []
)

const asked = process.argv.slice(2)
const names = asked[0] === '--npm' ? NPM : asked.length > 0 ? asked : ALL
const unknown = names.filter((name) => !ALL.includes(name))
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: it is one of ${ALL.join(', ')}`)

const service = await startService()
const later = await startLaterVersion(service.url)
const counts = { passed: 0, failed: 0 }
try {
  for (const name of names) {
    const work = mkdtempSync(join(tmpdir(), `sdk-${name}-`))
    const env = {
      ...process.env,
      DOCUMENT: join(ROOT, 'openapi.json'),
      BASE_URL: later.url,
      WORK: work,
      // Programs of the npm generators.
      PATH: `${join(HERE, 'node_modules', '.bin')}:${process.env.PATH}`
    }
    try {
      const { code, output } = await run(join(HERE, name, 'prove'), env)
      const lines = output.trim().split('\n')
      if (code === LEFT_OUT) console.log(`# ${name}: left out: ${lines.at(-1)}`)
      else if (code === 0) {
        counts.passed++
        console.log(`ok - ${name}: ${lines.slice(-2).join('; ')}`)
      } else {
        counts.failed++
        console.log(`not ok - ${name}\n${output.slice(-4000)}`)
      }
    } finally {
      rmSync(work, { recursive: true })
    }
  }
} finally {
  later.close()
  service.child.kill('SIGTERM')
}
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed > 0 ? 1 : 0

function run(command: string, env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { env, cwd: env.WORK })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** A development service that sells over Lightning. */
async function startService(): Promise<{ url: string; child: ChildProcess }> {
  const env = { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:', X402: 'off', LOG_LEVEL: 'warn' }
  const child = spawn('node', ['--import', 'tsx', 'server.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, url] = /listens on (http:\/\/[^,\s]+)/.exec(line) ?? []
    if (url === undefined) continue
    child.stdout!.resume()
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(100))
      if ((await (await fetch(`${url}/v1/health`)).json()).components.l402 === 'ok') return { url, child }
  }
  child.kill('SIGKILL')
  throw new Error('the service did not start')
}
