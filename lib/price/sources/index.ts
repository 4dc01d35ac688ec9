import { PriceError } from '../errors.ts'
import { bitfinex, bitstamp, blockchain, coinbase, coingecko, gemini, kraken } from './exchanges.ts'
import type { RateSource } from './source.ts'

export type { RateSource } from './source.ts'

/** The sources used when nothing is configured. */
export const builtInSources: readonly RateSource[] = [
  coinbase,
  kraken,
  bitstamp,
  bitfinex,
  gemini,
  blockchain,
  coingecko
]

/**
 * Turns configured entries, each the name of a built-in source or an http(s) URL, into sources.
 * Throws `PriceError` `unknown_source` for an unknown name, another scheme, a URL with credentials or a repeated entry.
 */
export function resolveSources(entries: readonly string[]): RateSource[] {
  const sources = entries.map((entry) => builtInSources.find(({ name }) => name === entry) ?? sourceOfUrl(entry))
  // A source that counts twice would outvote the others.
  if (new Set(sources.map(({ url }) => url)).size !== sources.length) {
    throw new PriceError('unknown_source', 'a price source is given more than once')
  }
  return sources
}

function sourceOfUrl(entry: string): RateSource {
  const url = URL.canParse(entry) ? new URL(entry) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    const names = builtInSources.map(({ name }) => name).join(', ')
    throw new PriceError('unknown_source', `expected one of ${names}, or an http(s) URL without credentials`)
  }
  return { name: url.host, url: url.href, read: readAnyShape }
}

function readAnyShape(json: unknown): bigint {
  for (const source of builtInSources) {
    try {
      return source.read(json)
    } catch {
      // Another exchange's shape; the loop's end decides.
    }
  }
  throw new PriceError('invalid_rate', 'the answer has none of the known shapes, or no plausible rate')
}
