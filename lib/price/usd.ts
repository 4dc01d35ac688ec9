import { PriceError } from './errors.ts'

const DECIMAL = /^(0|[1-9]\d{0,11})(?:\.(\d{1,6}))?$/

/**
 * Reads a decimal string of US dollars, such as `0.10`, into micro-dollars.
 * Throws `PriceError` `invalid_usd` for anything else: zero, a sign, an exponent, more than 6 decimals.
 */
export function parseUsd(decimal: string): bigint {
  const match = DECIMAL.exec(decimal)
  if (!match) throw new PriceError('invalid_usd', 'expected a decimal amount of US dollars with at most 6 decimals')
  const microUsd = BigInt(match[1]!) * 1_000_000n + BigInt((match[2] ?? '').padEnd(6, '0'))
  if (microUsd === 0n) throw new PriceError('invalid_usd', 'expected an amount above zero')
  return microUsd
}

/** Formats micro-dollars as a decimal string with 2 to 6 decimals: `100000n` is `0.10`. */
export function formatUsd(microUsd: bigint): string {
  const fraction = (microUsd % 1_000_000n).toString().padStart(6, '0')
  return `${microUsd / 1_000_000n}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, '')}`
}
