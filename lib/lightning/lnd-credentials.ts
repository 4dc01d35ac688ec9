import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** A certificate or a macaroon. */
export interface LndSecret {
  readonly base64: string
  /** The file that LND renews; undefined if given as text. */
  readonly file: string | undefined
}

/** How to reach LND. */
export interface LndCredentials {
  /** `host:port`. */
  readonly socket: string
  /** In PEM form. */
  readonly cert: LndSecret
  readonly macaroon: LndSecret
}

/**
 * Reads the files again. A missing, empty or half-written file does not replace the previous content.
 * @returns the same object if nothing has changed
 */
export async function renewCredentials(known: LndCredentials): Promise<LndCredentials> {
  const cert = await renew(known.cert, isPemCertificate)
  const macaroon = await renew(known.macaroon, (base64) => base64 !== '')
  return cert === known.cert && macaroon === known.macaroon ? known : { ...known, cert, macaroon }
}

async function renew(known: LndSecret, isWhole: (base64: string) => boolean): Promise<LndSecret> {
  if (known.file === undefined) return known
  const base64 = await readFile(known.file, 'base64').catch(() => '')
  return base64 === known.base64 || !isWhole(base64) ? known : { ...known, base64 }
}

/** Whether these bytes are a PEM certificate, the only form that LND's client reads. */
export function isPemCertificate(base64: string): boolean {
  const pem = Buffer.from(base64, 'base64').toString('latin1')
  try {
    return pem.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}

/** The base64 of a certificate or macaroon that is given as hex or base64. */
export function toBase64(hexOrBase64: string): string {
  const text = hexOrBase64.trim()
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex').toString('base64') : text
}
