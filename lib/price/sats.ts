import { PriceError } from './errors.ts'

const SATS_PER_BTC = 100_000_000n

/**
 * Satoshis that pay a price in micro-dollars at a rate in micro-dollars per bitcoin, rounded up to whole ones.
 * Throws `PriceError` when one of the two is not above zero.
 */
export function satsForUsd(priceMicroUsd: bigint, rateMicroUsdPerBtc: bigint): bigint {
  if (priceMicroUsd <= 0n) throw new PriceError('invalid_usd', 'the price must be above zero')
  if (rateMicroUsdPerBtc <= 0n) throw new PriceError('invalid_rate', 'the rate must be above zero')
  return (priceMicroUsd * SATS_PER_BTC + rateMicroUsdPerBtc - 1n) / rateMicroUsdPerBtc
}
