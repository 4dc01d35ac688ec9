import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { canonicalJson } from '../json/canonical-json.ts'
import type { ChargeRequest } from './rail.ts'

/** A request for a paid route, before it is interpreted. */
export interface PaidRequestParts extends Omit<ChargeRequest, 'fingerprint'> {
  /** The values of the route's parameters. */
  readonly params: unknown
  /** The validated body. */
  readonly body: unknown
}

/**
 * A request for a paid route. The canonical form costs as much as the precheck, so it is computed on first use: an x402
 * offer needs none.
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
 * Identifies a purchase: two requests are the same purchase if they share method, route pattern, path parameters and
 * canonical body.
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
 * The path of a request, built from its route pattern and parameters, without query. Unlike the request target it has
 * only one spelling.
 * @param pattern such as `/v1/workouts/:workout_id/revisions`
 */
export function routePath(pattern: string, params: unknown): string {
  if (!pattern.includes(':')) return pattern
  const values = params as Readonly<Record<string, string>>
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
