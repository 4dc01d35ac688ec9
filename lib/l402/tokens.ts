import { hash, timingSafeEqual } from 'node:crypto'
import {
  type CaveatRefusal,
  digestCaveat,
  judgeCaveats,
  readTerms,
  requestCaveats,
  routeCaveats,
  type TokenRequest,
  type TokenRoute,
  type TokenTerms
} from './caveats.ts'
import type { KeyRing } from './key-ring.ts'
import { readIdentifier } from './key-ring.ts'
import {
  caveatPacket,
  chainCaveat,
  deriveMacaroonKey,
  macaroonIsSignedBy,
  readMacaroon,
  signaturePacket
} from './macaroon.ts'
import type { TokenBase } from './mint.ts'
import { readAuthorization } from './token-headers.ts'

/** Why a proof buys nothing; each becomes a reason in the next challenge. */
export type TokenRefusal = CaveatRefusal | 'token_unreadable' | 'token_forged' | 'preimage_wrong'

export type TokenVerdict =
  | { readonly ok: true; readonly paymentHash: string; readonly terms: TokenTerms }
  | { readonly ok: false; readonly refusal: TokenRefusal }

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

const refuse = (refusal: TokenRefusal) => ({ ok: false, refusal }) as const

/**
 * Checks a proof for one request without touching network or disk: form, signature chain, preimage, caveats.
 * @param request `now` in unix seconds
 */
export function verifyToken(
  keys: KeyRing,
  authorization: string,
  request: TokenRequest & { readonly now: number }
): TokenVerdict {
  const paid = readPaid(keys, authorization)
  if ('refusal' in paid) return paid
  const judgement = judgeCaveats(paid.caveats, request)
  return judgement.ok ? { ok: true, paymentHash: paid.paymentHash, terms: judgement.terms } : judgement
}

/**
 * Whether a proof was issued here, was paid and is still good for some request.
 * @param nowSeconds unix time
 * @returns its payment hash as 64 hex digits
 */
export function paymentHashOfLiveToken(keys: KeyRing, authorization: string, nowSeconds: number): string | undefined {
  const paid = readPaid(keys, authorization)
  return 'refusal' in paid || !readTerms(paid.caveats, nowSeconds).ok ? undefined : paid.paymentHash
}

interface Paid {
  /** 64 hex digits. */
  readonly paymentHash: string
  readonly caveats: readonly string[]
}

type Refused = Extract<TokenVerdict, { ok: false }>

/** What is told of a proof with several macaroons: the refusal of the one that came furthest. */
const FURTHEST: readonly TokenRefusal[] = ['preimage_wrong', 'token_forged', 'token_unreadable']

/** A macaroon of ours whose payment hash the preimage belongs to; its caveats are not judged yet. */
function readPaid(keys: KeyRing, authorization: string): Refused | Paid {
  const proof = readAuthorization(authorization)
  if (proof === undefined) return refuse('token_unreadable')
  const paymentHash = hash('sha256', proof.preimage, 'buffer')
  const refusals = new Set<TokenRefusal>()
  for (const bytes of proof.macaroons) {
    const read = readMacaroonPaidBy(keys, bytes, paymentHash)
    if (!('refusal' in read)) return read
    refusals.add(read.refusal)
  }
  return refuse(FURTHEST.find((refusal) => refusals.has(refusal)) ?? 'token_unreadable')
}

function readMacaroonPaidBy(keys: KeyRing, bytes: Buffer, paymentHash: Buffer): Refused | Paid {
  const macaroon = readMacaroon(bytes)
  const identifier = macaroon && readIdentifier(macaroon.identifier)
  if (macaroon === undefined || identifier === undefined) return refuse('token_unreadable')
  const rootKey = keys.rootKey(identifier.keyId, macaroon.identifier)
  if (rootKey === undefined) return refuse('token_forged')
  if (!macaroonIsSignedBy(macaroon, deriveMacaroonKey(rootKey))) return refuse('token_forged')
  if (!timingSafeEqual(paymentHash, identifier.paymentHash)) return refuse('preimage_wrong')
  return {
    paymentHash: paymentHash.toString('hex'),
    caveats: macaroon.caveats.map((caveat) => caveat.toString('utf8'))
  }
}
