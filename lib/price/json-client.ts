import type { Agent } from 'undici'
import { orAborted } from '../time/deadline.ts'
import { PriceError } from './errors.ts'

const LIMIT_MS = 3000
const MAX_BODY_BYTES = 64 * 1024

/** Fetches small JSON answers over kept-alive connections, with a time and a size limit. Loads undici at first use. */
export class JsonClient {
  #agent: Promise<Agent> | undefined
  #closed = false

  /** The parsed answer. Rejects after 3 s, above 64 KiB, and for any status other than 200 or malformed JSON. */
  async get(url: string): Promise<unknown> {
    const { request } = await import('undici')
    this.#agent ??= import('undici').then(({ Agent }) => new Agent({ maxResponseSize: MAX_BODY_BYTES }))
    const dispatcher = await this.#agent
    if (this.#closed) throw new PriceError('unreachable', 'closed')
    // One limit covers connection, headers and body, so that a slow source cannot extend it.
    const signal = AbortSignal.timeout(LIMIT_MS)
    const headers = { accept: 'application/json', 'user-agent': 'power-oracle' }
    const { statusCode, body } = await orAborted(request(url, { dispatcher, headers, signal }), signal)
    if (statusCode !== 200) {
      await body.dump()
      throw new PriceError('unreachable', `status ${statusCode}`)
    }
    return body.json()
  }

  /** Closes all connections and aborts pending requests. */
  async close(): Promise<void> {
    this.#closed = true
    const agent = await this.#agent
    await agent?.destroy()
  }
}
