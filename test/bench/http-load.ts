import { createConnection, type Socket } from 'node:net'

const ANSWER_LIMIT_MS = 20_000
const HEAD_END = Buffer.from('\r\n\r\n')

export interface Answer {
  readonly status: number
  readonly body: Buffer
}

/** What came back of a load: every status counted, every request's own time. */
export interface LoadResult {
  readonly statuses: Readonly<Record<number, number>>
  readonly answers: readonly Answer[]
  /** From the write of a request to its whole answer, in ms, in order of requests. */
  readonly timesMs: Float64Array
  readonly wallMs: number
}

/**
 * Kept-alive raw connections to one loopback port. A raw socket costs the generator a fraction of what any HTTP client
 * does, so that the server stays the bottleneck.
 */
export class Connections {
  readonly #open: Connection[]

  private constructor(open: Connection[]) {
    this.#open = open
  }

  static async to(port: number, count: number): Promise<Connections> {
    return new Connections(await Promise.all(Array.from({ length: count }, () => Connection.to(port))))
  }

  /** Sends every request once, each connection one at a time. */
  async send(requests: readonly Buffer[]): Promise<LoadResult> {
    const answers = new Array<Answer>(requests.length)
    const timesMs = new Float64Array(requests.length)
    let next = 0
    const start = performance.now()
    await Promise.all(
      this.#open.map(async (connection) => {
        for (let index = next++; index < requests.length; index = next++) {
          const sent = performance.now()
          answers[index] = await connection.exchange(requests[index]!)
          timesMs[index] = performance.now() - sent
        }
      })
    )
    const wallMs = performance.now() - start
    const statuses: Record<number, number> = {}
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
    return { statuses, answers, timesMs, wallMs }
  }

  close(): void {
    for (const connection of this.#open) connection.close()
  }
}

/** One kept-alive connection; one exchange at a time. */
export class Connection {
  readonly #socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed a connection')))
    socket.on('timeout', () => {
      // Between two phases a connection may idle; only a missing answer is a fault.
      if (this.#waiting) socket.destroy(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`))
    })
    socket.setTimeout(ANSWER_LIMIT_MS)
  }

  static to(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(new Connection(socket)))
      socket.once('error', reject)
    })
  }

  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection is closed'))
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    const bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    this.#bytes = bytes
    const headEnd = bytes.indexOf(HEAD_END)
    if (headEnd === -1) return
    const head = bytes.toString('latin1', 0, headEnd)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
    const bodyStart = headEnd + HEAD_END.length
    if (Number.isNaN(length)) return this.#fail(new Error(`an answer without Content-Length:\n${head}`))
    if (bytes.length < bodyStart + length) return
    this.#bytes = bytes.subarray(bodyStart + length)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: bytes.subarray(bodyStart, bodyStart + length) })
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}
