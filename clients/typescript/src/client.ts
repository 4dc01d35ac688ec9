import { buy, collect, type Purse } from './purchase.ts'
import type {
  ComputePowerAnswer,
  ComputePowerRequest,
  CurveAnswer,
  MovementsDocument,
  PaymentRequirements,
  RevisionRequest,
  ValidationAnswer,
  VoidAnswer,
  VoidRequest,
  WorkoutDetail,
  WorkoutList
} from './schemas.ts'
import { answerOf, type HttpRequest, send, type Transport } from './transport.ts'
import { Budget } from './usd.ts'
import type { PaidRequest, Wallet } from './wallet.ts'

export interface ClientOptions {
  /** Where the service is, such as `https://power.example`. */
  readonly baseUrl: string | URL
  /** What pays, the preferred one first; without any only free calls work. */
  readonly pay?: Wallet | readonly Wallet[]
  /** The most US dollars for one answer. Nothing is paid above it. */
  readonly maxPriceUsd: string | number
  /** The most US dollars for all answers that this client buys. */
  readonly maxTotalUsd?: string | number
  /** How long a request is tried again that the service may yet answer; 60 by default. */
  readonly retryForSeconds?: number
  /** Is given each paid request before it is sent, to keep it until the answer is there; `resume` fetches it again. */
  readonly onPaid?: (paid: PaidRequest) => unknown
  readonly fetch?: typeof globalThis.fetch
}

/** Days are texts such as 2026-02-28. */
export interface WorkoutQuery {
  readonly limit?: number
  readonly cursor?: string
  readonly performed_from?: string
  readonly performed_to?: string
  readonly movement?: string
}

export interface CurveQuery {
  readonly from_seconds?: number
  readonly to_seconds?: number
  readonly performed_from?: string
  readonly performed_to?: string
}

/** The calls. Each throws `ProblemError` where the service rejects it; paid ones also throw the errors of a purchase. */
export interface Client {
  /** Paid: the work and power of a workout. */
  computePower(workout: ComputePowerRequest): Promise<ComputePowerAnswer>
  /** Paid: corrects a stored workout. */
  revise(workoutId: string, revision: RevisionRequest): Promise<ComputePowerAnswer>
  /** Fetches the answer of a request that is paid already, with its proof. */
  resume(paid: PaidRequest): Promise<ComputePowerAnswer>
  /** Free: every problem of a workout, or its price and notes. */
  validate(workout: ComputePowerRequest): Promise<ValidationAnswer>
  /** Free: a stored workout no longer counts. */
  voidWorkout(workoutId: string, request: VoidRequest): Promise<VoidAnswer>
  /** Free: a page of an athlete's workouts, newest first. */
  workouts(athleteUuid: string, query?: WorkoutQuery): Promise<WorkoutList>
  /** Free: one record with its audit trail. */
  workout(athleteUuid: string, workoutId: string): Promise<WorkoutDetail>
  /** Free: the power-duration curve. */
  curve(athleteUuid: string, query?: CurveQuery): Promise<CurveAnswer>
  /** Free: every movement with its inputs and units. */
  movements(): Promise<MovementsDocument>
  /** Free: the price of every paid route. */
  prices(): Promise<PaymentRequirements>
}

const RETRY_FOR_SECONDS = 60

/**
 * A client of one service. A purchase asks, pays once and asks again with the proof; a lost answer is fetched with the same
 * proof, never with a second payment.
 */
export function powerOracle(options: ClientOptions): Client {
  const { baseUrl, pay = [], maxPriceUsd, maxTotalUsd, retryForSeconds = RETRY_FOR_SECONDS, onPaid } = options
  const transport: Transport = {
    baseUrl: String(baseUrl).replace(/\/+$/, ''),
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    retryForMs: retryForSeconds * 1000
  }
  const purse: Purse = { wallets: [pay].flat(), budget: new Budget(maxPriceUsd, maxTotalUsd), onPaid }
  const ask = async <Answer>(request: HttpRequest) => answerOf<Answer>(await send(transport, request))
  const get = <Answer>(path: string, query: object = {}) => ask<Answer>({ method: 'GET', path: path + search(query) })
  const post = <Answer>(path: string, body: object) =>
    ask<Answer>({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    })
  const athlete = (uuid: string) => `/v1/athletes/${encodeURIComponent(uuid)}`
  const workout = (id: string) => `/v1/workouts/${encodeURIComponent(id)}`
  return {
    computePower: (request) => buy(transport, purse, '/v1/compute-power', request),
    revise: (id, request) => buy(transport, purse, `${workout(id)}/revisions`, request),
    resume: (paid) => collect(transport, paid),
    validate: (request) => post('/v1/validate', request),
    voidWorkout: (id, request) => post(`${workout(id)}/void`, request),
    workouts: (uuid, query) => get(`${athlete(uuid)}/workouts`, query),
    workout: (uuid, id) => get(`${athlete(uuid)}/workouts/${encodeURIComponent(id)}`, { include: 'revisions' }),
    curve: (uuid, query) => get(`${athlete(uuid)}/curve`, query),
    movements: () => get('/v1/movements'),
    prices: () => get('/v1/payment-requirements')
  }
}

function search(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
