import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'

export type Answer = LightMyRequestResponse
type Headers = Record<string, string>

export const PATH = '/v1/compute-power'

/** High limits, because all tests share one address. */
export const NO_LIMITS = { RATE_LIMIT_PER_MINUTE: '999999999', CHALLENGES_PER_MINUTE: '999999999' }

/** The service with an embedded wallet and an in-memory database, unless `settings` differ; closed with the test. */
export async function startApp(t: Test, settings: Headers = {}): Promise<FastifyInstance> {
  const app = await buildApp(loadConfig({ DATABASE_URL: 'sqlite::memory:', X402: 'off', ...NO_LIMITS, ...settings }))
  t.teardown(() => app.close())
  await app.ready()
  return app
}

/** The published example for a new athlete, with the members of `more`. */
export function workout(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...computePowerExample, athlete_uuid: randomUUID(), ...more }
}

/** The example as a hypothetical workout, which is not stored. */
export function hypothetical(more: Record<string, unknown> = {}): Record<string, unknown> {
  const { performed_date: _, ...rest } = workout()
  return { ...rest, evaluation_context: 'hypothetical', ...more }
}

/** Requests an answer. A string is sent unchanged, anything else as JSON. */
export function ask(
  app: FastifyInstance,
  body: unknown,
  authorization?: string,
  more: InjectOptions = {}
): Promise<Answer> {
  const { headers, ...rest } = more
  return app.inject({
    method: 'POST',
    url: PATH,
    payload: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }), ...headers },
    ...rest
  })
}

export interface Challenge {
  readonly token: string
  readonly invoice: string
}

const LAYOUT = /^L402 macaroon="([A-Za-z0-9+/]+={0,2})", invoice="(lnbcrt[a-z0-9]+)", version="0", token="([^"]+)"$/

/** The challenge of a 402, parsed by its documented layout. Throws with the response if there is none. */
export function challengeOf(answer: { statusCode: number; headers: Answer['headers']; body: string }): Challenge {
  const [, macaroon, invoice, token] = LAYOUT.exec(String(answer.headers['www-authenticate'])) ?? []
  if (answer.statusCode !== 402 || !invoice || !token || token !== macaroon)
    throw new Error(`no challenge: ${answer.statusCode} ${answer.body.slice(0, 300)}`)
  return { token, invoice }
}

/** Expects a final, free rejection as a problem document. */
export function isProblem(t: Test, answer: Answer, name: string, cacheControl = 'no-store'): void {
  t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', name)
  t.equal(answer.headers['cache-control'], cacheControl, name)
  t.equal(answer.headers['www-authenticate'], undefined, name)
  const { type, code, status, title, detail, retryable } = answer.json()
  t.strictSame([status, typeof title, retryable], [answer.statusCode, 'string', false], name)
  t.match(type, /^https?:/, name)
  t.ok(type.endsWith(`/docs/errors/${code}`), `${name}: the page of ${code}`)
  t.match(detail, /\.$/, name)
}

/** Pays with the development wallet. @returns the preimage */
export async function pay(app: FastifyInstance, invoice: string): Promise<string> {
  const answer = await app.inject({ method: 'POST', url: '/dev/lightning/pay', payload: { invoice } })
  if (answer.statusCode !== 200) throw new Error(`not paid: ${answer.statusCode} ${answer.body}`)
  return answer.json().preimage
}

export interface Paid extends Challenge {
  readonly preimage: string
  readonly authorization: string
}

/** Requests an offer for a body and pays it; the answer is not fetched. */
export async function purchase(app: FastifyInstance, body: unknown): Promise<Paid> {
  const challenge = challengeOf(await ask(app, body))
  const preimage = await pay(app, challenge.invoice)
  return { ...challenge, preimage, authorization: `L402 ${challenge.token}:${preimage}` }
}

/** Buys an answer. Throws unless it is 200. */
export async function buy(app: FastifyInstance, body: unknown): Promise<Answer> {
  const answer = await ask(app, body, (await purchase(app, body)).authorization)
  if (answer.statusCode !== 200) throw new Error(`not sold: ${answer.statusCode} ${answer.body}`)
  return answer
}

/** Sends bytes over a socket and reads until the service closes it, so send `Connection: close`. */
export function raw(port: number, request: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.on('error', reject)
  })
}

/** A POST of JSON as text, with its target and further header lines as they are given. */
export function post(target: string, body: string, lines: readonly string[] = []): string {
  const head = [
    `POST ${target} HTTP/1.1`,
    'Host: x',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`
  ]
  return [...head, ...lines, '', body].join('\r\n')
}
