import { PaymentImpossible } from '../errors.ts'
import type { PaymentOffer, Wallet } from '../wallet.ts'

/** Pays a BOLT11 invoice and returns its preimage: 64 hex digits, alone or as a member. */
export type PayInvoice = (invoice: string) => Promise<string | { readonly preimage: string }>

export interface LightningOptions {
  /** The most sats for one answer. Dollars are the service's word; the sats of an invoice are not. */
  readonly maxSats?: number
}

/** L402: any function that pays a Lightning invoice. */
export function lightning(payInvoice: PayInvoice, { maxSats }: LightningOptions = {}): Wallet {
  return {
    async pay(offer) {
      const { invoice, macaroon } = offer
      if (invoice === undefined || macaroon === undefined) return undefined
      checkAmount(offer, invoice, maxSats)
      const paid = await payInvoice(invoice)
      const preimage = typeof paid === 'string' ? paid : paid.preimage
      if (!/^[0-9a-f]{64}$/i.test(preimage)) throw new TypeError('the wallet returned no preimage')
      return { headers: { authorization: `L402 ${macaroon}:${preimage}` } }
    }
  }
}

/** L402 through WebLN: `window.webln` of a browser extension. */
export function webln(
  provider: {
    readonly enable: () => Promise<unknown>
    readonly sendPayment: (invoice: string) => Promise<{ readonly preimage: string }>
  },
  options?: LightningOptions
): Wallet {
  return lightning(async (invoice) => {
    await provider.enable()
    return provider.sendPayment(invoice)
  }, options)
}

/** L402 through Nostr Wallet Connect: `new NWCClient({ nostrWalletConnectUrl })` of `@getalby/sdk`. */
export function nwc(
  client: { readonly payInvoice: (request: { invoice: string }) => Promise<{ readonly preimage: string }> },
  options?: LightningOptions
): Wallet {
  return lightning((invoice) => client.payInvoice({ invoice }), options)
}

function checkAmount(offer: PaymentOffer, invoice: string, maxSats = Number.POSITIVE_INFINITY): void {
  const msat = amountMsat(invoice)
  if (msat === undefined || offer.priceSats === undefined || msat !== BigInt(offer.priceSats) * 1000n)
    throw new PaymentImpossible(offer, 'The invoice is not for the price that the offer names.')
  if (offer.priceSats > maxSats)
    throw new PaymentImpossible(offer, `The invoice is for ${offer.priceSats} sats, and maxSats is ${maxSats}.`)
}

/** Picobitcoin in each of the multipliers of BOLT11. */
const PICO = { '': 1_000_000_000_000n, m: 1_000_000_000n, u: 1_000_000n, n: 1000n, p: 1n } as const
const PICO_PER_MSAT = 10n

/** The amount of a BOLT11 invoice, from its human-readable part; undefined where it names none. */
export function amountMsat(invoice: string): bigint | undefined {
  const readable = invoice.toLowerCase().slice(0, invoice.lastIndexOf('1'))
  const [, digits, multiplier = ''] = /^ln(?:bcrt|bc|tbs|tb)(\d+)([munp]?)$/.exec(readable) ?? []
  if (digits === undefined) return undefined
  return (BigInt(digits) * PICO[multiplier as keyof typeof PICO]) / PICO_PER_MSAT
}
