import type { Agent } from 'undici'
import { PriceError } from './errors.ts'

const LIMIT_MS = 3000
const MAX_BODY_BYTES = 64 * 1024

/** Fetches small JSON answers over kept connections, with a limit on time and size. undici loads with the first use. */
export class JsonClient {
  #agent: Promise<Agent> | undefined
  #closed = false

  /** The parsed answer. Rejects after 3 s, over 64 KiB, on a redirect, on another status than 200 and on broken JSON. */
  async get(url: string): Promise<unknown> {
    const { request } = await import('undici')
    this.#agent ??= import('undici').then(({ Agent }) => new Agent({ maxResponseSize: MAX_BODY_BYTES }))
    const dispatcher = await this.#agent
    if (this.#closed) throw new PriceError('unreachable', 'closed')
    const { statusCode, body } = await request(url, {
      dispatcher,
      headers: { accept: 'application/json', 'user-agent': 'power-oracle' },
      // One limit for connecting, headers and body together: a source that drips bytes gains nothing.
      signal: AbortSignal.timeout(LIMIT_MS)
    })
    if (statusCode !== 200) {
      await body.dump()
      throw new PriceError('unreachable', `status ${statusCode}`)
    }
    return body.json()
  }

  /** Ends all connections, and what is on its way with them. */
  async close(): Promise<void> {
    this.#closed = true
    const agent = await this.#agent
    await agent?.destroy()
  }
}
