import { timingSafeEqual } from 'node:crypto'
import { hmacSha256 } from './hmac.ts'

/** A first-party macaroon: opaque identifier, caveats in order, and the signature that closes the chain. */
export interface Macaroon {
  readonly identifier: Buffer
  readonly caveats: readonly Buffer[]
  readonly signature: Buffer
}

/** Longest macaroon that is parsed: one of this service is under 600 bytes, and holders may append a few caveats. */
export const MAX_MACAROON_BYTES = 4096
const MAX_CAVEATS = 32
const SIGNATURE_BYTES = 32

const KEY_GENERATOR = Buffer.from('macaroons-key-generator')

/** The key that Go's, Python's and libmacaroons' libraries derive from a root key before they sign with it. */
export function deriveMacaroonKey(rootKey: Buffer): Buffer {
  return hmacSha256(KEY_GENERATOR, rootKey)
}

/** Extends the signature chain by one caveat; needs no key, so a holder can do it too. */
export function chainCaveat(signature: Buffer, caveat: Buffer): Buffer {
  return hmacSha256(signature, caveat)
}

/** Whether the chain over all caveats, from a derived key, ends in the macaroon's signature (constant time). */
export function macaroonIsSignedBy(macaroon: Macaroon, derivedKey: Buffer): boolean {
  let signature = hmacSha256(derivedKey, macaroon.identifier)
  for (const caveat of macaroon.caveats) signature = chainCaveat(signature, caveat)
  return timingSafeEqual(signature, macaroon.signature)
}

/**
 * Reads the binary form, version 1 (packets) or version 2 (type-length-value). Third-party caveats are rejected: this
 * service issues none, so nobody could discharge them.
 * @returns undefined for anything that is not exactly one macaroon.
 */
export function readMacaroon(bytes: Buffer): Macaroon | undefined {
  if (bytes.length > MAX_MACAROON_BYTES || bytes.length < SIGNATURE_BYTES) return undefined
  const macaroon = bytes[0] === 2 ? readVersion2(bytes) : readVersion1(bytes)
  return macaroon !== undefined && macaroon.signature.length === SIGNATURE_BYTES ? macaroon : undefined
}

/** Packets: 4 hex digits of length, key, space, value, newline; location, identifier, cid…, signature. */
function readVersion1(bytes: Buffer): Macaroon | undefined {
  const text = bytes.toString('latin1')
  const caveats: Buffer[] = []
  let identifier: Buffer | undefined
  for (let offset = 0, index = 0; offset < bytes.length; index++) {
    const end = offset + packetLength(bytes, offset)
    const space = text.indexOf(' ', offset + 4)
    if (end < offset + 7 || end > bytes.length || space === -1 || space >= end || bytes[end - 1] !== 0x0a)
      return undefined
    const key = text.slice(offset + 4, space)
    const value = bytes.subarray(space + 1, end - 1)
    offset = end
    if (index === 0 && key === 'location') continue
    if (identifier === undefined && key === 'identifier') identifier = value
    else if (identifier !== undefined && key === 'cid' && caveats.length < MAX_CAVEATS) caveats.push(value)
    else if (identifier !== undefined && key === 'signature' && offset === bytes.length)
      return { identifier, caveats, signature: value }
    else return undefined
  }
  return undefined
}

/** Four hex digits of either case; 0 for anything else. */
function packetLength(bytes: Buffer, offset: number): number {
  let length = 0
  for (let index = offset; index < offset + 4; index++) {
    const digit = hexDigit(bytes[index])
    if (digit === -1) return 0
    length = length * 16 + digit
  }
  return length
}

function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

const FIELD_END = 0
const FIELD_LOCATION = 1
const FIELD_IDENTIFIER = 2
const FIELD_SIGNATURE = 6

/** libmacaroons version 2: 0x02, fields of varint type, varint length, bytes; sections closed by 0x00. */
function readVersion2(bytes: Buffer): Macaroon | undefined {
  let offset = 1
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = bytes[offset++]
      if (byte === undefined) return -1
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return -1
  }
  const field = (): { type: number; value: Buffer } | undefined => {
    const type = varint()
    if (type === FIELD_END) return { type, value: bytes.subarray(offset, offset) }
    const length = varint()
    if (type < 0 || length < 0 || offset + length > bytes.length) return undefined
    const value = bytes.subarray(offset, offset + length)
    offset += length
    return { type, value }
  }
  /** One section: optional location, then exactly an identifier, then its end mark. */
  const section = (): Buffer | 'end' | undefined => {
    let next = field()
    if (next?.type === FIELD_END) return 'end'
    if (next?.type === FIELD_LOCATION) next = field()
    if (next?.type !== FIELD_IDENTIFIER) return undefined
    return field()?.type === FIELD_END ? next.value : undefined
  }
  const identifier = section()
  if (identifier === undefined || identifier === 'end') return undefined
  const caveats: Buffer[] = []
  for (;;) {
    const caveat = section()
    if (caveat === undefined || caveats.length > MAX_CAVEATS) return undefined
    if (caveat === 'end') break
    caveats.push(caveat)
  }
  const last = field()
  if (last?.type !== FIELD_SIGNATURE || offset !== bytes.length) return undefined
  return { identifier, caveats, signature: last.value }
}

/** One version 1 packet, as `macaroons.js` writes it; bytes as latin1 text. */
export function caveatPacket(caveat: Buffer): string {
  const length = 4 + 'cid '.length + caveat.length + 1
  return `${length.toString(16).padStart(4, '0')}cid ${caveat.toString('latin1')}\n`
}

/** The packet that closes a version 1 macaroon; bytes as latin1 text. */
export function signaturePacket(signature: Buffer): string {
  return `002fsignature ${signature.toString('latin1')}\n`
}
