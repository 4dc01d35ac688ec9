import { hash, timingSafeEqual } from 'node:crypto'
import { type CaveatRefusal, judgeCaveats, readTerms, type TokenRequest, type TokenTerms } from './caveats.ts'
import { type KeyRing, readIdentifier } from './key-ring.ts'
import { readProof } from './l402-proof.ts'
import { deriveMacaroonKey, macaroonIsSignedBy, readMacaroon } from './macaroon.ts'

/** Why a proof is rejected; the codes become reasons in the next challenge. */
export type TokenRefusal = CaveatRefusal | 'token_unreadable' | 'token_forged' | 'preimage_wrong'

export type TokenVerdict =
  | { readonly ok: true; readonly paymentHash: string; readonly terms: TokenTerms }
  | { readonly ok: false; readonly refusal: TokenRefusal }

const refuse = (refusal: TokenRefusal) => ({ ok: false, refusal }) as const

/**
 * Checks a proof for one request without touching network or disk: form, signature chain, preimage, caveats.
 * @param request `now` in unix seconds
 */
export function verifyToken(
  keys: KeyRing,
  proof: string,
  request: TokenRequest & { readonly now: number }
): TokenVerdict {
  const paid = readPaid(keys, proof)
  if ('refusal' in paid) return paid
  const judgement = judgeCaveats(paid.caveats, request)
  return judgement.ok ? { ok: true, paymentHash: paid.paymentHash, terms: judgement.terms } : judgement
}

/**
 * Whether a proof was issued by this service, is paid and still valid for some request.
 * @param nowSeconds unix time
 * @returns its payment hash as 64 hex digits
 */
export function paymentHashOfLiveToken(keys: KeyRing, proof: string, nowSeconds: number): string | undefined {
  const paid = readPaid(keys, proof)
  return 'refusal' in paid || !readTerms(paid.caveats, nowSeconds).ok ? undefined : paid.paymentHash
}

interface Paid {
  /** 64 hex digits. */
  readonly paymentHash: string
  readonly caveats: readonly string[]
}

type Refused = Extract<TokenVerdict, { ok: false }>

/** The rejection of a proof with several macaroons: that of the one that passed most checks. */
const FURTHEST: readonly TokenRefusal[] = ['preimage_wrong', 'token_forged', 'token_unreadable']

/** A macaroon of this service with a matching preimage; its caveats are not judged yet. */
function readPaid(keys: KeyRing, proof: string): Refused | Paid {
  const read = readProof(proof)
  if (read === undefined) return refuse('token_unreadable')
  const paymentHash = hash('sha256', read.preimage, 'buffer')
  const refusals = new Set<TokenRefusal>()
  for (const bytes of read.macaroons) {
    const paid = readMacaroonPaidBy(keys, bytes, paymentHash)
    if (!('refusal' in paid)) return paid
    refusals.add(paid.refusal)
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
