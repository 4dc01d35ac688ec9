import { once } from 'node:events'
import { createConnection } from 'node:net'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Workouts, workoutRequest } from '../requests.ts'

const TICK_MS = 5
const ANSWER_LIMIT_MS = 10_000
/** The generator's own bound: a server that accepts nothing may not cost it all its ports. */
const MAX_OPEN = 4000
/** Visitors come from 127.0.0.1. */
const FLOOD_ADDRESS = '127.0.0.2'
/** Far from the workouts of visitors and witness. */
const FIRST_WORKOUT = 900_000

/** What became of the connections; each carried one request. */
export interface Flooded {
  opened: number
  /** By status. */
  readonly answers: Record<number, number>
  /** Closed by the server without an answer, refused or reset. */
  broken: number
  /** No answer within ten seconds. */
  unanswered: number
  /** Not opened, since as many as this client may have were open. */
  held: number
}

/** Strangers that open a connection for one question each and come at a rate, whatever becomes of those before them. */
export class Flood {
  readonly #worker: Worker

  constructor(port: number, perSecond: number) {
    this.#worker = new Worker(fileURLToPath(import.meta.url), { workerData: { port, perSecond } })
  }

  async end(): Promise<Flooded> {
    this.#worker.postMessage('end')
    const [flooded] = (await once(this.#worker, 'message')) as [Flooded]
    return flooded
  }
}

if (!isMainThread) {
  const { port, perSecond } = workerData as { readonly port: number; readonly perSecond: number }
  const workouts = new Workouts(FIRST_WORKOUT)
  const flooded: Flooded = { opened: 0, answers: {}, broken: 0, unanswered: 0, held: 0 }
  let open = 0
  const connect = () => {
    open++
    flooded.opened++
    const request = workoutRequest(workouts.take(1)[0]!)
    let isDone = false
    const socket = createConnection({ host: '127.0.0.1', port, localAddress: FLOOD_ADDRESS }, () =>
      socket.write(request)
    )
    socket.setTimeout(ANSWER_LIMIT_MS, () => {
      if (!isDone) flooded.unanswered++
      isDone = true
      socket.destroy()
    })
    socket.on('data', (chunk) => {
      const status = Number(chunk.toString('latin1', 9, 12))
      if (!isDone) flooded.answers[status] = (flooded.answers[status] ?? 0) + 1
      isDone = true
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!isDone) flooded.broken++
      open--
    })
  }
  const began = performance.now()
  let due = 0
  const opening = setInterval(() => {
    for (const now = ((performance.now() - began) * perSecond) / 1000; due < now; due++) {
      if (open < MAX_OPEN) connect()
      else flooded.held++
    }
  }, TICK_MS)
  parentPort?.once('message', () => {
    clearInterval(opening)
    parentPort?.postMessage(flooded)
    process.exit(0)
  })
}
