import { createRequire } from 'node:module'
import {
  commonCaveats,
  digestCaveat,
  requestCaveats,
  routeCaveats,
  type TokenRequest,
  type TokenRoute
} from './caveats.ts'
import { type KeyRing, writeIdentifier } from './key-ring.ts'
import { caveatPacket, chainCaveat, deriveMacaroonKey, signaturePacket } from './macaroon.ts'

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
const SIGNATURE_PACKET_LENGTH = 0x2f

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

/** Ties a minted base to the route that most requests take, so that only their digest is left to be signed. */
export function tieToRoute(base: TokenBase, { method, path }: TokenRoute): TokenBase {
  const { tail, signature } = withCaveats(base, routeCaveats({ method, path }))
  const grouped = tail.length - (tail.length % 3)
  return {
    ...base,
    text: base.text + Buffer.from(tail.slice(0, grouped), 'latin1').toString('base64'),
    rest: tail.slice(grouped),
    signature: signature.toString('latin1'),
    tied: { method, path, from: base }
  }
}

/**
 * Ties a minted base to one request.
 * @returns the token as it goes on the wire: standard base64, padded (Go clients refuse the URL-safe form).
 */
export function finishToken(base: TokenBase, request: TokenRequest): string {
  const { tied } = base
  const isOnRoute = tied !== undefined && tied.method === request.method && tied.path === request.path
  const from = isOnRoute || tied === undefined ? base : tied.from
  const { tail, signature } = withCaveats(from, isOnRoute ? [digestCaveat(request)] : requestCaveats(request))
  return from.text + Buffer.from(tail + signaturePacket(signature), 'latin1').toString('base64')
}

/** @returns the packets after the base's whole groups, as latin1, and the signature over all */
function withCaveats(
  { rest, signature: signed }: Pick<TokenBase, 'rest' | 'signature'>,
  caveats: readonly string[]
): { readonly tail: string; readonly signature: Buffer } {
  let tail = rest
  let signature: Buffer = Buffer.from(signed, 'latin1')
  for (const caveat of caveats) {
    const bytes = Buffer.from(caveat)
    tail += caveatPacket(bytes)
    signature = chainCaveat(signature, bytes)
  }
  return { tail, signature }
}
