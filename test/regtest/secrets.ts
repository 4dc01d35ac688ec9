/** What must never stand in a log of the service, and the search for it. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceSettings } from './service.ts'

/** Collects everything that a test pays with, asks for, or starts a service with. */
export class Secrets {
  readonly #texts = new Map<string, string>()
  readonly #bytes = new Map<string, { kind: string; bytes: Buffer }>()

  get size(): number {
    return this.#texts.size
  }

  /** A new athlete, whose UUID is the key to the records. */
  athlete(uuid: string = randomUUID()): string {
    this.#addText('athlete', uuid)
    return uuid
  }

  preimage(hex: string): void {
    this.#addBytes('preimage', Buffer.from(hex, 'hex'))
  }

  /** Of a macaroon only the end, its signature, is secret: the beginning is the same in many. */
  token(base64: string): void {
    this.#addEnd('token', Buffer.from(base64, 'base64'))
  }

  ofService({ secret, macaroon }: ServiceSettings): void {
    this.#addBytes('L402 secret', Buffer.from(secret, 'hex'))
    this.#addEnd('LND macaroon', Buffer.from(macaroon, 'base64'))
  }

  /** Where in `folder` which kinds of secrets stand, in the logs and databases of the services. */
  leaks(folder: string): string[] {
    return readdirSync(folder)
      .filter((name) => /^service-.*\.log$|\.db(-wal)?$/.test(name))
      .flatMap((name) => {
        const content = readFileSync(join(folder, name))
        return [...new Set(this.#kindsIn(content))].map((kind) => `${kind} in ${name}`)
      })
  }

  *#kindsIn(content: Buffer): Generator<string> {
    const lower = content.toString('latin1').toLowerCase()
    for (const [text, kind] of this.#texts) if (lower.includes(text)) yield kind
    for (const { kind, bytes } of this.#bytes.values()) if (content.includes(bytes)) yield kind
  }

  #addBytes(kind: string, bytes: Buffer): void {
    this.#bytes.set(kind + bytes.toString('hex'), { kind, bytes })
    for (const text of spellings(bytes)) this.#addText(kind, text)
  }

  #addEnd(kind: string, bytes: Buffer): void {
    const end = bytes.subarray(-30)
    this.#bytes.set(kind + end.toString('hex'), { kind, bytes: end })
    // Cut after encoding: base64 of the end alone is another text than the end of the whole's base64.
    for (const text of spellings(bytes)) this.#addText(kind, text.slice(-40))
  }

  #addText(kind: string, text: string): void {
    this.#texts.set(text.toLowerCase(), kind)
  }
}

function spellings(bytes: Buffer): string[] {
  return [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]
}
