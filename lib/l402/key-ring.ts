import { hmacSha256 } from './hmac.ts'
import type { MasterSecret } from './master-secret.ts'

const NO_SALT = Buffer.alloc(32)
const EXPAND_COUNTER = Buffer.from([1])

/**
 * The master secrets of this service. The first one mints, all of them verify: rotation is a new first entry.
 * A token's root key is HKDF-SHA256(secret, no salt, info = identifier), so an unpaid challenge stores nothing.
 */
export class KeyRing {
  readonly mintingKeyId: number
  readonly #pseudorandomKeys = new Map<number, Buffer>()

  /** @param secrets at least one, key ids unique */
  constructor(secrets: readonly MasterSecret[]) {
    const newest = secrets[0]
    if (newest === undefined) throw new RangeError('a key ring needs at least one secret')
    this.mintingKeyId = newest.keyId
    // HKDF's extract step (RFC 5869 2.2) does not depend on the token, so it runs once.
    for (const { keyId, secret } of secrets) this.#pseudorandomKeys.set(keyId, hmacSha256(NO_SALT, secret))
  }

  /** Root key of one token, 32 bytes; undefined if its secret was rotated out. */
  rootKey(keyId: number, identifier: Buffer): Buffer | undefined {
    const pseudorandomKey = this.#pseudorandomKeys.get(keyId)
    if (pseudorandomKey === undefined) return undefined
    return hmacSha256(pseudorandomKey, Buffer.concat([identifier, EXPAND_COUNTER]))
  }
}

/** Content of an L402 token's macaroon identifier (L402 protocol specification, version 0). */
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
