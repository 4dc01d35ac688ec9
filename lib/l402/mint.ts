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

/** The package is CommonJS and contains its own cryptography, so it loads with the first token, not at the start. */
function macaroons(): Macaroons {
  if (loaded === undefined) {
    loaded = createRequire(import.meta.url)('macaroons.js') as Macaroons
    // Identifiers are binary; the package's default, utf8, corrupts them.
    loaded.MacaroonsConstants.IDENTIFIER_CHARSET = 'latin1'
  }
  return loaded
}

const LOCATION = 'power-oracle'
const SIGNATURE_PACKET_LENGTH = 0x2f

/** Offset of the payment hash in a token: after both packets' heads and the identifier's version. */
const PAYMENT_HASH_OFFSET = 4 + 'location '.length + LOCATION.length + 1 + 4 + 'identifier '.length + 2
const FIRST_GROUP = Math.floor(PAYMENT_HASH_OFFSET / 3)
const END_GROUP = Math.ceil((PAYMENT_HASH_OFFSET + 32) / 3)

/**
 * The payment hash of a token in the form that this service sends, unverified; 64 hex digits. Any other input gives
 * arbitrary text.
 */
export function paymentHashIn(token: string): string {
  const bytes = Buffer.from(token.slice(FIRST_GROUP * 4, END_GROUP * 4), 'base64')
  const start = PAYMENT_HASH_OFFSET - FIRST_GROUP * 3
  return bytes.toString('hex', start, start + 32)
}

/**
 * A partial macaroon: its version 1 packets without the closing signature packet. All parts are text: thousands wait in
 * the pool, and each small Buffer would retain its 8 KiB slab.
 */
export interface TokenBase {
  /** Base64 of the packets' whole groups of three bytes. */
  readonly text: string
  /** The remaining zero to two bytes, as latin1. */
  readonly rest: string
  /** 32 bytes as latin1. */
  readonly signature: string
  readonly validUntil: number
  /** The route that it is already bound to, and its state before that. */
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

/** Binds a minted base to the usual route, so that only the request's digest remains to be signed. */
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
 * Binds a minted base to one request.
 * @returns the token on the wire: standard base64, padded (Go clients reject the URL-safe form).
 */
export function finishToken(base: TokenBase, request: TokenRequest): string {
  const { tied } = base
  const isOnRoute = tied !== undefined && tied.method === request.method && tied.path === request.path
  const from = isOnRoute || tied === undefined ? base : tied.from
  const { tail, signature } = withCaveats(from, isOnRoute ? [digestCaveat(request)] : requestCaveats(request))
  return from.text + Buffer.from(tail + signaturePacket(signature), 'latin1').toString('base64')
}

/** @returns the packets after the base's whole groups, as latin1, and the signature over all packets packets */
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
