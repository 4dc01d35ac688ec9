import { createRequire } from 'node:module'
import { commonCaveats, type TokenRoute } from './caveats.ts'
import type { KeyRing } from './key-ring.ts'
import { writeIdentifier } from './key-ring.ts'
import { deriveMacaroonKey } from './macaroon.ts'

type Macaroons = typeof import('macaroons.js').default

let loaded: Macaroons | undefined

/** The package is CommonJS and brings cryptography of its own: it loads with the first token, not with the service. */
function macaroons(): Macaroons {
  if (loaded === undefined) {
    loaded = createRequire(import.meta.url)('macaroons.js') as Macaroons
    // Identifiers are binary. With the package's default, utf8, none of them survives a round trip.
    loaded.MacaroonsConstants.IDENTIFIER_CHARSET = 'latin1'
  }
  return loaded
}

const LOCATION = 'power-oracle'

/** Where the payment hash begins in a token's bytes: behind both packets' heads and the identifier's version. */
const PAYMENT_HASH_OFFSET = 4 + 'location '.length + LOCATION.length + 1 + 4 + 'identifier '.length + 2
const FIRST_GROUP = Math.floor(PAYMENT_HASH_OFFSET / 3)
const END_GROUP = Math.ceil((PAYMENT_HASH_OFFSET + 32) / 3)

/**
 * The payment hash in a token of the form in which this service sends it, unverified; 64 hex digits.
 * Anything else gives some other text.
 */
export function paymentHashIn(token: string): string {
  const bytes = Buffer.from(token.slice(FIRST_GROUP * 4, END_GROUP * 4), 'base64')
  const start = PAYMENT_HASH_OFFSET - FIRST_GROUP * 3
  return bytes.toString('hex', start, start + 32)
}

/**
 * A macaroon in the making: its version 1 packets so far, without the closing signature packet. All of it is text: it
 * waits by the thousand, and each small Buffer would hold on to the 8 KiB that it was cut from.
 */
export interface TokenBase {
  /** Base64 of the packets, as far as whole groups of three bytes go. */
  readonly text: string
  /** The bytes after those, none to two, as latin1. */
  readonly rest: string
  /** 32 bytes as latin1. */
  readonly signature: string
  readonly validUntil: number
  /** The route that it is tied to already, and what it was before. */
  readonly tied?: TokenRoute & { readonly from: Pick<TokenBase, 'text' | 'rest' | 'signature'> }
}

/**
 * Mints the part of a token that does not depend on the request.
 * @param validUntil unix seconds
 * @param random 28 random bytes
 */
export function mintTokenBase(
  keys: KeyRing,
  paymentHash: Buffer,
  validUntil: number,
  priceMsat: bigint,
  random: Buffer
): TokenBase {
  const identifier = writeIdentifier(paymentHash, keys.mintingKeyId, random)
  const rootKey = keys.rootKey(keys.mintingKeyId, identifier)
  if (rootKey === undefined) throw new RangeError('the minting key is not in the ring')
  const builder = new (macaroons().MacaroonsBuilder)(
    LOCATION,
    deriveMacaroonKey(rootKey),
    identifier.toString('latin1')
  )
  for (const caveat of commonCaveats(validUntil, priceMsat)) builder.add_first_party_caveat(caveat)
  const macaroon = builder.getMacaroon()
  const serialized = Buffer.from(macaroon.serialize(), 'base64')
  const packets = serialized.subarray(0, serialized.length - SIGNATURE_PACKET_LENGTH)
  const grouped = packets.length - (packets.length % 3)
  return {
    text: packets.toString('base64', 0, grouped),
    rest: packets.toString('latin1', grouped),
    signature: macaroon.signatureBuffer.toString('latin1'),
    validUntil
  }
}
const SIGNATURE_PACKET_LENGTH = 0x2f
