import { privateKeyToAccount } from 'viem/accounts'
import { fetchText } from '../../patient-fetch.ts'
import { serviceUrl } from '../../service-url.ts'
import { lightningProof, type Offer, type Proof } from '../purchase/offer.ts'
import { problemIn } from '../purchase/service.ts'
import { dollarProof } from './transfer.ts'

/** Pays an invoice with the play money of a development service. */
export async function payWithDevelopmentSats(offer: Offer): Promise<Proof> {
  const { preimage } = (await development('/dev/lightning/pay', { invoice: offer.invoice })) as { preimage: string }
  return lightningProof(offer.macaroon ?? '', preimage)
}

/** Pays in the play dollars of a development chain, with the key that it hands out. */
export async function payWithDevelopmentDollars(offer: Offer): Promise<Proof> {
  const { payer } = (await development('/dev/x402')) as { payer: { private_key: `0x${string}` } }
  const account = privateKeyToAccount(payer.private_key)
  return dollarProof(offer, account.address, ({ domain, types, primaryType, message }) =>
    account.signTypedData({ domain, types, primaryType, message: { ...message } } as never)
  )
}

async function development(path: string, body?: object): Promise<unknown> {
  const { ok, status, text } = await fetchText(
    serviceUrl(path),
    body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  )
  if (!ok) throw new Error(problemIn(text, status).detail)
  return JSON.parse(text)
}
