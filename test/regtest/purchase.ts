/** Buying by hand: read the challenge, pay its invoice with the payer's LND, make the proof. */
import type { Regnet } from './regnet.ts'
import { type Answer, compute, type Service } from './service.ts'

/** What must never stand in a log. Everything that a test pays with or starts a service with is put here. */
export class Secrets {
  readonly #texts = new Map<string, string>()

  /** A secret that may show up as hex or in one of the two base64 alphabets. */
  addBytes(what: string, bytes: Buffer): void {
    this.addText(what, bytes.toString('hex'))
    this.addText(what, bytes.toString('base64'))
    this.addText(what, bytes.toString('base64url'))
  }

  addText(what: string, text: string): void {
    this.#texts.set(text.replace(/=+$/, '').toLowerCase(), what)
  }

  /** A token in what is no secret alone, its beginning, and in the end that makes it one, the signature. */
  addToken(what: string, token: string): void {
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      this.addText(what, Buffer.from(token, 'base64').toString(encoding).replace(/=+$/, '').slice(-40))
    }
  }

  /** The kinds of secrets that occur in `text`. */
  within(text: string): string[] {
    const lower = text.toLowerCase()
    return [...new Set([...this.#texts].filter(([secret]) => lower.includes(secret)).map(([, what]) => what))]
  }

  get size(): number {
    return this.#texts.size
  }
}

export interface Challenge {
  readonly token: string
  readonly invoice: string
}

export interface Paid extends Challenge {
  readonly body: string
  readonly preimage: string
  readonly authorization: string
}

const CHALLENGE = /^L402 macaroon="([A-Za-z0-9+/]+=*)", invoice="(lnbcrt1?[a-z0-9]+)", version="0", token="\1"$/

/** The challenge of a 402, read by the exact layout that is promised; throws with the answer when it is another. */
export function challengeOf(answer: Answer): Challenge {
  const header = answer.headers.get('www-authenticate') ?? ''
  const [, token, invoice] = CHALLENGE.exec(header) ?? []
  if (answer.status !== 402 || !token || !invoice) {
    throw new Error(`no challenge: ${answer.status} ${answer.text.slice(0, 300)}`)
  }
  return { token, invoice }
}

/** Asks for a price and pays it. */
export async function buy(service: Service, regnet: Regnet, secrets: Secrets, body: string): Promise<Paid> {
  const challenge = challengeOf(await compute(service, body))
  secrets.addToken('token', challenge.token)
  const preimage = await regnet.pay(challenge.invoice)
  secrets.addBytes('preimage', Buffer.from(preimage, 'hex'))
  return { ...challenge, body, preimage, authorization: `L402 ${challenge.token}:${preimage}` }
}
