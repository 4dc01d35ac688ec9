import type { PaymentRequired } from '@x402/core/types'
import type { Terms } from '../settler.ts'
import { requirementsOf } from '../terms.ts'

/** What is sold. Facilitators refuse payments for things that are described in more than 500 characters. */
export interface Resource {
  /** From the configured public URL, never from a request. */
  readonly url: string
  readonly description: string
  readonly mimeType: string
}

/** One 402's share of x402. */
export interface Quote {
  /** Value of `PAYMENT-REQUIRED`. */
  readonly header: string
  /** The same but for the extensions, as members of the body: JSON without its braces. */
  readonly members: string
}

const NO_PAYMENT = 'PAYMENT-SIGNATURE header is required'
const VERSION_ONE = 'X-PAYMENT is x402 version 1, which is not accepted; send PAYMENT-SIGNATURE (version 2)'

/** A route's `PaymentRequired` at one price. All of it but the reason is a constant, so that quoting costs nothing. */
export class PreparedPaymentRequired {
  readonly #terms: string
  readonly #extensions: string
  /** For a request that carries no payment. */
  readonly unpaid: Quote
  /** For a request that carries a payment of version 1 alone. */
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

  /** For a payment that bought nothing; the client may sign another one. */
  refused({ code, detail }: { readonly code: string; readonly detail: string }): Quote {
    return this.#quote(`${code}: ${detail}`)
  }

  #quote(error: string): Quote {
    const members = `"x402Version":2,"error":${JSON.stringify(error)},${this.#terms}`
    return { header: Buffer.from(`{${members},"extensions":${this.#extensions}}`).toString('base64'), members }
  }
}
