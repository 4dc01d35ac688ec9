import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Question, Usage } from './questions.ts'

const START_LIMIT_MS = 30_000
const ANSWER_LIMIT_MS = 20_000

/** A server in a process of its own that tells its CPU time and memory when asked. */
export class ChildServer {
  readonly port: number
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#process = child
    this.port = port
  }

  /**
   * @param file beside this one: `our-server.js` or `bare-server.js`
   * @param core the only one that the server may use; any by default
   */
  static async start(file: string, env: Readonly<Record<string, string>>, core?: string): Promise<ChildServer> {
    const options = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []
    const path = fileURLToPath(new URL(file, import.meta.url))
    const child = fork(path, {
      env: { PATH: process.env.PATH, ...env },
      // `taskset` becomes the server, and passes the channel on.
      ...(core === undefined
        ? { execArgv: options }
        : { execPath: 'taskset', execArgv: ['-c', core, process.execPath, ...options] }),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    })
    const { url } = await message(child, START_LIMIT_MS)
    return new ChildServer(child, Number(new URL(url).port))
  }

  get pid(): number {
    return this.#process.pid!
  }

  ask(question: Question = 'usage'): Promise<Usage> {
    const answer = message(this.#process, ANSWER_LIMIT_MS)
    this.#process.send(question)
    return answer
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exit = once(this.#process, 'exit')
    if (this.#process.connected) this.#process.disconnect()
    else this.#process.kill('SIGKILL')
    await exit
  }
}

async function message(child: ChildProcess, limitMs: number): Promise<Usage> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new Error('a server did not answer')), limitMs)
  const onExit = () => limit.abort(new Error('a server ended early'))
  child.once('exit', onExit)
  try {
    const [usage] = await once(child, 'message', { signal: limit.signal })
    return usage as Usage
  } catch (error) {
    throw limit.signal.aborted ? limit.signal.reason : error
  } finally {
    clearTimeout(timer)
    child.off('exit', onExit)
  }
}
