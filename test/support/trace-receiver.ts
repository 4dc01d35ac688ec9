/** An OTLP receiver over HTTP, as collectors are, and the traces that it got. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
  readonly status: { readonly code?: number }
}

export class TraceReceiver {
  readonly spans: Span[] = []
  #received = ''
  #url = ''

  /** The base that `OTEL_EXPORTER_OTLP_ENDPOINT` takes. */
  get url(): string {
    return this.#url
  }

  /** Everything that was sent, as it came. */
  get received(): string {
    return this.#received
  }

  async listen(t: Test): Promise<void> {
    const server = createServer(async (request, response) => {
      const body = await text(request)
      this.#received += body
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) this.spans.push(...scope.spans)
      response.setHeader('content-type', 'application/json').end('{}')
    }).listen(0, '127.0.0.1')
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    await once(server, 'listening')
    this.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** Spans of requests by their name and the status of their answer. */
  requests(name: string, status: number): Span[] {
    return this.spans.filter((span) => span.name === name && attributeOf(span, 'http.response.status_code') === status)
  }

  /** A span and what is below it, as paths from it: `POST /v1/x > billing charge > rpc eth_call`. */
  paths(root: Span): string[] {
    const below = (span: Span, path: string): string[] => [
      path,
      ...this.spans
        .filter(({ traceId, parentSpanId }) => traceId === span.traceId && parentSpanId === span.spanId)
        .flatMap((child) => below(child, `${path} > ${child.name}`))
    ]
    return below(root, root.name)
  }
}

export async function startTraceReceiver(t: Test): Promise<TraceReceiver> {
  const receiver = new TraceReceiver()
  await receiver.listen(t)
  return receiver
}

export function attributeOf({ attributes }: Span, key: string): unknown {
  return Object.values(attributes.find((attribute) => attribute.key === key)?.value ?? {})[0]
}
