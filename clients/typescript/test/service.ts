import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const PATIENCE_MS = 60_000

/** A development service as a process of its own, with play money on both rails. */
export interface Service {
  readonly url: string
  stop(): Promise<void>
}

/** Starts it at a free port; resolves once both rails sell. */
export async function startService(): Promise<Service> {
  const env = { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn', X402: 'embedded' }
  const child = spawn('node', ['--import', 'tsx', 'server.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const url = await urlOf(child)
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(100)) {
    const { components } = await (await fetch(`${url}/v1/health`)).json()
    if (components.l402 === 'ok' && components.x402 === 'ok') return { url, stop: () => stop(child) }
  }
  await stop(child)
  throw new Error('the service did not sell on both rails')
}

async function urlOf(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout!) {
    text += chunk
    const [, url] = /listens on (http:\/\/[^,\s]+)/.exec(text) ?? []
    if (url !== undefined) {
      child.stdout!.resume()
      return url
    }
  }
  throw new Error(`the service did not start: ${text}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
