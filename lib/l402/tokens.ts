import { hash, timingSafeEqual } from 'node:crypto'
import { readAuthorization } from './authorization.ts'
import { type CaveatRefusal, judgeCaveats, requestCaveats, type TokenRequest, type TokenTerms } from './caveats.ts'
import { readIdentifier } from './identifier.ts'
import type { KeyRing } from './key-ring.ts'
import {
  caveatPacket,
  chainCaveat,
  deriveMacaroonKey,
  macaroonIsSignedBy,
  readMacaroon,
  signaturePacket
} from './macaroon.ts'
import type { TokenBase } from './mint.ts'

/** Why a credential buys nothing; each becomes a reason in the next challenge. */
export type TokenRefusal = CaveatRefusal | 'token_unreadable' | 'token_forged' | 'preimage_wrong'

export type TokenVerdict =
  | { readonly ok: true; readonly paymentHash: string; readonly terms: TokenTerms }
  | { readonly ok: false; readonly refusal: TokenRefusal }

/**
 * Ties a minted base to one request.
 * @returns the token as it goes on the wire: standard base64, padded (Go clients refuse the URL-safe form).
 */
export function finishToken(base: TokenBase, request: TokenRequest): string {
  let tail = base.rest
  let signature: Buffer = Buffer.from(base.signature, 'latin1')
  for (const caveat of requestCaveats(request)) {
    const bytes = Buffer.from(caveat)
    tail += caveatPacket(bytes)
    signature = chainCaveat(signature, bytes)
  }
  tail += signaturePacket(signature)
  return base.text + Buffer.from(tail, 'latin1').toString('base64')
}

const refuse = (refusal: TokenRefusal): TokenVerdict => ({ ok: false, refusal })

/**
 * Checks a credential for one request without touching network or disk: form, signature chain, preimage, caveats.
 * @param request `now` in unix seconds
 */
export function verifyToken(
  keys: KeyRing,
  authorization: string,
  request: TokenRequest & { readonly now: number }
): TokenVerdict {
  const credential = readAuthorization(authorization)
  const macaroon = credential && readMacaroon(credential.macaroon)
  const identifier = macaroon && readIdentifier(macaroon.identifier)
  if (credential === undefined || macaroon === undefined || identifier === undefined) return refuse('token_unreadable')
  const rootKey = keys.rootKey(identifier.keyId, macaroon.identifier)
  if (rootKey === undefined) return refuse('token_forged')
  if (!macaroonIsSignedBy(macaroon, deriveMacaroonKey(rootKey))) return refuse('token_forged')
  const paymentHash = hash('sha256', credential.preimage, 'buffer')
  if (!timingSafeEqual(paymentHash, identifier.paymentHash)) return refuse('preimage_wrong')
  const judgement = judgeCaveats(
    macaroon.caveats.map((caveat) => caveat.toString('utf8')),
    request
  )
  if (!judgement.ok) return judgement
  return { ok: true, paymentHash: identifier.paymentHash.toString('hex'), terms: judgement.terms }
}
