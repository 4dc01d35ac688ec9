import { observeCall } from '../observe/calls.ts'
import { type Agreement, agreeOnRate, JumpGuard } from './agreement.ts'
import { JsonClient } from './json-client.ts'
import type { RateStore, StoredQuote } from './rate-store.ts'
import type { RateSource } from './sources.ts'

const RETRY_SECONDS = 10

/** The current rate: micro-dollars per bitcoin, number of agreeing sources and age; or the reason for having none. */
export type CurrentRate =
  | { ok: true; rateMicroUsd: bigint; sources: number; ageSeconds: number; fixed: boolean }
  | { ok: false; reason: string }

/** Provides the rate. `current` is synchronous and never throws. */
export interface RateProvider {
  start(): Promise<void>
  current(): CurrentRate
  close(): Promise<void>
}

/** The two levels used here; Fastify's logger fits. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface RateCacheOptions {
  readonly sources: readonly RateSource[]
  readonly store: RateStore
  readonly refreshSeconds: number
  readonly maxAgeSeconds: number
  /** Unix time in ms. */
  readonly now: () => number
  readonly logger: Logger
}

/** Refreshes the rate in the background and keeps the last good one; returns no rate rather than a stale one. */
export class RateCache implements RateProvider {
  readonly #options: RateCacheOptions
  readonly #client = new JsonClient()
  readonly #guard = new JumpGuard()
  #quote: StoredQuote | undefined
  #timer: NodeJS.Timeout | undefined
  #refreshing: Promise<boolean> | undefined
  #failing = false
  #closed = false

  constructor(options: RateCacheOptions) {
    this.#options = options
  }

  /** Loads the stored quote and starts refreshing. Does not wait for a source. */
  async start(): Promise<void> {
    const stored = await this.#options.store.load().catch(() => undefined)
    this.#quote ??= stored
    void this.#refreshAndSchedule()
  }

  current(): CurrentRate {
    if (!this.#quote) return { ok: false, reason: 'no quote yet' }
    const { rateMicroUsd, sources, fetchedAtMs } = this.#quote
    const ageMs = this.#options.now() - fetchedAtMs
    // A quote from the future is as unusable as a stale one: the clock was set back.
    if (Math.abs(ageMs) > this.#options.maxAgeSeconds * 1000) return { ok: false, reason: 'the last quote is too old' }
    return { ok: true, rateMicroUsd, sources, ageSeconds: Math.max(0, Math.floor(ageMs / 1000)), fixed: false }
  }

  /** Queries all sources once; resolves to whether the quote is new. Concurrent calls share one round. Never rejects. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#client.close()
    await this.#refreshing
  }

  async #refreshAndSchedule(): Promise<void> {
    const { refreshSeconds } = this.#options
    const fresh = await this.refresh()
    if (this.#closed) return
    const seconds = fresh ? refreshSeconds : Math.min(refreshSeconds, RETRY_SECONDS)
    this.#timer = setTimeout(() => void this.#refreshAndSchedule(), seconds * 1000).unref()
  }

  async #refresh(): Promise<boolean> {
    const { sources, now } = this.#options
    const answers = await Promise.all(sources.map((source) => this.#ask(source)))
    if (this.#closed) return false
    let agreement: Agreement
    try {
      agreement = agreeOnRate(
        answers.filter((rate) => rate !== undefined),
        sources.length
      )
    } catch (error) {
      this.#fail(String(error))
      return false
    }
    if (!this.#guard.accepts(agreement.rateMicroUsd, this.#quote?.rateMicroUsd)) {
      this.#fail('the rate jumped; waiting for a second round to confirm it')
      return false
    }
    await this.#keep({ ...agreement, fetchedAtMs: now() })
    return true
  }

  async #ask(source: RateSource): Promise<bigint | undefined> {
    try {
      return await observeCall('price', source.name, async () => source.read(await this.#client.get(source.url)))
    } catch (error) {
      if (!this.#closed)
        this.#options.logger.info({ source: source.name, reason: String(error) }, 'price source failed')
      return undefined
    }
  }

  async #keep(quote: StoredQuote): Promise<void> {
    const { logger, store } = this.#options
    this.#quote = quote
    if (this.#failing) logger.info({ sources: quote.sources }, 'price quote is fresh again')
    this.#failing = false
    await store.save(quote).catch((error) => logger.warn({ reason: String(error) }, 'price quote could not be stored'))
  }

  #fail(reason: string): void {
    // One warning per outage, however long it lasts.
    if (!this.#failing) this.#options.logger.warn({ reason }, 'price refresh failed')
    this.#failing = true
  }
}

/** A provider of one configured rate, in micro-dollars per bitcoin, which never ages. */
export function fixedRate(rateMicroUsd: bigint): RateProvider {
  const current: CurrentRate = { ok: true, rateMicroUsd, sources: 0, ageSeconds: 0, fixed: true }
  return { start: async () => {}, current: () => current, close: async () => {} }
}
