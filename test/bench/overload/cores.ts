import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** The cores of this machine, shared out so that a crowd of clients cannot take the server's processor. */
export interface Cores {
  /** The one core of the server; undefined where processes cannot be pinned. */
  readonly server: string | undefined
  /** What the run says of it. */
  readonly told: string
}

/** Keeps this process, with all its threads, off one core, which is left for the server: Linux with `taskset` only. */
export function shareCores(): Cores {
  const allowed = allowedCores()
  const [server, ...others] = allowed
  if (server === undefined || others.length === 0)
    return { server: undefined, told: 'clients and server share their cores: there are no two to pin them to' }
  const clients = others.join(',')
  const { status } = spawnSync('taskset', ['-a', '-p', '-c', clients, String(process.pid)], { stdio: 'ignore' })
  if (status !== 0) return { server: undefined, told: 'clients and server share their cores: taskset is missing' }
  return { server, told: `the server has core ${server}, clients and witness have ${clients}` }
}

/** Numbers of the cores that this process may use; empty where that is unknown. */
function allowedCores(): string[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read('/proc/self/status'))?.[1] ?? ''
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    if (first === undefined || last === undefined || range === '') return []
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index))
  })
}

/** What a process has had of the processor, ms. */
interface Schedule {
  readonly mainThreadRanMs: number
  /** How long the main thread was ready to run and had no core. */
  readonly mainThreadWaitedMs: number
  readonly othersRanMs: number
}

/** Watches a server and this process for a while. @returns one line */
export async function watchUse(pid: number, durationMs: number): Promise<string> {
  const before = scheduleOf(pid)
  const own = process.cpuUsage()
  await setTimeout(durationMs)
  const after = scheduleOf(pid)
  const { user, system } = process.cpuUsage(own)
  const clients = `clients ${share((user + system) / 1000, durationMs)} of a core`
  if (before === undefined || after === undefined) return clients
  const of = (name: keyof Schedule) => share(after[name] - before[name], durationMs)
  return `the server's main thread had ${of('mainThreadRanMs')} of a core and waited for it for ${of('mainThreadWaitedMs')}, its other threads ${of('othersRanMs')}; ${clients}`
}

/** @returns undefined where it is unknown */
function scheduleOf(pid: number): Schedule | undefined {
  const threads = `/proc/${pid}/task`
  const [ranMs, waitedMs] = schedstat(`${threads}/${pid}`)
  if (ranMs === undefined || waitedMs === undefined) return undefined
  let othersRanMs = 0
  for (const thread of readdirSync(threads))
    if (thread !== String(pid)) othersRanMs += schedstat(`${threads}/${thread}`)[0] ?? 0
  return { mainThreadRanMs: ranMs, mainThreadWaitedMs: waitedMs, othersRanMs }
}

/** Time that a thread ran and time that it waited for a core, ms. */
function schedstat(folder: string): number[] {
  const text = read(`${folder}/schedstat`)
  return text === ''
    ? []
    : text
        .split(' ')
        .slice(0, 2)
        .map((nanoseconds) => Number(nanoseconds) / 1e6)
}

function share(ms: number, ofMs: number): string {
  return `${((ms / ofMs) * 100).toFixed(0)} %`
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Not Linux.
    return ''
  }
}
