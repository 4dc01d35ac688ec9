import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { canonicalJson } from '../../json/canonical-json.ts'
import type { Hex } from '../settler.ts'
import type { Settled } from '../wire/payment-response.ts'

/** DER of an Ed25519 private key (RFC 8410) up to its 32 bytes. */
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex')

const RECEIPT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    receipt: {
      type: 'object',
      properties: { format: { type: 'string', const: 'jws' }, signature: { type: 'string' } },
      required: ['format', 'signature']
    }
  },
  required: ['receipt']
} as const

/** The content of a receipt beside payer, network and transaction. */
export interface Receipted extends Settled {
  readonly resourceUrl: string
  /** Unix seconds. */
  readonly issuedAt: number
}

/**
 * Signs receipts (x402 `extensions/extension-offer-and-receipt.md`, section 5) as JWS with EdDSA: `node:crypto` takes
 * 50 us, and the key's name contains its public key. `/.well-known/x402` confirms that the key is this service's.
 */
export class ReceiptSigner {
  /** A `did:jwk` URL. */
  readonly kid: string
  readonly #key: KeyObject
  readonly #header: string

  /** @param seed 32 bytes: an Ed25519 private key (RFC 8032) */
  constructor(seed: Hex) {
    const der = Buffer.concat([PKCS8_START, Buffer.from(seed.slice(2), 'hex')])
    this.#key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const { crv, kty, x } = createPublicKey(this.#key).export({ format: 'jwk' })
    this.kid = `did:jwk:${base64url(JSON.stringify({ crv, kty, x }))}#0`
    this.#header = base64url(JSON.stringify({ alg: 'EdDSA', kid: this.kid }))
  }

  /** @returns the `extensions` of a settlement */
  receipt({ network, resourceUrl, payer, issuedAt, transaction }: Receipted): Readonly<Record<string, unknown>> {
    const payload = base64url(canonicalJson({ version: 1, network, resourceUrl, payer, issuedAt, transaction }))
    const signed = `${this.#header}.${payload}`
    const signature = `${signed}.${sign(null, Buffer.from(signed), this.#key).toString('base64url')}`
    return { 'offer-receipt': { info: { receipt: { format: 'jws', signature } }, schema: RECEIPT_SCHEMA } }
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
