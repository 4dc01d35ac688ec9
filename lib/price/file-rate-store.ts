import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isPlausibleRate } from './rate.ts'
import type { RateStore, StoredQuote } from './rate-store.ts'

/**
 * Keeps the quote in a small JSON file. A missing, torn or foreign file loads as `undefined`.
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
    // Written aside and renamed: a crash leaves the old quote or the new one, never half of one.
    const aside = `${this.#path}.${process.pid}.tmp`
    const text = {
      rate_micro_usd: String(quote.rateMicroUsd),
      sources: quote.sources,
      fetched_at_ms: quote.fetchedAtMs
    }
    await writeFile(aside, `${JSON.stringify(text)}\n`)
    await rename(aside, this.#path)
  }
}

function readQuote(json: Record<string, unknown>): StoredQuote | undefined {
  const { rate_micro_usd: rate, sources, fetched_at_ms: fetchedAtMs } = json
  if (typeof rate !== 'string' || !/^\d{1,20}$/.test(rate) || !isPlausibleRate(BigInt(rate))) return undefined
  if (!Number.isSafeInteger(sources) || !Number.isSafeInteger(fetchedAtMs)) return undefined
  return { rateMicroUsd: BigInt(rate), sources: Number(sources), fetchedAtMs: Number(fetchedAtMs) }
}
