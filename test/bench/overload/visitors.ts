import { type Answer, Connection } from '../http-load.ts'
import { payRequest, type Workouts, workoutRequest } from '../requests.ts'

const MAX_RETRIES = 20
const REFUSED_PAUSE_MS = 200
const CONNECTED_AT_ONCE = 32

/** What became of the visitors of one phase; times in ms, from the write of a request to its whole answer. */
export interface Visits {
  /** Purchases that got their answer within the phase. */
  completed: number
  /** Purchases that got their answer. */
  sold: number
  /** Of challenges that were refused. */
  readonly refusedMs: number[]
  /** Of requests with a payment, whatever their answer. */
  readonly paidMs: number[]
  /** Requests with a payment that were told to come again, and did. */
  paidRefused: number
  /** Requests with a payment whose connection broke or that waited in vain. */
  paidUnanswered: number
  /** Everything else that did not go as it should, by what it was. */
  readonly faults: Map<string, number>
}

/**
 * Clients that buy once each: ask for an offer, pay it, fetch the answer. There are as many connections as clients are
 * busy at once, so that a client that waits holds up nobody.
 */
export class Visitors {
  readonly #port: number
  readonly #workouts: Workouts
  readonly #idle: Connection[] = []

  constructor(port: number, workouts: Workouts) {
    this.#port = port
    this.#workouts = workouts
  }

  /** Opens connections before clients come: a server accepts one new connection in each turn of its event loop. */
  async connect(count: number): Promise<void> {
    while (this.#idle.length < count) {
      const opened = Array.from({ length: CONNECTED_AT_ONCE }, () => Connection.to(this.#port))
      this.#idle.push(...(await Promise.all(opened)))
    }
  }

  /** One client after another on each of so many connections, for a while. */
  async closedLoop(
    clients: number,
    durationMs: number
  ): Promise<{ readonly perSecond: number; readonly sold: number }> {
    const visits = noVisits()
    const began = performance.now()
    const ends = began + durationMs
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() < ends) {
          const sold = visits.sold
          await this.visit(visits, ends)
          // One that is refused comes again later, as clients do: at once, it would be an overload of its own.
          if (visits.sold === sold) await new Promise((resolve) => setTimeout(resolve, REFUSED_PAUSE_MS))
        }
      })
    )
    if (visits.paidUnanswered + visits.faults.size > 0)
      throw new Error(`a closed loop has no faults: ${JSON.stringify([...visits.faults])}`)
    return { perSecond: visits.completed / (durationMs / 1000), sold: visits.sold }
  }

  /** Clients that come at a rate, whatever becomes of those before them. */
  async openLoop(perSecond: number, durationMs: number): Promise<Visits & { readonly offered: number }> {
    const visits = noVisits()
    const began = performance.now()
    const total = Math.round((perSecond * durationMs) / 1000)
    const running = new Set<Promise<void>>()
    for (let offered = 0; offered < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - began) * perSecond) / 1000))
      for (; offered < due; offered++) {
        const visit = this.visit(visits, began + durationMs).finally(() => running.delete(visit))
        running.add(visit)
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await Promise.all(running)
    return { ...visits, offered: total }
  }

  /** @param ends what is completed later is not counted */
  async visit(visits: Visits, ends: number): Promise<void> {
    const [body = ''] = this.#workouts.take(1)
    const offer = await this.#timed(workoutRequest(body), visits.refusedMs, (status) => status === 503)
    if (offer?.status === 503) return
    if (offer?.status !== 402) return count(visits, `an offer: ${offer?.status ?? 'no answer'}`)
    const { invoice, macaroon } = JSON.parse(offer.body.toString())
    const receipt = await this.exchange(payRequest(invoice))
    if (receipt?.status !== 200) return count(visits, `a payment: ${receipt?.status ?? 'no answer'}`)
    const { preimage } = JSON.parse(receipt.body.toString())
    const paid = workoutRequest(body, `L402 ${macaroon}:${preimage}`)
    for (let time = 0; time < MAX_RETRIES; time++) {
      const answer = await this.#timed(paid, visits.paidMs, () => true)
      if (answer === undefined) visits.paidUnanswered++
      else if (answer.status === 200) {
        visits.sold++
        if (performance.now() <= ends) visits.completed++
        return
      } else if (answer.status === 503) visits.paidRefused++
      else return count(visits, `an answer: ${answer.status}`)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    count(visits, 'a purchase without an end')
  }

  /** @returns undefined where the connection broke or nothing came */
  async exchange(request: Buffer): Promise<Answer | undefined> {
    try {
      const connection = this.#idle.pop() ?? (await Connection.to(this.#port))
      const answer = await connection.exchange(request)
      this.#idle.push(connection)
      return answer
    } catch {
      return undefined
    }
  }

  close(): void {
    for (const connection of this.#idle) connection.close()
  }

  async #timed(
    request: Buffer,
    times: number[],
    isCounted: (status: number | undefined) => boolean
  ): Promise<Answer | undefined> {
    const began = performance.now()
    const answer = await this.exchange(request)
    if (isCounted(answer?.status)) times.push(performance.now() - began)
    return answer
  }
}

function noVisits(): Visits {
  return { completed: 0, sold: 0, refusedMs: [], paidMs: [], paidRefused: 0, paidUnanswered: 0, faults: new Map() }
}

function count({ faults }: Visits, fault: string): void {
  faults.set(fault, (faults.get(fault) ?? 0) + 1)
}
