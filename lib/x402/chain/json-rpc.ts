import type { Agent } from 'undici'
import { observeCall } from '../../observe/calls.ts'
import { orAborted } from '../../time/deadline.ts'

const MAX_ANSWER_BYTES = 1024 * 1024

/**
 * The result is unknown: the node is down, slow, overloaded, or not a JSON-RPC node. The call may have taken effect.
 */
export class NodeUnreachable extends Error {
  override readonly name = 'NodeUnreachable'
}

/** The node understood and rejected the call. `said` is for classification only: it may repeat sent data. */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal'
  readonly code: number
  /** The data of a reverted contract call, hex. */
  readonly data: string | undefined
  readonly #said: string

  constructor(method: string, code: number, said: string, data: string | undefined) {
    super(`${method} was rejected (${code})`)
    this.code = code
    this.data = data
    this.#said = said
  }

  says(pattern: RegExp): boolean {
    return pattern.test(this.#said)
  }

  /**
   * True if the call itself fails on the chain: it reverts, halts or exceeds its gas. Otherwise the node has a problem.
   */
  get failedOnChain(): boolean {
    return this.code === 3 || this.says(/revert|execution|\bE?VM\b|gas|opcode|jump|stack|protection|static|depth/i)
  }
}

/** A JSON-RPC client; `JsonRpc` implements it over HTTP. */
export interface Rpc {
  /** @throws NodeUnreachable, NodeRefusal */
  call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown>
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown } | null
}

/**
 * JSON-RPC over keep-alive connections. Its errors contain neither the URL, which may hold the operator's access key,
 * nor any sent data.
 */
export class JsonRpc implements Rpc {
  readonly #url: string
  #agent: Promise<Agent> | undefined
  #lastId = 0

  constructor(url: string) {
    this.#url = url
  }

  call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    return observeCall('rpc', method, () => this.#call(method, params, signal))
  }

  /** Closes all connections and aborts pending requests. */
  async close(): Promise<void> {
    const agent = await this.#agent
    await agent?.destroy()
  }

  async #call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const { statusCode, answer } = await this.#post(method, params, signal)
    const { error, result } = answer
    if (error) {
      // A proxy's own rejections (no access, rate limit, upstream down) say nothing about the call.
      if (statusCode === 401 || statusCode === 403 || statusCode === 429 || statusCode >= 500) {
        throw new NodeUnreachable(`${method}: status ${statusCode}`)
      }
      const code = typeof error.code === 'number' ? error.code : 0
      const data = typeof error.data === 'string' ? error.data : undefined
      throw new NodeRefusal(method, code, String(error.message), data)
    }
    if (result === undefined) throw new NodeUnreachable(`${method}: not a JSON-RPC response`)
    return result
  }

  async #post(method: string, params: readonly unknown[], signal: AbortSignal) {
    const { Agent, request } = await import('undici')
    this.#agent ??= Promise.resolve(new Agent({ maxResponseSize: MAX_ANSWER_BYTES }))
    const dispatcher = await this.#agent
    this.#lastId += 1
    const body = JSON.stringify({ jsonrpc: '2.0', id: this.#lastId, method, params })
    const headers = { 'content-type': 'application/json' }
    const ask = async () => {
      const answer = await request(this.#url, { dispatcher, method: 'POST', headers, body, signal })
      return { statusCode: answer.statusCode, answer: ((await answer.body.json()) ?? {}) as Answer }
    }
    try {
      // The node may have closed a kept connection meanwhile; these calls are safe to repeat.
      const answer = ask().catch((error) => (error?.code === 'UND_ERR_SOCKET' ? ask() : Promise.reject(error)))
      return await orAborted(answer, signal)
    } catch {
      throw new NodeUnreachable(`${method}: the node does not respond`)
    }
  }
}
