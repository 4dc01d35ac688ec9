import { setTimeout as sleep } from 'node:timers/promises'
import type { ChildServer } from './child-server.ts'
import { unpaidFloor } from './floor.ts'
import type { Floor } from './floor-server.ts'
import type { Connections, LoadResult } from './http-load.ts'
import { payRequest, type Workouts, workoutRequest } from './requests.ts'

const QUIET_MS = 150
const FILL_LIMIT_MS = 180_000
const TOP_UP = 512

/** Our server as a client sees it; knows how many invoices lie ready in its pool. */
export class BenchClient {
  readonly server: ChildServer
  /** The server closes those that rest for a minute: renewed by who lets them. */
  connections: Connections
  readonly #workouts: Workouts
  readonly counts = { requests: 0 }
  #taken = 0

  constructor(server: ChildServer, connections: Connections, workouts: Workouts) {
    this.server = server
    this.connections = connections
    this.#workouts = workouts
  }

  /** Sends requests that must all be answered with one status. */
  async send(
    requests: readonly Buffer[],
    status: number,
    connections: Connections = this.connections
  ): Promise<LoadResult> {
    const result = await connections.send(requests)
    this.counts.requests += requests.length
    if (status === 402) this.#taken += requests.length
    assertAll(result, status)
    return result
  }

  /** A 402 of this client's, with an invoice, byte for byte. */
  async offered(): Promise<Floor> {
    await this.fill(1)
    this.#taken += 1
    return unpaidFloor(this.server.port, this.#workouts.take(1)[0]!)
  }

  /** Asks for challenges until the pool holds that many, then waits until the wallet rests. */
  async fill(count: number): Promise<void> {
    const deadline = Date.now() + FILL_LIMIT_MS
    for (;;) {
      const ready = (await this.#rest(deadline)) - this.#taken
      if (ready >= count) return
      // The pool keeps a fifth of what was asked for in the last minute: demand makes it grow. On a busy machine it
      // refuses some at once.
      const { statuses } = await this.connections.send(this.#workouts.take(TOP_UP).map((body) => workoutRequest(body)))
      this.counts.requests += TOP_UP
      this.#taken += statuses[402] ?? 0
    }
  }

  /** Buys proofs for new workouts: challenges paid by the development wallet, none of them redeemed yet. */
  async buy(count: number): Promise<Buffer[]> {
    const bodies = this.#workouts.take(count)
    const challenges = await this.send(
      bodies.map((body) => workoutRequest(body)),
      402
    )
    const offers = challenges.answers.map(({ body }) => JSON.parse(body.toString()))
    const receipts = await this.send(
      offers.map(({ invoice }) => payRequest(invoice)),
      200
    )
    await this.#rest(Date.now() + FILL_LIMIT_MS)
    return bodies.map((body, index) => {
      const { preimage } = JSON.parse(receipts.answers[index]!.body.toString())
      return workoutRequest(body, `L402 ${offers[index].macaroon}:${preimage}`)
    })
  }

  /** Waits until no invoice is being made. @returns how many were made since the start */
  async #rest(deadline: number): Promise<number> {
    let before = -1
    for (;;) {
      const { invoices } = await this.server.ask()
      if (invoices === before) return invoices
      if (Date.now() > deadline) throw new Error('the invoice pool did not come to rest')
      before = invoices
      await sleep(QUIET_MS)
    }
  }
}

/** Throws when an answer has another status, and shows it. */
export function assertAll({ answers, statuses }: LoadResult, status: number): void {
  const wrong = answers.find((answer) => answer.status !== status)
  if (wrong === undefined) return
  throw new Error(
    `expected ${status} only, got ${JSON.stringify(statuses)}, such as ${wrong.body.toString().slice(0, 500)}`
  )
}
