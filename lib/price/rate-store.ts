import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isPlausibleRate } from './rate.ts'

/** A good quote, as kept across restarts: micro-dollars per bitcoin, agreeing sources, Unix time in ms. */
export interface StoredQuote {
  readonly rateMicroUsd: bigint
  readonly sources: number
  readonly fetchedAtMs: number
}

/** Keeps the last good quote. Both methods may reject; the cache then works without a stored quote. */
export interface RateStore {
  load(): Promise<StoredQuote | undefined>
  save(quote: StoredQuote): Promise<void>
}

/**
 * Keeps the quote in a small JSON file. A missing, incomplete or foreign file loads as `undefined`.
 * `save` rejects with the file system's error.
 */
export class FileRateStore implements RateStore {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async load(): Promise<StoredQuote | undefined> {
    try {
      return readQuote(JSON.parse(await readFile(this.#path, 'utf8')))
    } catch {
      return undefined
    }
  }

  async save(quote: StoredQuote): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    // Written to a temporary file and renamed: a crash leaves the old quote or the new one, never a part of one.
    const temporary = `${this.#path}.${process.pid}.tmp`
    const text = {
      rate_micro_usd: String(quote.rateMicroUsd),
      sources: quote.sources,
      fetched_at_ms: quote.fetchedAtMs
    }
    await writeFile(temporary, `${JSON.stringify(text)}\n`)
    await rename(temporary, this.#path)
  }
}

function readQuote(json: Record<string, unknown>): StoredQuote | undefined {
  const { rate_micro_usd: rate, sources, fetched_at_ms: fetchedAtMs } = json
  if (typeof rate !== 'string' || !/^\d{1,20}$/.test(rate) || !isPlausibleRate(BigInt(rate))) return undefined
  if (!Number.isSafeInteger(sources) || !Number.isSafeInteger(fetchedAtMs)) return undefined
  return { rateMicroUsd: BigInt(rate), sources: Number(sources), fetchedAtMs: Number(fetchedAtMs) }
}
