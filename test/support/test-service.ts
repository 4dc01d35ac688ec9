/** A service on either engine, and the requests of an athlete's client. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import { type WrittenLog, writtenLog } from './captured-log.ts'
import { type Engine, onEachEngine, type Place } from './engines.ts'
import { type Answer, ask, challengeOf, NO_LIMITS, PATH, pay, workout } from './purchase.ts'

export type { Answer, Engine, Place }
export { onEachEngine }

export type Body = Record<string, unknown>

const L402_SECRETS = `1:${randomBytes(32).toString('hex')}`

export interface TestService {
  readonly app: FastifyInstance
  readonly place: Place
  /** All log lines, at the finest level. */
  readonly log: () => string
}

/** Opens a service; with another one's place, both share a database. Closed with the test. */
export async function startTestService(
  t: Test,
  engine: Engine,
  { place, settings = {} }: { readonly place?: Place; readonly settings?: Record<string, string> } = {}
): Promise<TestService> {
  const at = place ?? (await engine.makePlace(t))
  const log = writtenLog()
  const environment = { DATABASE_URL: databaseUrl(at), X402: 'off', L402_SECRETS, ...NO_LIMITS, ...settings }
  const app = await openApp(environment, log)
  t.teardown(() => app.close())
  await app.ready()
  return { app, place: at, log: log.text }
}

/** Builds the service of an environment in this process, with every line of its log. */
export function openApp(environment: NodeJS.ProcessEnv, { stream }: WrittenLog): Promise<FastifyInstance> {
  return buildApp(loadConfig(environment), { level: 'trace', stream })
}

export function databaseUrl({ config }: Place): string {
  return config.kind === 'sqlite' ? `sqlite:${config.path}` : config.url
}

/** A bought revision, the first of its workout or a later one. */
export interface Bought {
  readonly workoutId: string
  readonly revisionId: string
  readonly url: string
  readonly body: Body
  readonly authorization: string
  readonly text: string
}

/** Asks at a paid route for the price of a body and pays it; the answer is not fetched. @returns `Authorization` */
export async function payFor(app: FastifyInstance, url: string, body: Body): Promise<string> {
  const { token, invoice } = challengeOf(await ask(app, body, undefined, { url }))
  return `L402 ${token}:${await pay(app, invoice)}`
}

/** Buys at a paid route. Throws unless the answer is 200. */
export async function buyAt(app: FastifyInstance, url: string, body: Body): Promise<Bought> {
  const authorization = await payFor(app, url, body)
  const answer = await ask(app, body, authorization, { url })
  if (answer.statusCode !== 200) throw new Error(`not sold: ${answer.statusCode} ${answer.body}`)
  const { workout_id: workoutId, revision_id: revisionId } = answer.json()
  return { workoutId, revisionId, url, body, authorization, text: answer.body }
}

export const buyWorkout = (app: FastifyInstance, more: Body = {}) => buyAt(app, PATH, workout(more))

export const revisionsUrl = (workoutId: string) => `/v1/workouts/${workoutId}/revisions`

/** The request for a revision of a bought one. */
export function correction({ body, revisionId }: Bought, more: Body = {}): Body {
  return { ...body, supersedes_revision_id: revisionId, ...more }
}

export const revise = (app: FastifyInstance, bought: Bought, more: Body = {}) =>
  buyAt(app, revisionsUrl(bought.workoutId), correction(bought, more))

export function voidWorkout(app: FastifyInstance, { workoutId, revisionId, body }: Bought, more: Body = {}) {
  const payload = { athlete_uuid: body.athlete_uuid, revision_id: revisionId, ...more }
  return ask(app, payload, undefined, { url: `/v1/workouts/${workoutId}/void` })
}

export const athleteUrl = (athlete: unknown, rest = '') => `/v1/athletes/${athlete}${rest}`

/** Every workout of a list, page by page; `between` happens after each page. */
export async function listed(
  app: FastifyInstance,
  athlete: unknown,
  query = '',
  between: () => Promise<unknown> = async () => {}
): Promise<Summary[]> {
  const workouts: Summary[] = []
  for (let cursor = ''; ; await between()) {
    const page = await app.inject(athleteUrl(athlete, `/workouts?${query}${cursor && `&cursor=${cursor}`}`))
    if (page.statusCode !== 200) throw new Error(`no list: ${page.statusCode} ${page.body}`)
    workouts.push(...page.json().workouts)
    cursor = page.json().next_cursor
    if (cursor === null) return workouts
  }
}

export interface Summary {
  readonly workout_id: string
  readonly revision_id: string
  readonly performed_date: string
  readonly movements: readonly string[]
}

/** A stable error with `Retry-After`. */
export function isAway(t: Test, { statusCode, headers }: Answer, name: string): void {
  t.equal(statusCode, 503, name)
  t.ok(Number(headers['retry-after']) >= 1, `${name}: Retry-After`)
}

/** The content of the books. */
export async function books({ place }: TestService): Promise<Record<string, unknown>[]> {
  return place.rows('SELECT * FROM payments ORDER BY claimed_at_ms')
}

/** The number of revisions in each state. */
export async function states({ place }: TestService): Promise<Record<string, number>> {
  const rows = await place.rows('SELECT state, count(*) AS n FROM revisions GROUP BY state')
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]))
}
