import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../../app.ts'
import { loadConfig } from '../../../config.ts'
import type { DatabaseConfig } from '../../../lib/database/database.ts'
import { athleteKey } from '../../../lib/workouts/workout-record.ts'
import { type CpuClock, cpuClock } from './cpu-clock.ts'
import { fill } from './fill.ts'
import { capture, RARE_MOVEMENT, UNKNOWN_MOVEMENT, workoutOf } from './workouts.ts'

/** What is asked of a store. */
export const QUESTIONS = [
  'insert',
  'list of 20',
  'list of 20, a rare movement',
  'list of 20, a movement not done',
  'detail',
  'curve, warm',
  'curve, one workout later'
] as const
export type Question = (typeof QUESTIONS)[number]

/** One measurement. */
export interface Sample {
  /** CPU microseconds of one request, the database server's among them. */
  readonly cpuUs: number
  /** Of one answer, or of one record: the page that was asked for. */
  readonly bytes: number
}

const CONCURRENT_INSERTS = 32

/** The service over a store of so many workouts. Whatever is measured leaves as many behind as it found. */
export class StockedStore {
  readonly workouts: number
  readonly #app: FastifyInstance
  readonly #athlete: string
  readonly #clock: CpuClock
  /** One of the athlete's. */
  readonly #workoutId: string
  #next: number

  private constructor(
    workouts: number,
    own: number,
    athlete: string,
    workoutId: string,
    app: FastifyInstance,
    clock: CpuClock
  ) {
    this.workouts = workouts
    this.#athlete = athlete
    this.#workoutId = workoutId
    this.#app = app
    this.#clock = clock
    this.#next = own
  }

  /** @param serverPid of the database's server, where it has one */
  static async make(config: DatabaseConfig, workouts: number, serverPid: number | undefined): Promise<StockedStore> {
    const athlete = randomUUID()
    const own = await fill(config, workouts, athlete)
    const app = await buildApp(
      loadConfig({
        DATABASE_URL: config.kind === 'sqlite' ? `sqlite:${config.path}` : config.url,
        LIGHTNING: 'off',
        X402: 'off',
        RATE_LIMIT_PER_MINUTE: '999999999'
      })
    )
    await app.ready()
    const { workouts: page } = (await app.inject(`/v1/athletes/${athlete}/workouts`)).json()
    return new StockedStore(workouts, own, athlete, page.at(-1).workout_id, app, cpuClock(serverPid))
  }

  /** Asks so many times, and tells what one time took. */
  async measure(question: Question, times: number): Promise<Sample> {
    switch (question) {
      case 'insert':
        return this.#insert(times)
      case 'list of 20':
        return this.#get(`${this.#path}/workouts?limit=20`, times)
      case 'list of 20, a rare movement':
        return this.#get(`${this.#path}/workouts?limit=20&movement=${RARE_MOVEMENT}`, times)
      case 'list of 20, a movement not done':
        return this.#get(`${this.#path}/workouts?limit=20&movement=${UNKNOWN_MOVEMENT}`, times)
      case 'detail':
        return this.#get(`${this.#path}/workouts/${this.#workoutId}`, times)
      case 'curve, warm':
        await this.#get(`${this.#path}/curve`, 1)
        return this.#get(`${this.#path}/curve`, times)
      case 'curve, one workout later':
        return this.#oneLater(times)
    }
  }

  close(): Promise<void> {
    return this.#app.close()
  }

  get #path(): string {
    return `/v1/athletes/${this.#athlete}`
  }

  async #get(url: string, times: number): Promise<Sample> {
    let bytes = 0
    this.#clock()
    for (let time = 0; time < times; time++) {
      const { statusCode, rawPayload } = await this.#app.inject(url)
      if (statusCode !== 200) throw new Error(`expected 200, got ${statusCode}: ${rawPayload}`)
      bytes = rawPayload.length
    }
    return { cpuUs: this.#clock() / times, bytes }
  }

  /** Records of another athlete, many at once, as paid requests come; they are erased again. */
  async #insert(times: number): Promise<Sample> {
    const other = randomUUID()
    const made = Array.from({ length: times }, (_, index) => workoutOf(other, index))
    let next = 0
    this.#clock()
    await Promise.all(
      Array.from({ length: CONCURRENT_INSERTS }, async () => {
        for (let index = next++; index < times; index = next++) await capture(this.#app.ledger, made[index]!)
      })
    )
    const cpuUs = this.#clock() / times
    await this.#app.workouts.erase(athleteKey(other))
    return { cpuUs, bytes: JSON.stringify(made[0]).length }
  }

  /** Each time after one more workout of the athlete, which is voided again; neither is counted. */
  async #oneLater(times: number): Promise<Sample> {
    let cpuUs = 0
    let bytes = 0
    for (let time = 0; time < times; time++) {
      const added = workoutOf(this.#athlete, this.#next++)
      const { workoutId, revisionId } = await capture(this.#app.ledger, added)
      const sample = await this.#get(`${this.#path}/curve`, 1)
      cpuUs += sample.cpuUs
      bytes = sample.bytes
      await this.#app.workouts.voidWorkout(athleteKey(this.#athlete), workoutId, revisionId, undefined)
      await this.#get(`${this.#path}/curve`, 1)
    }
    return { cpuUs: cpuUs / times, bytes }
  }
}
