/** The request that a token covers. */
export type TokenRequest = Pick<TokenTerms, 'method' | 'path' | 'requestSha256'>

/** The scope of a token; every field is one caveat of the macaroon. */
export interface TokenTerms {
  /** Unix seconds after which the token is invalid. */
  readonly validUntil: number
  readonly method: string
  /** Path of the request, without query. */
  readonly path: string
  /** Request fingerprint, 64 hex digits. */
  readonly requestSha256: string
  readonly priceMsat: bigint
}

const SERVICE = 'power-oracle:0'

/** Caveats that do not depend on the request: they are minted in advance, with the invoice. */
export function commonCaveats(validUntil: number, priceMsat: bigint): string[] {
  return [`services=${SERVICE}`, `power-oracle_valid_until=${validUntil}`, `price_msat=${priceMsat}`]
}

/** The route of a request. */
export type TokenRoute = Pick<TokenTerms, 'method' | 'path'>

/** Caveats that bind a token to one route. */
export function routeCaveats({ method, path }: TokenRoute): string[] {
  return [`method=${method}`, `path=${path}`]
}

/** Caveats that bind a token to one request. */
export function requestCaveats(request: TokenRequest): string[] {
  return [...routeCaveats(request), digestCaveat(request)]
}

export function digestCaveat({ requestSha256 }: TokenRequest): string {
  return `request_sha256=${requestSha256}`
}

/** Why caveats do not cover a request. */
export type CaveatRefusal = 'token_malformed' | 'token_expired' | 'token_other_request'

export type CaveatJudgement =
  | { readonly ok: true; readonly terms: TokenTerms }
  | { readonly ok: false; readonly refusal: CaveatRefusal }

const malformed: CaveatJudgement = { ok: false, refusal: 'token_malformed' }

/** Judges a token's caveats for one request: all of this service's caveats must be present and hold. */
export function judgeCaveats(
  caveats: readonly string[],
  request: TokenRequest & { readonly now: number }
): CaveatJudgement {
  const judgement = readTerms(caveats, request.now)
  if (!judgement.ok) return judgement
  const { method, path, requestSha256 } = judgement.terms
  const isForIt = method === request.method && path === request.path && requestSha256 === request.requestSha256
  return isForIt ? judgement : { ok: false, refusal: 'token_other_request' }
}

/**
 * The scope of a token, independent of the request. Unknown keys are skipped, as the L402 specification says (the
 * reference client appends `preimage=…`). A holder may repeat a key to narrow the token; widening is rejected.
 * @param nowSeconds unix time
 */
export function readTerms(caveats: readonly string[], nowSeconds: number): CaveatJudgement {
  let services: ReadonlySet<string> | undefined
  let validUntil: number | undefined
  let priceMsat: string | undefined
  const exact: Record<'method' | 'path' | 'request_sha256', string | undefined> = {
    method: undefined,
    path: undefined,
    request_sha256: undefined
  }
  for (const caveat of caveats) {
    const equals = caveat.indexOf('=')
    const key = equals === -1 ? caveat : caveat.slice(0, equals)
    const value = caveat.slice(equals + 1)
    switch (key) {
      case 'services': {
        const listed = new Set(value.split(','))
        for (const service of services === undefined ? [] : listed) if (!services?.has(service)) return malformed
        services = listed
        break
      }
      case 'power-oracle_valid_until': {
        const seconds = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN
        if (Number.isNaN(seconds) || seconds > (validUntil ?? Number.POSITIVE_INFINITY)) return malformed
        validUntil = seconds
        break
      }
      case 'price_msat':
        if (!/^[1-9]\d{0,18}$/.test(value) || (priceMsat !== undefined && priceMsat !== value)) return malformed
        priceMsat = value
        break
      case 'method':
      case 'path':
      case 'request_sha256':
        if (exact[key] !== undefined && exact[key] !== value) return malformed
        exact[key] = value
    }
  }
  if (services === undefined || validUntil === undefined || priceMsat === undefined) return malformed
  if (exact.method === undefined || exact.path === undefined || exact.request_sha256 === undefined) return malformed
  if (!services.has(SERVICE)) return { ok: false, refusal: 'token_other_request' }
  if (nowSeconds >= validUntil) return { ok: false, refusal: 'token_expired' }
  return {
    ok: true,
    terms: {
      validUntil,
      method: exact.method,
      path: exact.path,
      requestSha256: exact.request_sha256,
      priceMsat: BigInt(priceMsat)
    }
  }
}
