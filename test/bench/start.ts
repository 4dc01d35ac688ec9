import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { assertAll } from './bench-client.ts'
import { Connections } from './http-load.ts'
import { healthRequest } from './requests.ts'
import { median } from './statistics.ts'

const START_LIMIT_MS = 30_000
const IDLE_MS = 1000

export interface Start {
  /** Process start to the first 200 on `GET /v1/health`. */
  readonly cpuMs: number
  readonly wallMs: number
  /** A second after the first answer. */
  readonly idleRssBytes: number
}

// What README starts in production.
const OURS = '../../bundle/server.mjs'
const BARE = './bare-server.js'

/** Starts both servers by turns, each time in a new process. */
export async function measureStarts(
  count: number,
  ourEnv: (index: number) => Readonly<Record<string, string>>
): Promise<{ ours: Start; bare: Start }> {
  const ours: Start[] = []
  const bare: Start[] = []
  for (let index = 0; index < count; index++) {
    bare.push(await startOnce(BARE, {}))
    ours.push(await startOnce(OURS, { ...ourEnv(index), HOST: '127.0.0.1', PORT: '0' }))
  }
  return { ours: middle(ours), bare: middle(bare) }
}

function middle(starts: readonly Start[]): Start {
  return {
    cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
    wallMs: median(starts.map(({ wallMs }) => wallMs)),
    idleRssBytes: median(starts.map(({ idleRssBytes }) => idleRssBytes))
  }
}

async function startOnce(file: string, env: Readonly<Record<string, string>>): Promise<Start> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const begin = performance.now()
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const exit = once(child, 'exit')
  const tooLate = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS)
  try {
    const connections = await Connections.to(await portOf(child.stdout), 1)
    assertAll(await connections.send([healthRequest]), 200)
    const wallMs = performance.now() - begin
    const cpuMs = cpuMsOf(child.pid!)
    await sleep(IDLE_MS)
    const idleRssBytes = rssBytesOf(child.pid!)
    connections.close()
    return { cpuMs, wallMs, idleRssBytes }
  } finally {
    clearTimeout(tooLate)
    child.kill('SIGKILL')
    await exit
  }
}

/** Both servers say on their first lines where they listen. */
async function portOf(output: Readable): Promise<number> {
  let text = ''
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    text += chunk
    const port = /listens on http:\/\/[^:]+:(\d+)/.exec(text)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`a server ended without listening: ${text}`)
}

/** Time on the CPU of all threads, to the nanosecond: `stat` counts in steps of 10 ms. */
function cpuMsOf(pid: number): number {
  let nanoseconds = 0
  for (const task of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
  return nanoseconds / 1e6
}

function rssBytesOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}
