import { PriceError } from './errors.ts'

const MIN_MICRO_USD = 100n * 1_000_000n
const MAX_MICRO_USD = 100_000_000n * 1_000_000n
const SATS_PER_BTC = 100_000_000n
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,30}))?$/

/** Whether a rate in micro-dollars per bitcoin is plausible: from 100 to 100,000,000 dollars. */
export function isPlausibleRate(microUsd: bigint): boolean {
  return microUsd >= MIN_MICRO_USD && microUsd <= MAX_MICRO_USD
}

/**
 * Reads a rate from an exchange's answer, a decimal string or a JSON number, into micro-dollars per bitcoin.
 * Truncates after the sixth decimal: rounding can only raise the price in satoshis, never lower it.
 * Throws `PriceError` `invalid_rate` for other types, other notations and implausible values.
 */
export function parseRate(value: unknown): bigint {
  // The shortest decimal form of a double is what the exchange wrote, so that no float arithmetic is involved.
  const text = typeof value === 'number' ? String(value) : value
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null
  if (!match) throw new PriceError('invalid_rate', 'expected a plain decimal rate')
  const microUsd = BigInt(match[1]!) * 1_000_000n + BigInt((match[2] ?? '').slice(0, 6).padEnd(6, '0'))
  if (!isPlausibleRate(microUsd))
    throw new PriceError('invalid_rate', 'the rate is outside of 100 to 100000000 dollars')
  return microUsd
}

/**
 * Satoshis for a price in micro-dollars at a rate in micro-dollars per bitcoin, rounded up to a whole number.
 * Throws `PriceError` unless both are above zero.
 */
export function satsForUsd(priceMicroUsd: bigint, rateMicroUsdPerBtc: bigint): bigint {
  if (priceMicroUsd <= 0n) throw new PriceError('invalid_usd', 'the price must be above zero')
  if (rateMicroUsdPerBtc <= 0n) throw new PriceError('invalid_rate', 'the rate must be above zero')
  return (priceMicroUsd * SATS_PER_BTC + rateMicroUsdPerBtc - 1n) / rateMicroUsdPerBtc
}
