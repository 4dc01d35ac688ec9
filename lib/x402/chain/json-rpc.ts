import type { Agent } from 'undici'
import { observeCall } from '../../observe/calls.ts'

const MAX_ANSWER_BYTES = 1024 * 1024

/** Nobody can tell: the node is down, slow, overloaded, or speaks something else. The call may have had its effect. */
export class NodeUnreachable extends Error {
  override readonly name = 'NodeUnreachable'
}

/** The node understood the call and said no. `said` is for classification only: it may repeat what was sent. */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal'
  readonly code: number
  /** What a reverted contract call returned, hex. */
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

  /** The call itself fails on the chain: it reverts, halts or burns too much. Else the node has a trouble of its own. */
  get failedOnChain(): boolean {
    return this.code === 3 || this.says(/revert|execution|\bE?VM\b|gas|opcode|jump|stack|protection|static|depth/i)
  }
}

/** What a client of a chain needs; `JsonRpc` is the one that speaks HTTP. */
export interface Rpc {
  /** @throws NodeUnreachable, NodeRefusal */
  call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown>
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown } | null
}

/**
 * JSON-RPC over kept connections. Its errors name neither the URL, which may hold the operator's access key, nor
 * anything that was sent.
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

  /** Ends all connections, and what is on its way with them. */
  async close(): Promise<void> {
    const agent = await this.#agent
    await agent?.destroy()
  }

  async #call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const { statusCode, answer } = await this.#post(method, params, signal)
    const { error, result } = answer
    if (error) {
      // A proxy's own refusals (no access, too often, upstream down) say nothing about the call.
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
      // A kept connection may have been closed by the node meanwhile; what is asked here may be asked twice.
      return await ask().catch((error) => (error?.code === 'UND_ERR_SOCKET' ? ask() : Promise.reject(error)))
    } catch {
      throw new NodeUnreachable(`${method}: the node does not respond`)
    }
  }
}
