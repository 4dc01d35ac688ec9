import type { PaymentRequired } from '@x402/core/types'
import type { Terms } from '../settler.ts'
import { requirementsOf } from '../terms.ts'

/** The resource. Facilitators reject payments for a description of more than 500 characters. */
export interface Resource {
  /** From the configured public URL, never from a request. */
  readonly url: string
  readonly description: string
  readonly mimeType: string
}

/** The x402 part of a 402. */
export interface Quote {
  /** Value of `PAYMENT-REQUIRED`. */
  readonly header: string
  /** The same without the extensions, as members of the body: JSON without braces. */
  readonly members: string
}

const NO_PAYMENT = 'PAYMENT-SIGNATURE header is required'
const VERSION_ONE = 'X-PAYMENT is x402 version 1, which is not accepted; send PAYMENT-SIGNATURE (version 2)'

/** A route's `PaymentRequired` at one price. Only the reason varies, so that an offer costs nothing. */
export class PreparedPaymentRequired {
  readonly #terms: string
  readonly #extensions: string
  /** For a request that carries no payment. */
  readonly unpaid: Quote
  /** For a request with only a version 1 payment. */
  readonly versionOne: Quote

  constructor(resource: Resource, terms: Terms, extensions: Readonly<Record<string, unknown>>) {
    const { url, description, mimeType } = resource
    const required: Pick<PaymentRequired, 'resource' | 'accepts'> = {
      resource: { url, description, mimeType },
      accepts: [requirementsOf(terms)]
    }
    this.#terms = JSON.stringify(required).slice(1, -1)
    this.#extensions = JSON.stringify(extensions)
    this.unpaid = this.#quote(NO_PAYMENT)
    this.versionOne = this.#quote(VERSION_ONE)
  }

  /** For a rejected payment; the client may sign another one. */
  refused({ code, detail }: { readonly code: string; readonly detail: string }): Quote {
    return this.#quote(`${code}: ${detail}`)
  }

  #quote(error: string): Quote {
    const members = `"x402Version":2,"error":${JSON.stringify(error)},${this.#terms}`
    return { header: Buffer.from(`{${members},"extensions":${this.#extensions}}`).toString('base64'), members }
  }
}
