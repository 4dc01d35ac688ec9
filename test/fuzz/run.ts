/**
 * Questions a development service with cases that Schemathesis makes of its own document, with all checks, and buys.
 *
 *     npm run fuzz -- [CASES [SEED]]
 *
 * CASES is at most that many per operation (1,600 for the long run); Schemathesis comes from PyPI. Exits with 77 without
 * Python, and with 1 where an answer differs from the document or is a server error.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '../../schemas/health.ts'

const VERSION = '4.32.5'
const HERE = import.meta.dirname
const ROOT = join(HERE, '..', '..')
const LEFT_OUT = 77
const PATIENCE_MS = 60_000
const UNLIMITED = '999999999'

const [cases = '25', seed = '1'] = process.argv.slice(2)
if (![cases, seed].every((value) => /^\d+$/.test(value))) throw new TypeError('CASES and SEED are whole numbers')

try {
  execFileSync('python3', ['--version'], { stdio: 'ignore' })
} catch {
  console.log('there is no Python')
  process.exit(LEFT_OUT)
}
const work = mkdtempSync(join(tmpdir(), 'fuzz-'))
const { url, child } = await startService()
try {
  process.exitCode = await examine(schemathesis())
} finally {
  child.kill('SIGTERM')
  rmSync(work, { recursive: true })
}

/** @returns Schemathesis' exit code */
async function examine(program: string): Promise<number> {
  // A run of CI has no time for every boundary value. Chains of calls are left to the hooks, which follow a stored workout.
  const phases = Number(cases) > 100 ? 'examples,coverage,fuzzing' : 'examples,fuzzing'
  const options = ['--max-examples', cases, '--seed', seed, '--url', url, '--phases', phases]
  const args = ['--config-file', join(HERE, 'schemathesis.toml'), 'run', `${url}/openapi.json`, ...options]
  const examined = spawn(program, [...args, '--checks', 'all', '--no-color'], {
    cwd: work,
    env: { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'inherit', 'inherit']
  })
  return new Promise((resolve, reject) => {
    examined.on('error', reject)
    examined.on('close', (code) => resolve(code ?? 1))
  })
}

/** The path of the program, installed once. */
function schemathesis(): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'power-oracle')
  const folder = join(cache, `schemathesis-${VERSION}`)
  const program = join(folder, 'bin', 'st')
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
    execFileSync(join(folder, 'bin', 'pip'), ['install', '-q', `schemathesis==${VERSION}`], { stdio: 'inherit' })
  }
  return program
}

/** A development service that sells over each rail and refuses nobody for asking often. */
async function startService(): Promise<{ url: string; child: ChildProcess }> {
  const limits = { RATE_LIMIT_PER_MINUTE: UNLIMITED, CHALLENGES_PER_MINUTE: UNLIMITED }
  const child = spawn('node', ['--import', 'tsx', 'server.ts'], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn', ...limits },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, address] = /listens on (http:\/\/[^,\s]+)/.exec(line) ?? []
    if (address === undefined) continue
    child.stdout!.resume()
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(100)) {
      const { components } = (await (await fetch(`${address}/v1/health`)).json()) as Health
      if (components.l402 === 'ok' && components.x402 === 'ok') return { url: address, child }
    }
  }
  child.kill('SIGKILL')
  throw new Error('the service did not start')
}
