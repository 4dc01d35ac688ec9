/** An L402 proof of payment as a client sent it. */
export interface L402Proof {
  /** One or more; one of them may be from this service. */
  readonly macaroons: readonly Buffer[]
  /** 32 bytes. */
  readonly preimage: Buffer
}

/** Longest `Authorization` value that is parsed. */
export const MAX_PROOF_LENGTH = 8192
/** Most parts between commas: macaroons are verified until one is valid. */
const MAX_PARTS = 8

const SCHEME = /^(?:L402|LSAT) +(?=[^ ])/i
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/
const HEX = /^[0-9a-f]+$/i

/**
 * Whether a header value contains a proof for this rail, readable or not. The bare scheme does not: generated clients
 * send it before they have paid.
 */
export function isL402Proof(value: string): boolean {
  return SCHEME.test(value)
}

/** An unparsed proof. */
interface ProofText {
  readonly macaroons: readonly string[]
  readonly preimage: string
}

/**
 * Splits `L402 <macaroon>[,<macaroon>…]:<preimage>`; `LSAT` and any case are accepted. The same proof may follow again
 * after a comma: proxies join the two `Authorization` lines that the reference client sends.
 * @returns undefined without a proof, or with several
 */
export function splitProof(value: string): ProofText | undefined {
  if (value.length > MAX_PROOF_LENGTH || !SCHEME.test(value)) return undefined
  let proof: ProofText | undefined
  let macaroons: string[] = []
  const parts = value.split(',', MAX_PARTS + 1)
  if (parts.length > MAX_PARTS) return undefined
  for (const part of parts) {
    const text = part.trim()
    const scheme = SCHEME.exec(text)?.[0] ?? ''
    const colon = text.lastIndexOf(':')
    // A scheme starts a proof: if one starts before the previous has ended, that one was cut.
    if (scheme !== '' && macaroons.length > 0) return undefined
    macaroons.push(text.slice(scheme.length, colon === -1 ? undefined : colon))
    if (colon === -1) continue
    const read = { macaroons, preimage: text.slice(colon + 1) }
    if (proof !== undefined && !isSameProof(read, proof)) return undefined
    proof = read
    macaroons = []
  }
  return macaroons.length === 0 ? proof : undefined
}

function isSameProof(one: ProofText, other: ProofText): boolean {
  return one.preimage === other.preimage && one.macaroons.join() === other.macaroons.join()
}

/**
 * Reads a proof. Macaroons may be standard or URL-safe base64; of several, those that are neither are skipped.
 * @returns undefined if unreadable.
 */
export function readProof(value: string): L402Proof | undefined {
  const text = splitProof(value)
  const preimage = text && readPreimage(text.preimage)
  if (text === undefined || preimage === undefined) return undefined
  const macaroons = text.macaroons.filter((macaroon) => BASE64.test(macaroon))
  return macaroons.length === 0
    ? undefined
    : { macaroons: macaroons.map((macaroon) => Buffer.from(macaroon, 'base64')), preimage }
}

/** 64 hex digits; or 96, because one client reads the hex text as base64 and sends that as hex. */
function readPreimage(text: string): Buffer | undefined {
  if (!HEX.test(text)) return undefined
  if (text.length === 64) return Buffer.from(text, 'hex')
  if (text.length !== 96) return undefined
  const hex = Buffer.from(text, 'hex').toString('base64')
  return HEX.test(hex) && hex.length === 64 ? Buffer.from(hex, 'hex') : undefined
}
