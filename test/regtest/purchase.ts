/** Buying by hand: read the challenge, pay its invoice with the payer's LND, make the proof. */
import type { Regnet } from './regnet.ts'
import type { Secrets } from './secrets.ts'
import { type Answer, compute, type Service } from './service.ts'

export interface Challenge {
  readonly token: string
  readonly invoice: string
}

export interface Paid extends Challenge {
  readonly body: string
  readonly preimage: string
  readonly authorization: string
}

const CHALLENGE = /^L402 macaroon="([A-Za-z0-9+/]+=*)", invoice="(lnbcrt[a-z0-9]+)", version="0", token="\1"$/

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
  secrets.token(challenge.token)
  const preimage = await regnet.pay(challenge.invoice)
  secrets.preimage(preimage)
  return { ...challenge, body, preimage, authorization: `L402 ${challenge.token}:${preimage}` }
}
