import { lightningProof, type Offer, type Proof } from '../purchase/offer.ts'
import { chainIdOf, dollarProof, termsOf } from './transfer.ts'

interface WebLn {
  readonly enable: () => Promise<void>
  readonly sendPayment: (invoice: string) => Promise<{ preimage: string }>
}

interface Ethereum {
  readonly request: (call: { method: string; params?: unknown[] }) => Promise<unknown>
}

declare global {
  interface Window {
    /** Put there by a Lightning wallet's extension. */
    webln?: WebLn
    /** Put there by an EVM wallet's extension. */
    ethereum?: Ethereum
  }
}

/** Pays over Lightning with the wallet in this browser. */
export async function payWithWebLn(offer: Offer): Promise<Proof> {
  const { webln } = window
  if (webln === undefined || offer.invoice === undefined || offer.macaroon === undefined)
    throw new Error('there is no Lightning wallet.')
  await webln.enable()
  const { preimage } = await webln.sendPayment(offer.invoice)
  return lightningProof(offer.macaroon, preimage)
}

/** Pays in dollars with the EVM wallet in this browser: it signs, and pays no gas. */
export async function payWithEthereum(offer: Offer): Promise<Proof> {
  const { ethereum } = window
  if (ethereum === undefined) throw new Error('there is no EVM wallet.')
  const [from] = (await ethereum.request({ method: 'eth_requestAccounts' })) as string[]
  if (from === undefined) throw new Error('the wallet shows no account.')
  const chainId = `0x${chainIdOf(termsOf(offer)).toString(16)}`
  await ethereum.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] })
  return dollarProof(offer, from, async ({ domain, types, primaryType, message }) => {
    const all = { EIP712Domain: DOMAIN_FIELDS, ...types }
    const typed = JSON.stringify({ domain, types: all, primaryType, message })
    return (await ethereum.request({ method: 'eth_signTypedData_v4', params: [from, typed] })) as string
  })
}

const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' }
]
