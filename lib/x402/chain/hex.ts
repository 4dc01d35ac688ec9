import type { Hex } from '../settler.ts'

/** Bytes or a number, `0x` and any count of digits. */
export function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value)
}

/** A number of at most 32 bytes, which `BigInt` can read. */
export function isQuantity(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)
}

/** JSON-RPC's form of a number: hex without leading zeros. */
export function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

/** One ABI word of 32 bytes: an address or a number. */
export function word(value: Hex | bigint): Hex {
  return `0x${BigInt(value).toString(16).padStart(64, '0')}`
}

/** The members of an answer's object; none where it is no object. */
export function members(answer: unknown): Record<string, unknown> {
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
}
