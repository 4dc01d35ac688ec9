import { PriceError } from './errors.ts'
import { parseRate } from './rate.ts'

/** A public quote of one bitcoin in US dollars. `read` takes the parsed answer and may throw `PriceError`. */
export interface RateSource {
  readonly name: string
  readonly url: string
  /** Micro-dollars per bitcoin in a parsed JSON answer. */
  read(json: unknown): bigint
}

/** `{"data":{"amount":"67000.12","base":"BTC","currency":"USD"}}` */
const coinbase: RateSource = {
  name: 'coinbase',
  url: 'https://api.coinbase.com/v2/prices/BTC-USD/spot',
  read(json) {
    const data = member(json, 'data')
    expectPair(member(data, 'base') === 'BTC' && member(data, 'currency') === 'USD')
    return parseRate(member(data, 'amount'))
  }
}

/** `{"error":[],"result":{"XXBTZUSD":{"c":["67000.10000","0.00100000"],…}}}`; `c` is the last trade: price, lot. */
const kraken: RateSource = {
  name: 'kraken',
  url: 'https://api.kraken.com/0/public/Ticker?pair=XBTUSD',
  read(json) {
    const lastTrade = member(member(member(json, 'result'), 'XXBTZUSD'), 'c')
    expectPair(Array.isArray(lastTrade))
    return parseRate((lastTrade as unknown[])[0])
  }
}

/** `{"timestamp":"1700000000","last":"67000","bid":"66999","ask":"67001","vwap":"66900.12",…}` */
const bitstamp: RateSource = {
  name: 'bitstamp',
  url: 'https://www.bitstamp.net/api/v2/ticker/btcusd/',
  read(json) {
    expectPair(member(json, 'timestamp') !== undefined && member(json, 'vwap') !== undefined)
    return parseRate(member(json, 'last'))
  }
}

/** `[bid, bidSize, ask, askSize, change, changeRelative, lastPrice, volume, high, low]`, all numbers. */
const bitfinex: RateSource = {
  name: 'bitfinex',
  url: 'https://api-pub.bitfinex.com/v2/ticker/tBTCUSD',
  read(json) {
    expectPair(Array.isArray(json) && json.length === 10)
    return parseRate((json as unknown[])[6])
  }
}

/** `{"bid":"66999","ask":"67001","last":"67000.00","volume":{"BTC":"1.2","USD":"80400","timestamp":1700000000000}}` */
const gemini: RateSource = {
  name: 'gemini',
  url: 'https://api.gemini.com/v1/pubticker/btcusd',
  read(json) {
    const volume = member(json, 'volume')
    expectPair(member(volume, 'BTC') !== undefined && member(volume, 'USD') !== undefined)
    return parseRate(member(json, 'last'))
  }
}

/** `{"symbol":"BTC-USD","price_24h":66000,"volume_24h":12.3,"last_trade_price":67000.5}` */
const blockchain: RateSource = {
  name: 'blockchain',
  url: 'https://api.blockchain.com/v3/exchange/tickers/BTC-USD',
  read(json) {
    expectPair(member(json, 'symbol') === 'BTC-USD')
    return parseRate(member(json, 'last_trade_price'))
  }
}

/** `{"bitcoin":{"usd":67000}}` */
const coingecko: RateSource = {
  name: 'coingecko',
  url: 'https://api.coingecko.com/api/v3/simple/price?ids=bitcoin&vs_currencies=usd&precision=full',
  read(json) {
    return parseRate(member(member(json, 'bitcoin'), 'usd'))
  }
}

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
  // A source counted twice would outvote the others.
  if (new Set(sources.map(({ url }) => url)).size !== sources.length) {
    throw new PriceError('unknown_source', 'a price source occurs more than once')
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
      // Not this exchange's format; only the end of the loop decides.
    }
  }
  throw new PriceError('invalid_rate', 'the answer has no known shape, or no plausible rate')
}

/** The member of a JSON object, or `undefined` without such an object or member. */
function member(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, key)
    ? (json as Record<string, unknown>)[key]
    : undefined
}

/** Rejects an answer for any pair other than BTC/USD. */
function expectPair(ok: boolean): void {
  if (!ok) throw new PriceError('invalid_rate', 'the answer is not a quote of BTC in USD')
}
