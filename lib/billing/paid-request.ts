import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { canonicalJson } from '../json/canonical-json.ts'
import type { ChargeRequest } from './rail.ts'

/** A request for a paid route, before its meaning is worked out. */
export interface PaidRequestParts extends Omit<ChargeRequest, 'fingerprint'> {
  /** The values of the route's parameters. */
  readonly params: unknown
  /** What the schema let through. */
  readonly body: unknown
}

/**
 * A request for a paid route. The canonical form costs as much as the precheck, so it is made on first use: an offer of
 * x402 needs none.
 */
export class PaidRequest implements ChargeRequest {
  readonly method: string
  readonly path: string
  readonly route: string
  readonly priceMicroUsd: bigint
  readonly clientAddress: string
  readonly headers: IncomingHttpHeaders
  readonly nowMs: number
  readonly #params: unknown
  readonly #body: unknown
  #canonicalBody: string | undefined
  #fingerprint: string | undefined

  constructor(parts: PaidRequestParts) {
    this.method = parts.method
    this.path = parts.path
    this.route = parts.route
    this.priceMicroUsd = parts.priceMicroUsd
    this.clientAddress = parts.clientAddress
    this.headers = parts.headers
    this.nowMs = parts.nowMs
    this.#params = parts.params
    this.#body = parts.body
  }

  /** The body in RFC 8785 form. */
  get canonicalBody(): string {
    this.#canonicalBody ??= canonicalJson(this.#body)
    return this.#canonicalBody
  }

  get fingerprint(): string {
    this.#fingerprint ??= requestFingerprint(this.method, this.route, this.#params, this.canonicalBody)
    return this.#fingerprint
  }
}

/**
 * Identifies a purchase: two requests are the same purchase if they share method, route pattern, path parameters and the meaning of the body.
 * @param canonicalBody the parsed body in RFC 8785 form
 * @returns sha256 as 64 hex digits
 */
export function requestFingerprint(
  method: string,
  routePattern: string,
  params: unknown,
  canonicalBody: string
): string {
  return hash('sha256', `${method}\n${routePattern}\n${canonicalJson(params ?? {})}\n${canonicalBody}`)
}

/**
 * The path of a request as its route pattern and parameters spell it, without query. Unlike the request target it
 * has one spelling only.
 * @param pattern such as `/v1/workouts/:workout_id/revisions`
 */
export function routePath(pattern: string, params: unknown): string {
  if (!pattern.includes(':')) return pattern
  const values = params as Readonly<Record<string, string>>
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
