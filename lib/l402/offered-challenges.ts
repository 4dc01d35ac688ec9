import { hash, timingSafeEqual } from 'node:crypto'
import type { Challenge } from '../billing/rail.ts'
import { RecentMap } from '../memory/recent-map.ts'
import type { TokenRequest } from './caveats.ts'
import { splitProof } from './l402-proof.ts'
import { paymentHashIn } from './mint.ts'

/** The newest this many are remembered at least, twice as many at most; about 2 kB each. */
const GENERATION = 1024

/** A challenge that is out. */
export interface OfferedChallenge {
  readonly bolt11: string
  /** 64 hex digits. */
  readonly paymentHash: string
  readonly priceSats: number
  readonly expiresAtMs: number
  /** The same moment, as the 402's body tells it. */
  readonly expiresAt: string
  /** As it went out, base64. */
  readonly token: string
  /** Unix seconds. */
  readonly validUntil: number
  readonly request: TokenRequest
}

/** A challenge that is unpaid as far as this process knows, and the time until which it is offered again. */
export interface ReusableChallenge {
  readonly offered: OfferedChallenge
  readonly reusableUntilMs: number
}

interface Remembered extends ReusableChallenge {
  readonly key: string
  isPresented: boolean
}

/** What a proof is that came back as it went out. */
export interface Presented {
  readonly offered: OfferedChallenge
  /** Nobody has brought it to this process before. */
  readonly isFirst: boolean
}

/**
 * Challenges that this process made a short while ago. While one is unpaid, the same client asking the same thing gets
 * it again, so that a retry loop does not empty the invoice pool. When it comes back paid, it is known.
 */
export class OfferedChallenges {
  readonly #byKey = new RecentMap<string, Remembered>(GENERATION)
  readonly #byPaymentHash = new RecentMap<string, Remembered>(GENERATION)

  get(key: string, nowMs: number): ReusableChallenge | undefined {
    const known = this.#byKey.get(key)
    return known !== undefined && nowMs < known.reusableUntilMs ? known : undefined
  }

  add(key: string, offered: OfferedChallenge, nowMs: number): void {
    // Half of the time left: whoever gets it again can still pay without haste.
    const reusableUntilMs = nowMs + (offered.expiresAtMs - nowMs) / 2
    const remembered = { offered, key, reusableUntilMs, isPresented: false }
    this.#byKey.set(key, remembered)
    this.#byPaymentHash.set(offered.paymentHash, remembered)
  }

  /** Takes a paid challenge out of what is offered: it must not be offered again. */
  withdraw(paymentHash: string): void {
    const known = this.#byPaymentHash.get(paymentHash)
    if (known === undefined) return
    known.isPresented = true
    this.withdrawAt(known.key, known.offered)
  }

  /** The same where the key is known: a challenge may be forgotten by its payment hash before it is by its key. */
  withdrawAt(key: string, offered: OfferedChallenge): void {
    if (this.#byKey.get(key)?.offered === offered) this.#byKey.delete(key)
  }

  /**
   * Judges a proof whose token went out from here and comes back letter for letter: there is no need to verify
   * what this process has written, beyond the preimage and the request.
   * @param request `now` in unix seconds
   * @returns undefined for any other proof, and for one that is not good: the whole verification says why
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

/** Constant time: a token's end is what it is signed with. */
function isSameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'))
}

/** @param preimage as the client wrote it; other forms than 64 hex digits are not looked at here */
function isPreimage(preimage: string, paymentHash: string): boolean {
  if (preimage.length !== 64) return false
  const bytes = Buffer.from(preimage, 'hex')
  return bytes.length === 32 && timingSafeEqual(hash('sha256', bytes, 'buffer'), Buffer.from(paymentHash, 'hex'))
}

/** The offer as it goes into a 402. */
export function asChallenge({ bolt11, token, priceSats, expiresAt }: OfferedChallenge): Challenge {
  return {
    headers: [['WWW-Authenticate', challengeHeader(token, bolt11)]],
    // Bech32, base64, digits and a date: nothing to escape.
    members: `"invoice":"${bolt11}","macaroon":"${token}","priceSats":${priceSats},"invoice_expires_at":"${expiresAt}"`
  }
}

/** The same offer made again: a client that has paid meanwhile sees that this is the invoice which it knows. */
export function asRepeat({ offered, reusableUntilMs }: ReusableChallenge): Challenge {
  const { headers, members } = asChallenge(offered)
  const until = new Date(reusableUntilMs).toISOString()
  return { headers, members: `${members},"invoice_reused":true,"invoice_reused_until":"${until}"` }
}

/**
 * The `WWW-Authenticate` value. Of 16 layouts tried on eight client libraries this one was read by all:
 * `macaroon` first, `", "` between parameters, the token twice because newer clients look for `token`.
 * @param token standard base64
 */
export function challengeHeader(token: string, invoice: string): string {
  return `L402 macaroon="${token}", invoice="${invoice}", version="0", token="${token}"`
}
