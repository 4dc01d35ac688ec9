/** Child processes of a regtest run: each writes to a log of its own and none outlives the run. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { until } from './until.ts'

export interface Started {
  readonly name: string
  readonly pid: number
  readonly log: string
  /** Settles when the process has ended, with its exit code or the signal's name. */
  readonly ended: Promise<string>
  isRunning(): boolean
  signal(name: NodeJS.Signals): void
  /** Sends SIGTERM, then SIGKILL, and waits for the end. Harmless if it has ended. */
  stop(): Promise<void>
}

const STOP_PATIENCE_MS = 20_000

/** Starts processes and ends them all: by `close`, or by the guard when this process dies without it. */
export class Processes {
  readonly #running = new Set<Started>()
  readonly #guard: ChildProcess
  readonly #guardInput: Writable

  constructor() {
    // A separate session: Ctrl-C on the terminal reaches the run, not the guard.
    this.#guard = spawn('sh', [join(import.meta.dirname, 'guard.sh')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore']
    })
    this.#guard.unref()
    if (!this.#guard.stdin) throw new Error('the guard has no input')
    this.#guardInput = this.#guard.stdin
    // A guard that fails to start is reported here and must not end the run by an unhandled 'error'.
    this.#guard.on('error', () => {})
    this.#guardInput.on('error', () => {})
  }

  /** Starts a program whose output goes to the end of `log`. */
  async start(name: string, command: readonly string[], log: string, env?: NodeJS.ProcessEnv): Promise<Started> {
    const fd = openSync(log, 'a')
    // The shell waits for one line before it becomes the program: the guard knows the pid first, so that there is no
    // moment in which this process could die and leave the program behind.
    const child = spawn('sh', ['-c', 'read -r go && exec "$@" </dev/null', 'sh', ...command], {
      stdio: ['pipe', fd, fd],
      ...(env && { env })
    })
    closeSync(fd)
    const pid = child.pid
    if (pid === undefined) throw new Error(`${name} could not be started`)
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? String(code)))
    })
    const started: Started = {
      name,
      pid,
      log,
      ended,
      isRunning: () => child.exitCode === null && child.signalCode === null,
      signal: (signal) => {
        child.kill(signal)
      },
      stop: () => stopChild(child, ended)
    }
    this.#running.add(started)
    void ended.then(() => {
      this.#running.delete(started)
      this.#guardInput.write(`- ${pid}\n`)
    })
    await new Promise<void>((resolve, reject) => {
      this.#guardInput.write(`+ ${pid}\n`, (error) => (error ? reject(error) : resolve()))
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end('go\n')
    return started
  }

  /** Ends all running processes, last started first, then the guard. */
  async close(): Promise<void> {
    for (const started of [...this.#running].reverse()) await started.stop()
    this.#guardInput.end()
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // A frozen process handles SIGTERM only after it is resumed.
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS)
  await ended
  clearTimeout(insist)
}

/** The last lines of a log, for the message of a failed start. */
export function tail(log: string, lines = 15): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}

/** `count` different loopback ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address ? address.port : 0)
          })
        })
    )
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Waits until something accepts at `port`: a gRPC client that was refused once backs off for a whole second. */
export function listening(what: string, port: number): Promise<true> {
  return until(
    what,
    () =>
      new Promise<true>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy()
          resolve(true)
        })
        socket.once('error', reject)
      })
  )
}

/** A port that accepts connections and never responds, like a hanging machine. */
export async function silentPort(): Promise<{ socket: string; close: () => void }> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
  })
  const [port] = await freePorts(1)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    socket: `localhost:${port}`,
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    }
  }
}
