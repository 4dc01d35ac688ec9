import { hash } from 'node:crypto'

const BLOCK_BYTES = 64

/**
 * HMAC-SHA256 (RFC 2104) over one-shot hashes. A macaroon chain makes a new key at every step, and `createHmac` costs
 * 3 microseconds with one, 30 on Node 24.
 * @param key at most 64 bytes
 * @returns 32 bytes
 */
export function hmacSha256(key: Buffer, message: Buffer): Buffer {
  if (key.length > BLOCK_BYTES) throw new RangeError('the key is longer than a block')
  const inner = Buffer.allocUnsafe(BLOCK_BYTES + message.length).fill(0x36, 0, BLOCK_BYTES)
  const outer = Buffer.allocUnsafe(BLOCK_BYTES + 32).fill(0x5c, 0, BLOCK_BYTES)
  for (let index = 0; index < key.length; index++) {
    inner[index]! ^= key[index]!
    outer[index]! ^= key[index]!
  }
  message.copy(inner, BLOCK_BYTES)
  hash('sha256', inner, 'buffer').copy(outer, BLOCK_BYTES)
  return hash('sha256', outer, 'buffer')
}
