/** What an L402 token's macaroon identifier holds (L402 protocol specification, version 0). */
export interface TokenIdentifier {
  readonly paymentHash: Buffer
  readonly keyId: number
}

const VERSION = 0
const LENGTH = 66
const KEY_ID_OFFSET = 34
const RANDOM_OFFSET = 38

/**
 * u16 version 0 | 32-byte payment hash | 32-byte token id, of which the first four bytes name the master secret.
 * @param random 28 random bytes
 */
export function writeIdentifier(paymentHash: Buffer, keyId: number, random: Buffer): Buffer {
  const identifier = Buffer.alloc(LENGTH)
  identifier.writeUInt16BE(VERSION, 0)
  paymentHash.copy(identifier, 2, 0, 32)
  identifier.writeUInt32BE(keyId, KEY_ID_OFFSET)
  random.copy(identifier, RANDOM_OFFSET, 0, LENGTH - RANDOM_OFFSET)
  return identifier
}

/** @returns undefined for an identifier of another version or length. */
export function readIdentifier(identifier: Buffer): TokenIdentifier | undefined {
  if (identifier.length !== LENGTH || identifier.readUInt16BE(0) !== VERSION) return undefined
  return { paymentHash: identifier.subarray(2, KEY_ID_OFFSET), keyId: identifier.readUInt32BE(KEY_ID_OFFSET) }
}
