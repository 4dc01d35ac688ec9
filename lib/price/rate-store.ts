/** A good quote, as it is kept across restarts: micro-dollars per bitcoin, agreeing sources, Unix time in ms. */
export interface StoredQuote {
  readonly rateMicroUsd: bigint
  readonly sources: number
  readonly fetchedAtMs: number
}

/** Keeps the last good quote. Either method may reject; the cache goes on without it. */
export interface RateStore {
  load(): Promise<StoredQuote | undefined>
  save(quote: StoredQuote): Promise<void>
}
