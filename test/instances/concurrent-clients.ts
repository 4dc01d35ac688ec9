/** Clients of several instances at once, and what each proof of payment got them. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { challengeOf, PATH, workout } from '../support/purchase.ts'
import type { Answer, Instance, Question } from '../support/service-process.ts'

const ATHLETES = 40
/** More clients than this wait outside. */
const MAX_INSIDE = 150

type Body = Record<string, unknown>

/** Something paid for. */
export interface Purchase {
  readonly path: string
  readonly body: Body
  readonly authorization: string
  readonly preimage: string
  /** The different answers that were given for it. */
  readonly answers: Set<string>
}

interface Standing {
  readonly workoutId: string
  readonly revisionId: string
  readonly body: Body
}

export class ConcurrentClients {
  readonly purchases: Purchase[] = []
  readonly athletes = Array.from({ length: ATHLETES }, () => randomUUID())
  /** How often each status came to each kind of question; `none` where the connection broke. */
  readonly statuses = new Map<string, number>()
  readonly #instances: readonly Instance[]
  /** Workouts that somebody may revise next. */
  readonly #standing: Standing[] = []
  #asked = 0
  #made = 0
  #inside = 0

  constructor(instances: readonly Instance[]) {
    this.#instances = instances
  }

  get asked(): number {
    return this.#asked
  }

  /** Clients come so often that so many questions are asked a second; resolves when the last one has left. */
  async visit(questionsPerSecond: number, durationMs: number): Promise<void> {
    const journeys: Promise<void>[] = []
    const start = performance.now()
    for (let ms = 0; ms < durationMs; ms = performance.now() - start) {
      while (this.#asked < (questionsPerSecond * ms) / 1000 && this.#inside < MAX_INSIDE) {
        this.#inside++
        journeys.push(this.#journey().finally(() => this.#inside--))
        await Promise.resolve()
      }
      await sleep(5)
    }
    await Promise.all(journeys)
  }

  /** Pays for an answer at the one that asked for the money. */
  async pay(at: Instance, path: string, body: Body): Promise<Purchase | undefined> {
    const offer = await this.#ask('offer', at, path, { method: 'POST', body })
    if (offer?.status !== 402) return undefined
    const { token, invoice } = challengeOf({ statusCode: 402, headers: offer.headers, body: offer.text })
    const paid = await this.#ask('payment', at, '/dev/lightning/pay', { method: 'POST', body: { invoice } })
    if (paid?.status !== 200) return undefined
    const { preimage } = JSON.parse(paid.text)
    const purchase = { path, body, preimage, authorization: `L402 ${token}:${preimage}`, answers: new Set<string>() }
    this.purchases.push(purchase)
    return purchase
  }

  async redeem(at: Instance, { path, body, authorization, answers }: Purchase): Promise<Answer | undefined> {
    const answer = await this.#ask('redemption', at, path, { method: 'POST', body, headers: { authorization } })
    if (answer?.status === 200) answers.add(answer.text)
    return answer
  }

  /** A new workout, unlike any other. */
  newWorkout(): Body {
    return workout({ athlete_uuid: pick(this.athletes), duration_seconds: 200 + this.#made++ / 1000 })
  }

  async #journey(): Promise<void> {
    const dice = Math.random()
    if (dice < 0.35) return this.#buy()
    if (dice < 0.55 && this.#standing.length > 0) return this.#revise()
    if (dice < 0.75 && this.purchases.length > 0) return this.#askAgain()
    return this.#browse()
  }

  /** Asks at one, redeems at the other, or at both at once. */
  async #buy(): Promise<void> {
    const [one, other] = shuffled(this.#instances)
    const body = this.newWorkout()
    const purchase = await this.pay(one!, PATH, body)
    if (purchase === undefined) return
    const at = Math.random() < 0.3 ? [one!, other!] : [other!]
    const answers = await Promise.all(at.map((instance) => this.redeem(instance, purchase)))
    const sold = answers.find((answer) => answer?.status === 200)
    if (sold !== undefined) this.#stands(sold, body)
  }

  /** Two want to correct one workout, and sometimes a third takes it back; each asks somebody else. */
  async #revise(): Promise<void> {
    const [one, other] = shuffled(this.#instances)
    const { workoutId, revisionId, body } = this.#standing.splice(
      Math.floor(Math.random() * this.#standing.length),
      1
    )[0]!
    const path = `/v1/workouts/${workoutId}/revisions`
    const correction = () => ({
      ...body,
      duration_seconds: 500 + this.#made++ / 1000,
      supersedes_revision_id: revisionId
    })
    const purchases = await Promise.all([this.pay(one!, path, correction()), this.pay(other!, path, correction())])
    const race: Promise<Answer | undefined>[] = []
    for (const [index, purchase] of purchases.entries())
      if (purchase !== undefined) race.push(this.redeem(index === 0 ? other! : one!, purchase))
    if (Math.random() < 0.2) {
      const request = { athlete_uuid: body.athlete_uuid, revision_id: revisionId }
      race.push(
        this.#ask('void', one!, `/v1/workouts/${workoutId}/void`, { method: 'POST', body: request }).then(
          () => undefined
        )
      )
    }
    const won = (await Promise.all(race)).find((answer) => answer?.status === 200)
    if (won !== undefined) this.#stands(won, body)
  }

  async #askAgain(): Promise<void> {
    await this.redeem(pick(this.#instances), pick(this.purchases))
  }

  async #browse(): Promise<void> {
    const at = pick(this.#instances)
    const athlete = pick(this.athletes)
    const unpaid = { method: 'POST', body: this.newWorkout() } as const
    if (Math.random() < 0.5) await this.#ask('offer', at, PATH, unpaid)
    await this.#ask('reading', at, `/v1/athletes/${athlete}/${pick(['workouts?limit=5', 'workouts', 'curve'])}`)
  }

  #stands({ text }: Answer, body: Body): void {
    const { workout_id: workoutId, revision_id: revisionId } = JSON.parse(text)
    this.#standing.push({ workoutId, revisionId, body })
  }

  async #ask(kind: string, at: Instance, path: string, question: Question = {}): Promise<Answer | undefined> {
    this.#asked++
    const answer = await at.ask(path, question)
    const key = `${kind} ${answer?.status ?? 'none'}`
    this.statuses.set(key, (this.statuses.get(key) ?? 0) + 1)
    return answer
  }
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)]!
}

function shuffled<T>(list: readonly T[]): T[] {
  return Math.random() < 0.5 ? [...list] : list.toReversed()
}
