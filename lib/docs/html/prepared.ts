import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

type Encoding = 'br' | 'gzip' | 'identity'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)
const BROTLI_OPTIONS = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

/** A document that does not change while the service runs, compressed on first request. */
export class Prepared {
  readonly mediaType: string
  readonly etag: string
  readonly #body: Buffer
  readonly #compressed = new Map<Encoding, Promise<Buffer>>()

  constructor(body: string | Uint8Array, mediaType: string) {
    this.#body = Buffer.from(body)
    this.mediaType = mediaType
    this.etag = `"${createHash('sha256').update(this.#body).digest('base64url').slice(0, 22)}"`
  }

  get byteLength(): number {
    return this.#body.byteLength
  }

  /** The bytes in the smallest encoding that a client accepts. @param accepted its `Accept-Encoding` */
  async bytesFor(accepted = ''): Promise<{ readonly encoding: Encoding; readonly bytes: Buffer }> {
    const encoding = /\bbr\b(?!\s*;\s*q=0(\.0*)?(,|$))/.test(accepted)
      ? 'br'
      : /\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|$))/.test(accepted)
        ? 'gzip'
        : 'identity'
    let bytes = this.#compressed.get(encoding)
    if (bytes === undefined) {
      bytes = this.#encoded(encoding)
      this.#compressed.set(encoding, bytes)
    }
    return { encoding, bytes: await bytes }
  }

  async #encoded(encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return this.#body
    return encoding === 'br' ? brotli(this.#body, BROTLI_OPTIONS) : zip(this.#body)
  }
}
