import type { Hex } from '../settler.ts'

/** A uint256 has at most 78 digits. */
const DECIMAL = /^(?:0|[1-9][0-9]{0,77})$/
const HEX = /^0x[0-9a-fA-F]+$/

/** A foreign JSON object: nothing is known about its members. */
export type JsonObject = Readonly<Record<string, unknown>>

/** True for a JSON object, false for a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @returns undefined for anything but a whole number in plain digits: no sign, no leading zero, no exponent */
export function readDecimal(value: unknown): bigint | undefined {
  return typeof value === 'string' && DECIMAL.test(value) ? BigInt(value) : undefined
}

/** @returns lower case; undefined for anything but `0x` and the digits of exactly so many bytes */
export function readHex(value: unknown, bytes: number): Hex | undefined {
  if (typeof value !== 'string' || value.length !== 2 + 2 * bytes || !HEX.test(value)) return undefined
  return value.toLowerCase() as Hex
}

/** @returns lower case; undefined for anything but `0x` and the digits of so many whole bytes */
export function readHexWithin(value: unknown, minBytes: number, maxBytes: number): Hex | undefined {
  if (typeof value !== 'string' || value.length % 2 === 1) return undefined
  const bytes = value.length / 2 - 1
  return bytes < minBytes || bytes > maxBytes ? undefined : readHex(value, bytes)
}
