import { hash, timingSafeEqual } from 'node:crypto'
import type { Challenge } from '../billing/rail.ts'
import { RecentMap } from '../memory/recent-map.ts'
import type { TokenRequest } from './caveats.ts'
import { splitProof } from './l402-proof.ts'
import { paymentHashIn } from './mint.ts'

/** At least this many of the newest are remembered, at most twice as many; about 2 kB each. */
const GENERATION = 1024

/** An issued challenge. */
export interface OfferedChallenge {
  readonly bolt11: string
  /** 64 hex digits. */
  readonly paymentHash: string
  readonly priceSats: number
  readonly expiresAtMs: number
  /** The same time, as in the 402's body. */
  readonly expiresAt: string
  /** As issued, base64. */
  readonly token: string
  /** Unix seconds. */
  readonly validUntil: number
  readonly request: TokenRequest
}

/** A challenge that is unpaid as far as this process knows, and the end of its reuse. */
export interface ReusableChallenge {
  readonly offered: OfferedChallenge
  readonly reusableUntilMs: number
}

interface Remembered extends ReusableChallenge {
  readonly key: string
  isPresented: boolean
}

/** The verdict on a proof whose token came back unchanged. */
export interface Presented {
  readonly offered: OfferedChallenge
  /** This process sees it for the first time. */
  readonly isFirst: boolean
}

/**
 * Challenges that this process issued recently. While one is unpaid, the same client with the same request gets it
 * again, so that a retry loop does not drain the invoice pool. When its proof comes back, it is recognised.
 */
export class OfferedChallenges {
  readonly #byKey = new RecentMap<string, Remembered>(GENERATION)
  readonly #byPaymentHash = new RecentMap<string, Remembered>(GENERATION)

  get(key: string, nowMs: number): ReusableChallenge | undefined {
    const known = this.#byKey.get(key)
    return known !== undefined && nowMs < known.reusableUntilMs ? known : undefined
  }

  add(key: string, offered: OfferedChallenge, nowMs: number): void {
    // Half of the remaining time, so that a repeated offer leaves time to pay.
    const reusableUntilMs = nowMs + (offered.expiresAtMs - nowMs) / 2
    const remembered = { offered, key, reusableUntilMs, isPresented: false }
    this.#byKey.set(key, remembered)
    this.#byPaymentHash.set(offered.paymentHash, remembered)
  }

  /** Withdraws a paid challenge: it must not be offered again. */
  withdraw(paymentHash: string): void {
    const known = this.#byPaymentHash.get(paymentHash)
    if (known === undefined) return
    known.isPresented = true
    this.withdrawAt(known.key, known.offered)
  }

  /** Withdraws by key: a challenge may be forgotten by payment hash before it is by key. */
  withdrawAt(key: string, offered: OfferedChallenge): void {
    if (this.#byKey.get(key)?.offered === offered) this.#byKey.delete(key)
  }

  /**
   * Judges a proof whose token comes back exactly as issued: beyond the preimage and the request nothing needs
   * verification.
   * @param request `now` in unix seconds
   * @returns undefined for any other or invalid proof, which the full verification then judges
   */
  present(proof: string, request: TokenRequest & { readonly now: number }): Presented | undefined {
    const split = splitProof(proof)
    const known = split && this.#ownAmong(split.macaroons)
    if (split === undefined || known === undefined) return undefined
    const { offered } = known
    if (!isPreimage(split.preimage, offered.paymentHash)) return undefined
    const { method, path, requestSha256 } = offered.request
    if (request.requestSha256 !== requestSha256 || request.path !== path || request.method !== method) return undefined
    if (request.now >= offered.validUntil) return undefined
    const isFirst = !known.isPresented
    known.isPresented = true
    return { offered, isFirst }
  }

  #ownAmong(macaroons: readonly string[]): Remembered | undefined {
    for (const macaroon of macaroons) {
      const known = this.#byPaymentHash.get(paymentHashIn(macaroon))
      if (known !== undefined && isSameText(macaroon, known.offered.token)) return known
    }
    return undefined
  }
}

/** Constant time, because a token ends with its signature. */
function isSameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'))
}

/** @param preimage as the client sent it; forms other than 64 hex digits are not handled here */
function isPreimage(preimage: string, paymentHash: string): boolean {
  if (preimage.length !== 64) return false
  const bytes = Buffer.from(preimage, 'hex')
  return bytes.length === 32 && timingSafeEqual(hash('sha256', bytes, 'buffer'), Buffer.from(paymentHash, 'hex'))
}

/** The offer in a 402. */
export function asChallenge({ bolt11, token, priceSats, expiresAt }: OfferedChallenge): Challenge {
  return {
    headers: [['WWW-Authenticate', challengeHeader(token, bolt11)]],
    // Bech32, base64, digits and a date: nothing to escape.
    members: `"invoice":"${bolt11}","macaroon":"${token}","priceSats":${priceSats},"invoice_expires_at":"${expiresAt}"`
  }
}

/** A repeated offer: a client that has paid meanwhile recognises the invoice. */
export function asRepeat({ offered, reusableUntilMs }: ReusableChallenge): Challenge {
  const { headers, members } = asChallenge(offered)
  const until = new Date(reusableUntilMs).toISOString()
  return { headers, members: `${members},"invoice_reused":true,"invoice_reused_until":"${until}"` }
}

/**
 * The `WWW-Authenticate` value. Of 16 layouts tested with eight client libraries, all of them read this one: `macaroon`
 * first, `", "` between parameters, the token twice because newer clients look for `token`.
 * @param token standard base64
 */
export function challengeHeader(token: string, invoice: string): string {
  return `L402 macaroon="${token}", invoice="${invoice}", version="0", token="${token}"`
}
