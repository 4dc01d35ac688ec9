import { AsyncLocalStorage } from 'node:async_hooks'
import type { TracingChannel } from 'node:diagnostics_channel'
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { calls, failureOf, stages, type Work } from '../observe/calls.ts'
import { withDeadline } from '../time/deadline.ts'

const SERVICE = 'power-oracle'
/** The most spans that wait to be sent; more are dropped, so that a receiver that is down or frozen delays nothing. */
const MAX_QUEUED_SPANS = 2048
const MAX_SPANS_AT_ONCE = 512
const SEND_AFTER_MS = 1000
const SEND_LIMIT_MS = 5000
const MAX_SENDS_AT_ONCE = 2
const CLOSE_LIMIT_MS = 2000

/**
 * Traces of requests: a span for each request, each of its stages and each outgoing call. A span names a route
 * template, a status, the peer and the operation, but no client input. A client's `traceparent` is not read, because it
 * would control sampling.
 */
export class Traces {
  readonly #provider: BasicTracerProvider
  readonly #tracer: Tracer
  readonly #current = new AsyncLocalStorage<Span>()
  readonly #spans = new WeakMap<Work, Span>()
  readonly #ends: (() => void)[]

  /**
   * Starts tracing.
   * @param endpoint an OTLP receiver's base URL
   */
  constructor(endpoint: string, version: string) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint}/v1/traces`,
      timeoutMillis: SEND_LIMIT_MS,
      concurrencyLimit: MAX_SENDS_AT_ONCE
    })
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': SERVICE, 'service.version': version }),
      spanProcessors: [
        new BatchSpanProcessor(exporter, {
          maxQueueSize: MAX_QUEUED_SPANS,
          maxExportBatchSize: MAX_SPANS_AT_ONCE,
          scheduledDelayMillis: SEND_AFTER_MS,
          exportTimeoutMillis: SEND_LIMIT_MS
        })
      ]
    })
    this.#tracer = this.#provider.getTracer(SERVICE, version)
    this.#ends = [this.#listen(calls, SpanKind.CLIENT), this.#listen(stages, SpanKind.INTERNAL)]
  }

  /**
   * Starts the span of a request.
   * @param route the router's pattern; undefined where none matches
   */
  begin(method: string, route: string | undefined): Span {
    const name = route === undefined ? 'unmatched' : `${method} ${route}`
    const attributes = route === undefined ? {} : { 'http.request.method': method, 'http.route': route }
    return this.#tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT)
  }

  /** Continues within a request: later work belongs to its span. */
  within(span: Span, next: () => void): void {
    this.#current.run(span, next)
  }

  end(span: Span, status: number): void {
    span.setAttribute('http.response.status_code', status)
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }

  /** Sends waiting spans, for at most two seconds. */
  async close(): Promise<void> {
    for (const end of this.#ends) end()
    await withDeadline(
      this.#provider.shutdown().catch(() => {}),
      CLOSE_LIMIT_MS,
      () => {}
    )
  }

  #listen(channel: TracingChannel<unknown, Work>, kind: SpanKind): () => void {
    const onEnd = (message: unknown) => {
      const work = message as Work
      const span = this.#spans.get(work)
      if (span === undefined) return
      if ('error' in work) {
        span.setAttribute('error.type', failureOf(work.error))
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    }
    channel.start.bindStore(this.#current, (message) => {
      const work = message as Work
      const span = this.#begin(work, kind)
      this.#spans.set(work, span)
      return span
    })
    channel.asyncEnd.subscribe(onEnd)
    return () => {
      channel.start.unbindStore(this.#current)
      channel.asyncEnd.unsubscribe(onEnd)
    }
  }

  #begin({ peer, name }: Work, kind: SpanKind): Span {
    const parent = this.#current.getStore()
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent)
    return this.#tracer.startSpan(`${peer} ${name}`, { kind, attributes: { 'peer.service': peer } }, context)
  }
}
