import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of a test on a free loopback port, which may close and listen again on the same one. */
export abstract class LoopbackServer {
  #server: Server | undefined
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens, after `close` on the port it had. */
  async open(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.#read(request, response).catch(() => response.destroy())
    })
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Closes the port and every connection. */
  async close(): Promise<void> {
    const closed = this.#server?.listening ? once(this.#server, 'close') : undefined
    this.#server?.close()
    this.#server?.closeAllConnections()
    await closed
  }

  /** Answers a request; what it throws cuts the connection. */
  protected abstract answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void>

  async #read(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    await this.answer(request, body, response)
  }
}
