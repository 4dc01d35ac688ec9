import type { IncomingHttpHeaders } from 'node:http'
import { canonicalJson } from '../json/canonical-json.ts'
import { requestFingerprint } from './fingerprint.ts'
import type { ChargeRequest } from './rail.ts'

/** What is known of a request for a paid route before its meaning is worked out. */
export interface PricedRequestParts extends Omit<ChargeRequest, 'fingerprint'> {
  /** The values of the route's parameters. */
  readonly params: unknown
  /** What the schema let through. */
  readonly body: unknown
}

/**
 * A request for a paid route. Its canonical form costs as much as its check, and is made for who asks: an offer of x402
 * does not.
 */
export class PricedRequest implements ChargeRequest {
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

  constructor(parts: PricedRequestParts) {
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
