import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Connection } from '../http-load.ts'
import { healthRequest, Workouts, workoutRequest } from '../requests.ts'

/** Seldom enough to be no load of its own. */
const EVERY_MS = 40
/** So many workouts are between those of one phase and of the next, and of the visitors. */
const WORKOUTS_APART = 200_000

/** What a client of its own sees, whose event loop is idle; times in ms, from the write of a request to its whole answer. */
export interface Testimony {
  readonly healthMs: number[]
  readonly refusedMs: number[]
  unwell: number
  /** Questions for an offer that were answered with one. */
  offers: number
  /** Anything but an offer or a refusal. */
  faults: number
}

/**
 * Asks for health and for offers all the while, in a thread of its own: thousands of visitors in one event loop measure
 * their own queue too. What it is still short of is the processor, which it shares with them and with the server.
 */
export class Witness {
  readonly #worker: Worker

  constructor(port: number, phase: number) {
    this.#worker = new Worker(fileURLToPath(import.meta.url), { workerData: { port, phase } })
  }

  /** @returns what it has seen since it was made */
  async end(): Promise<Testimony> {
    this.#worker.postMessage('end')
    const [testimony] = (await once(this.#worker, 'message')) as [Testimony]
    return testimony
  }
}

if (!isMainThread) {
  const { port, phase } = workerData as { readonly port: number; readonly phase: number }
  const workouts = new Workouts(WORKOUTS_APART * (phase + 1))
  const seen: Testimony = { healthMs: [], refusedMs: [], unwell: 0, offers: 0, faults: 0 }
  const idle: Connection[] = []
  const running = new Set<Promise<void>>()

  const exchange = async (request: Buffer, note: (status: number | undefined, ms: number) => void) => {
    const connection = idle.pop() ?? (await Connection.to(port))
    const began = performance.now()
    try {
      const { status } = await connection.exchange(request)
      note(status, performance.now() - began)
      idle.push(connection)
    } catch {
      note(undefined, performance.now() - began)
    }
  }
  const run = (exchanged: Promise<void>) => running.add(exchanged.finally(() => running.delete(exchanged)))
  const ask = () => {
    run(
      exchange(healthRequest, (status, ms) => {
        seen.healthMs.push(ms)
        if (status !== 200) seen.unwell++
      })
    )
    run(
      exchange(workoutRequest(workouts.take(1)[0]!), (status, ms) => {
        if (status === 503) seen.refusedMs.push(ms)
        else if (status === 402) seen.offers++
        else seen.faults++
      })
    )
  }
  const asking = setInterval(ask, EVERY_MS)
  parentPort?.once('message', async () => {
    clearInterval(asking)
    await Promise.all(running)
    for (const connection of idle) connection.close()
    parentPort?.postMessage(seen)
  })
}
