import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const PATH = '/metrics'
const MAX_CONNECTIONS = 32
const REQUEST_LIMIT_MS = 5000

export interface ExpositionServerOptions {
  readonly host: string
  /** 0 chooses a free one. */
  readonly port: number
  readonly contentType: string
  /** All metrics in Prometheus' text format. */
  readonly text: () => Promise<string>
}

/** Serves only `/metrics`, on its own port, because metrics are not public. */
export class ExpositionServer {
  readonly #options: ExpositionServerOptions
  readonly #server: Server
  #collecting: Promise<string> | undefined

  /** @throws the system's error if listening fails */
  static async listen(options: ExpositionServerOptions): Promise<ExpositionServer> {
    const exposition = new ExpositionServer(options)
    exposition.#server.listen(options.port, options.host)
    await once(exposition.#server, 'listening')
    return exposition
  }

  private constructor(options: ExpositionServerOptions) {
    this.#options = options
    this.#server = createServer(
      { requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS },
      (request, response) => void this.#answer(request, response)
    )
    this.#server.maxConnections = MAX_CONNECTIONS
  }

  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${PATH}`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url?.split('?', 1)[0] !== PATH) return end(response, 404)
    if (method !== 'GET' && method !== 'HEAD') return end(response.setHeader('allow', 'GET, HEAD'), 405)
    try {
      // Concurrent scrapes share one collection, so the ledger is read once.
      this.#collecting ??= this.#options.text().finally(() => {
        this.#collecting = undefined
      })
      response.setHeader('content-type', this.#options.contentType)
      response.end(await this.#collecting)
    } catch {
      end(response, 500)
    }
  }
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status
  response.end()
}
