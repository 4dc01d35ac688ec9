import type { Hex } from '../settler.ts'

/** Bytes or a number, `0x` and any count of digits. */
export function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value)
}

/** A number of at most 32 bytes, which `BigInt` can read. */
export function isQuantity(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)
}

/** JSON-RPC's number format: hex without leading zeros. */
export function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

/** One ABI word of 32 bytes: an address or a number. */
export function word(value: Hex | bigint): Hex {
  return `0x${BigInt(value).toString(16).padStart(64, '0')}`
}

/** The members of a response object; none if it is not an object. */
export function members(answer: unknown): Record<string, unknown> {
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
}

/** First four bytes of keccak256 of a signature: a function selector. */
export const SELECTORS = {
  'authorizationState(address,bytes32)': '0xe94a0102',
  'balanceOf(address)': '0x70a08231',
  'name()': '0x06fdde03',
  'version()': '0x54fd4d50',
  'decimals()': '0x313ce567',
  'DOMAIN_SEPARATOR()': '0x3644e515'
} as const

/** keccak256 of an event's signature: the first topic of its logs. */
export const TOPICS = {
  'AuthorizationUsed(address,bytes32)': '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
  'AuthorizationCanceled(address,bytes32)': '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
  'Transfer(address,address,uint256)': '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
} as const

/** A function's call data; every argument is one word. */
export function callData(name: keyof typeof SELECTORS, ...args: readonly (Hex | bigint)[]): Hex {
  return `${SELECTORS[name]}${args.map((arg) => word(arg).slice(2)).join('')}`
}
