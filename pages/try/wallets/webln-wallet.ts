import { isPreimage, lightningProof, type Offer, type Proof } from '../purchase/offer.ts'

interface WebLn {
  readonly enable: () => Promise<unknown>
  readonly sendPayment: (invoice: string) => Promise<{ readonly preimage?: unknown } | undefined>
}

declare global {
  interface Window {
    /** Put there by a Lightning wallet's extension. */
    webln?: WebLn
  }
}

/**
 * Pays over Lightning with the wallet in this browser. A preimage is good however late it comes: the invoice is paid
 * then, so an aborted wait changes nothing here.
 */
export async function payWithWebLn({ invoice, macaroon }: Offer): Promise<Proof> {
  const { webln } = window
  if (webln === undefined || invoice === undefined || macaroon === undefined)
    throw new Error('there is no Lightning wallet.')
  await webln.enable()
  const preimage = (await webln.sendPayment(invoice))?.preimage
  if (typeof preimage !== 'string' || !isPreimage(preimage))
    throw new Error('it shows no preimage. If it has paid, look the preimage up there and enter it below.')
  return lightningProof(macaroon, preimage.trim().toLowerCase())
}
