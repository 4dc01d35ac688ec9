import { PriceError } from '../errors.ts'
import { bitfinex, bitstamp, blockchain, coinbase, coingecko, gemini, kraken, type RateSource } from './exchanges.ts'

export type { RateSource } from './exchanges.ts'

/** The default sources. */
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
 * Resolves configured entries, each the name of a built-in source or an http(s) URL, to sources.
 * Throws `PriceError` `unknown_source` for an unknown name, another scheme, a URL with credentials or a repeated entry.
 */
export function resolveSources(entries: readonly string[]): RateSource[] {
  const sources = entries.map((entry) => builtInSources.find(({ name }) => name === entry) ?? sourceOfUrl(entry))
  // A source that is counted twice would outvote the others.
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
      // The shape of another exchange; only the end of the loop decides.
    }
  }
  throw new PriceError('invalid_rate', 'the answer has no known shape, or no plausible rate')
}
